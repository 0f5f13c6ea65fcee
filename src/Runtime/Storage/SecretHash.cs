using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentAuth.Storage;

/// <summary>The SHA-256 of a secret: all that the server keeps of one. A value type, so that a look-up allocates nothing.</summary>
internal readonly struct SecretHash : IEquatable<SecretHash>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Wraps 32 bytes of hash.</summary>
    /// <param name="hash">Exactly <see cref="Length"/> bytes.</param>
    public SecretHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, Length, nameof(hash));
        _a = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]);
    }

    /// <summary>Hashes a secret's UTF-8 form.</summary>
    /// <param name="secret">The secret; at most a few hundred characters.</param>
    public static SecretHash Of(ReadOnlySpan<char> secret)
    {
        var size = Encoding.UTF8.GetMaxByteCount(secret.Length);
        Span<byte> utf8 = size <= 512 ? stackalloc byte[size] : new byte[size];
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(secret, utf8)], hash);
        CryptographicOperations.ZeroMemory(utf8);
        return new SecretHash(hash);
    }

    /// <summary>The hash as bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), _b);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), _c);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), _d);
        return bytes;
    }

    /// <summary>Compares without an early way out: the time does not depend on where two hashes differ.</summary>
    /// <param name="other">The other hash.</param>
    public bool Equals(SecretHash other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SecretHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _a.GetHashCode();

    /// <summary>Equality.</summary>
    public static bool operator ==(SecretHash left, SecretHash right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(SecretHash left, SecretHash right) => !left.Equals(right);

    /// <summary>Says only that there is a hash; not even a hash belongs in a log.</summary>
    public override string ToString() => "(hash)";
}

using System.Text;
using AgentAuth.Manifest;

namespace AgentAuth.Credentials;

/// <summary>What a bearer value looks like before the store is asked.</summary>
internal enum CredentialShape
{
    /// <summary>Not one of ours: some other scheme's.</summary>
    Foreign,

    /// <summary>Our prefix, but mistyped, cut or made up.</summary>
    Damaged,

    /// <summary>Well formed.</summary>
    WellFormed,
}

/// <summary>
/// The form of a credential: <c>prefix_</c>, 30 random base62 characters, and 6 that are the CRC-32 of all before them. Secret scanners find
/// it by its prefix and check it without asking anybody; a mistyped one is refused without a look into the store.
/// </summary>
internal static class CredentialFormat
{
    /// <summary>How long every credential is, in characters.</summary>
    public const int Length = PrefixLength + RandomLength + ChecksumLength;

    /// <summary>How long the prefix of every secret of ours is.</summary>
    public const int PrefixLength = 4;

    private const string ApiKeyPrefix = "agk_";
    private const string AccessTokenPrefix = "agt_";
    private const int RandomLength = 30;
    private const int ChecksumLength = 6;

    private static readonly uint[] s_crcTable = CreateCrcTable();

    /// <summary>What credentials begin with.</summary>
    public static ReadOnlySpan<string> Prefixes => (string[])[ApiKeyPrefix, AccessTokenPrefix];

    /// <summary>A fresh secret.</summary>
    public static string Create(CredentialType type) =>
        string.Create(Length, (type == CredentialType.ApiKey ? ApiKeyPrefix : AccessTokenPrefix) + Base62.Random(RandomLength), (text, head) =>
        {
            head.CopyTo(text);
            Base62.Write(Crc32(head), text[head.Length..]);
        });

    /// <summary>Looks at the form alone.</summary>
    public static CredentialShape ShapeOf(ReadOnlySpan<char> value)
    {
        if (!value.StartsWith(ApiKeyPrefix, StringComparison.Ordinal) && !value.StartsWith(AccessTokenPrefix, StringComparison.Ordinal))
        {
            return CredentialShape.Foreign;
        }

        if (value.Length != Length)
        {
            return CredentialShape.Damaged;
        }

        foreach (var c in value[PrefixLength..])
        {
            if (!Base62.IsDigit(c))
            {
                return CredentialShape.Damaged;
            }
        }

        Span<char> checksum = stackalloc char[ChecksumLength];
        Base62.Write(Crc32(value[..^ChecksumLength]), checksum);
        return value[^ChecksumLength..].SequenceEqual(checksum) ? CredentialShape.WellFormed : CredentialShape.Damaged;
    }

    /// <summary>The CRC-32 of ISO 3309, as in zlib. It finds accidents and is no defence: the store decides.</summary>
    private static uint Crc32(ReadOnlySpan<char> ascii)
    {
        Span<byte> bytes = stackalloc byte[PrefixLength + RandomLength];
        var count = Encoding.ASCII.GetBytes(ascii, bytes);
        var crc = uint.MaxValue;
        foreach (var b in bytes[..count])
        {
            crc = s_crcTable[(byte)crc ^ b] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] CreateCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var c = i;
            for (var bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            }

            table[i] = c;
        }

        return table;
    }
}

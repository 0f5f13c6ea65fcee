using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentAuth.Storage;

namespace AgentAuth.Claims;

/// <summary>
/// A few digits, and the keyed hash they are kept as. They can be tried out in no time, so the store alone must not be enough to find
/// them: the key lies elsewhere. Attempt and registration are hashed in, so a code is worth nothing anywhere else.
/// </summary>
internal sealed class OneTimeCodes(ServerSecret secret)
{
    /// <summary>A code for the page: six digits, which nobody can guess at before the owner of the address asks for them.</summary>
    public static string CreateShown() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>A code for a mail: eight digits, for anybody can have one sent to anybody, and guess.</summary>
    public static string CreateMailed() => RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>As people read it: in two halves.</summary>
    public static string Spaced(string code) => string.Concat(code.AsSpan(0, code.Length / 2), " ", code.AsSpan(code.Length / 2));

    /// <summary>What the user was likely to type: spaces and hyphens do not count.</summary>
    public static string Normalize(string code) =>
        code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    public SecretHash Hash(string attemptId, string registrationId, string code)
    {
        Span<byte> hash = stackalloc byte[SecretHash.Length];
        HMACSHA256.HashData(secret.Key, Encoding.UTF8.GetBytes($"{attemptId}\0{registrationId}\0{code}"), hash);
        return new SecretHash(hash);
    }
}

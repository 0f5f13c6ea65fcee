using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentAuth.Storage;

namespace AgentAuth.Claims;

/// <summary>
/// Six digits, and the keyed hash they are kept as. Six digits can be tried out in no time, so the store alone must not be enough to find
/// them: the key lies elsewhere. Attempt and registration are hashed in, so a code is worth nothing anywhere else.
/// </summary>
internal sealed class OneTimeCodes(ServerSecret secret)
{
    public static string Create() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

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

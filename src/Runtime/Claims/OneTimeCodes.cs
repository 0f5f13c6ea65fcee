using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentAuth.Registrations;
using AgentAuth.Storage;

namespace AgentAuth.Claims;

/// <summary>
/// Six digits, and the keyed hash they are kept as. Six digits can be tried out in no time, so the store alone must not be enough to find
/// them: the key lies elsewhere. Attempt and registration are hashed in, so a code is worth nothing anywhere else.
/// </summary>
internal sealed class OneTimeCodes(ServerSecret secret)
{
    private const int Length = 6;

    /// <summary>Dashes that are of no category of dashes: minus, bullet and modifier, and the mark of long vowels, which Japanese keyboards have there.</summary>
    private const string OtherDashes = "\u2212\u2043\u02d7\u30fc\uff70";

    /// <summary>The refusal of what is no code.</summary>
    public static Refusal NoCode { get; } = new(
        RefusalReason.InvalidRequest,
        "`otp` cannot be a code, so it was not compared, and no guess is used up. A code is six digits from 0 to 9. Send the one that the user reads on the page.");

    public static string Create() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads what the user typed, or an agent copied: white space, dashes and what is not visible do not count, wherever they come from. Digits of other
    /// scripts are not translated: nothing that we show has them.
    /// </summary>
    /// <param name="typed">The code as it came.</param>
    /// <param name="code">Its digits; empty when it cannot be a code, and is not worth a guess.</param>
    public static bool TryRead(string typed, out string code)
    {
        code = string.Concat(typed.Where(c => !IsIgnored(c)));
        if (code.Length == Length && code.All(char.IsAsciiDigit))
        {
            return true;
        }

        code = "";
        return false;
    }

    public SecretHash Hash(string attemptId, string registrationId, string code)
    {
        Span<byte> hash = stackalloc byte[SecretHash.Length];
        HMACSHA256.HashData(secret.Key, Encoding.UTF8.GetBytes($"{attemptId}\0{registrationId}\0{code}"), hash);
        return new SecretHash(hash);
    }

    private static bool IsIgnored(char c) =>
        char.IsWhiteSpace(c)
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format
        || OtherDashes.Contains(c, StringComparison.Ordinal);
}

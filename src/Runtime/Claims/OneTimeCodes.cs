using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentAuth.Credentials;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Storage;

namespace AgentAuth.Claims;

/// <summary>
/// A few digits, and the keyed hash they are kept as. They can be tried out in no time, so the store alone must not be enough to find
/// them: the key lies elsewhere. Attempt and registration are hashed in, so a code is worth nothing anywhere else.
/// </summary>
internal sealed class OneTimeCodes(ServerSecret secret)
{
    private const int ShownLength = 6;
    private const int MailedLength = 8;

    /// <summary>Dashes that are of no category of dashes: minus, bullet and modifier, and the mark of long vowels, which Japanese keyboards have there.</summary>
    private const string OtherDashes = "\u2212\u2043\u02d7\u30fc\uff70";

    /// <summary>A code for the page: six digits, which nobody can guess at before the owner of the address asks for them.</summary>
    public static string CreateShown() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>A code for a mail: eight digits, for anybody can have one sent to anybody, and guess.</summary>
    public static string CreateMailed() => RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>As people read it: in two halves.</summary>
    public static string Spaced(string code) => string.Concat(code.AsSpan(0, code.Length / 2), " ", code.AsSpan(code.Length / 2));

    /// <summary>The refusal of what is no code.</summary>
    public static Refusal NoCode { get; } = new(
        RefusalReason.InvalidRequest,
        "`otp` cannot be a code, so it was not compared, and no guess is used up. A code is six digits from 0 to 9, or eight where the mail holds it. Send the one that the user reads.");

    /// <summary>
    /// Reads what the user typed, or an agent copied: white space, dashes and what is not visible do not count, wherever they come from. Digits of other
    /// scripts are not translated: nothing that we show has them.
    /// </summary>
    /// <param name="typed">The code as it came.</param>
    /// <param name="code">Its digits; empty when it cannot be a code, and is not worth a guess.</param>
    public static bool TryRead(string typed, out string code)
    {
        code = string.Concat(typed.Where(c => !IsIgnored(c)));
        if (code.Length is ShownLength or MailedLength && code.All(char.IsAsciiDigit))
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

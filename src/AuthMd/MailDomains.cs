namespace AgentAuth.AuthMd;

/// <summary>
/// Domains of mail addresses. Compiled into the runtime as well, so that auth.md and configuration take the same ones, and only such as an
/// address that the runtime accepts can have.
/// </summary>
internal static class MailDomains
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>Why a domain cannot be used, as the end of a sentence; null when it can.</summary>
    /// <param name="domain">The domain as written.</param>
    public static string? Fault(string domain)
    {
        var first = domain.Length > 0 ? domain[0] : ' ';
        if (first == '@')
        {
            return "begins with an @; write the domain alone, such as example.com";
        }

        if (first == '*')
        {
            return "is a pattern; a domain does not stand for those below it, so write each one";
        }

        // Converted here, two versions of IDNA could make two domains of one spelling.
        if (domain.Any(c => c > '\u007f'))
        {
            return "is not in ASCII; write the form that mail servers use, with labels such as xn--mnchen-3ya";
        }

        var labels = domain.Split('.');
        return domain.Length <= MaxLength && labels.Length > 1 && labels.All(IsLabel) && !labels[labels.Length - 1].All(IsDigit)
            ? null
            : "is not a domain such as example.com";
    }

    /// <summary>The one way in which a good domain is compared.</summary>
    /// <param name="domain">The domain as written.</param>
    public static string Normalize(string domain) => domain.ToLowerInvariant();

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-' && label[label.Length - 1] != '-'
        && label.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '-' || IsDigit(c));

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}

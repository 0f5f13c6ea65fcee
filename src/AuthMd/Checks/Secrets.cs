using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>What looks like a real key or token: the file is public, and so is its history. The message never repeats it.</summary>
internal static class Secrets
{
    private const string PrivateKey = "-----BEGIN ";

    // Prefixes that issuers put before their secrets so that they can be found, and how long what follows must be to be one.
    private static readonly (string Prefix, int Least, string What)[] Prefixes =
    [
        ("ghp_", 30, "a GitHub token"),
        ("gho_", 30, "a GitHub token"),
        ("ghs_", 30, "a GitHub token"),
        ("github_pat_", 40, "a GitHub token"),
        ("glpat-", 20, "a GitLab token"),
        ("sk_live_", 16, "a Stripe key"),
        ("rk_live_", 16, "a Stripe key"),
        ("sk-ant-", 32, "an Anthropic key"),
        ("sk-proj-", 32, "an OpenAI key"),
        ("xoxb-", 24, "a Slack token"),
        ("xoxp-", 24, "a Slack token"),
        ("AKIA", 16, "an AWS access key"),
        ("AIza", 35, "a Google API key"),
        ("agk_", 36, "an agent's API key"),
        ("agt_", 36, "an agent's access token"),
        ("clm_", 26, "a claim token"),
    ];

    public static void Check(Reading reading)
    {
        var text = reading.Document.Text;
        for (var i = 0; i < text.Length;)
        {
            if (!IsTokenCharacter(text[i]))
            {
                i++;
                continue;
            }

            var end = i;
            while (end < text.Length && IsTokenCharacter(text[end]))
            {
                end++;
            }

            if (WhatIs(text, i, end) is { } what)
            {
                reading.Problems.Report(
                    AuthMdRules.Secret,
                    new SourceSpan(i, end - i),
                    $"This looks like {what}. auth.md is published: revoke the secret where it was issued, and write a placeholder such as <your-key> here.");
            }

            i = end;
        }
    }

    private static string? WhatIs(string text, int start, int end)
    {
        if (StartsWith(text, start, PrivateKey.TrimEnd()) && text.IndexOf("PRIVATE KEY-----", start, Math.Min(60, text.Length - start), StringComparison.Ordinal) > 0)
        {
            return "a private key";
        }

        foreach (var (prefix, least, what) in Prefixes)
        {
            if (StartsWith(text, start, prefix) && end - start - prefix.Length >= least && IsRandom(text, start + prefix.Length, end))
            {
                return what;
            }
        }

        return IsSignedToken(text, start, end) ? "a signed token (JWT)" : null;
    }

    // Three parts, of which the first two open a JSON object in base64url and the third is as long as a signature.
    private static bool IsSignedToken(string text, int start, int end)
    {
        const int ShortestSignature = 40;
        if (!StartsWith(text, start, "eyJ"))
        {
            return false;
        }

        var first = text.IndexOf('.', start, end - start);
        var second = first < 0 ? -1 : text.IndexOf('.', first + 1, end - first - 1);
        return second > 0 && StartsWith(text, first + 1, "eyJ") && end - second > ShortestSignature && IsRandom(text, second + 1, end);
    }

    // "xxxx…", "your_key_here" and "EXAMPLE" are not random: few characters, or no digit.
    private static bool IsRandom(string text, int start, int end)
    {
        const int LeastDifferent = 8;
        var value = text.Substring(start, Math.Min(end - start, 200));
        return value.Distinct().Count() >= LeastDifferent
            && value.Any(char.IsDigit)
            && value.IndexOf("example", StringComparison.OrdinalIgnoreCase) < 0
            && value.IndexOf("your", StringComparison.OrdinalIgnoreCase) < 0;
    }

    private static bool StartsWith(string text, int start, string value) => string.CompareOrdinal(text, start, value, 0, value.Length) == 0;

    private static bool IsTokenCharacter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.';
}

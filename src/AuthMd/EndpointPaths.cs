namespace AgentAuth.AuthMd;

/// <summary>Checks the paths of endpoints.</summary>
internal static class EndpointPaths
{
    // RFC 3986 §3.3 pchar without percent signs: an encoded path has two spellings, and servers disagree about which is routed.
    private const string Marks = "-._~!$&'()*+,;=:@/";

    /// <summary>Why a path cannot be an endpoint's, as the end of a sentence; null when it can.</summary>
    public static string? Fault(string path)
    {
        if (path.Length == 0 || path[0] != '/')
        {
            return "does not start with /";
        }

        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            return "starts with //, which names a host";
        }

        if (path.IndexOfAny(['?', '#']) >= 0)
        {
            return "has a query or a fragment";
        }

        if (path.FirstOrDefault(c => !IsAllowed(c)) is var bad and not '\0')
        {
            return $"contains \"{bad}\"";
        }

        if (path.Split('/').Any(segment => segment is "." or ".."))
        {
            return "contains a . or .. segment";
        }

        return null;
    }

    private static bool IsAllowed(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' || Marks.IndexOf(c) >= 0;
}

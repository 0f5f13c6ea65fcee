using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>What the path of an address says about the door behind it.</summary>
internal static class DoorPaths
{
    private static readonly char[] Ends = ['?', '#'];

    private static readonly Dictionary<string, Door> Segments = new(StringComparer.Ordinal)
    {
        ["register"] = Door.Register,
        ["registration"] = Door.Register,
        ["registrations"] = Door.Register,
        ["agent-registration"] = Door.Register,
        ["agent-register"] = Door.Register,
        ["enroll"] = Door.Register,
        ["signup"] = Door.Register,
        ["identity"] = Door.Register,
        ["identities"] = Door.Register,
        ["claim"] = Door.Claim,
        ["claims"] = Door.Claim,
        ["revoke"] = Door.Revoke,
        ["revocation"] = Door.Revoke,
        ["revocations"] = Door.Revoke,
        ["token"] = Door.Token,
        ["tokens"] = Door.Token,
        ["authorize"] = Door.Authorize,
        ["authorization"] = Door.Authorize,
        ["notify"] = Door.Events,
        ["events"] = Door.Events,
    };

    /// <summary>The door that a path names; null when it names none.</summary>
    public static Door? Of(string target)
    {
        var segments = PathOf(target).Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0 || (segments.Contains(".well-known") && segments[segments.Length - 1] is not ("agent-registration" or "register")))
        {
            return null;
        }

        var last = segments[segments.Length - 1].ToLowerInvariant();
        var before = segments.Length > 1 ? segments[segments.Length - 2].ToLowerInvariant() : "";
        if (last == "auth" && before is "agent" or "agents")
        {
            return Door.Register;
        }

        if (Segments.TryGetValue(last, out var door))
        {
            return door;
        }

        // "/auth/register/agent"
        return last is "agent" or "agents" or "anonymous" && before is "register" or "registration" ? Door.Register : null;
    }

    /// <summary>Whether an address is meant for agents by its own words.</summary>
    public static bool IsOfAgents(string target) => PathOf(target).Split('/').Any(segment => segment is "agent" or "agents");

    /// <summary>The path of a URL; a path is itself.</summary>
    public static string PathOf(string target)
    {
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        var path = scheme < 0 ? target : target.IndexOf('/', scheme + 3) is var slash and >= 0 ? target.Substring(slash) : "/";
        var end = path.IndexOfAny(Ends);
        return end < 0 ? path : path.Substring(0, end);
    }

    /// <summary>True for what is a path or an https URL and nothing else.</summary>
    public static bool IsAddress(Fragment text)
    {
        var value = text.ToString();
        return value.Length > 1 && (value[0] == '/'
            ? EndpointPaths.Fault(value) is null
            : (value.StartsWith("https://", StringComparison.Ordinal) || value.StartsWith("http://", StringComparison.Ordinal)) && WebAddresses.Fault(value) is null && !IsPlaceholder(value));
    }

    // "https://YOUR_DOMAIN/…", "https://<host>/…"
    private static bool IsPlaceholder(string url) => url.Substring(url.IndexOf("://", StringComparison.Ordinal) + 3).Split('/')[0] is var host && (host.IndexOf('_') >= 0 || host.StartsWith("YOUR", StringComparison.OrdinalIgnoreCase));
}

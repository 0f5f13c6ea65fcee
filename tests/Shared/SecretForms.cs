using System.Text.RegularExpressions;

namespace AgentAuth;

/// <summary>What secrets of ours look like: credentials, claim tokens, and signed tokens of providers.</summary>
internal static partial class SecretForms
{
    /// <summary>Every secret in a text.</summary>
    public static IEnumerable<string> In(string text) => Form().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"(?<![0-9A-Za-z])(?:ag[kt]_[0-9A-Za-z]{36}|(?:clm|cvt)_[0-9A-Za-z]{30})(?![0-9A-Za-z])|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{40,}")]
    private static partial Regex Form();
}

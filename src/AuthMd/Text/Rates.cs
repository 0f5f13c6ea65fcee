using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentAuth.AuthMd.Text;

/// <summary>Reads rate limits: <c>5 per hour per address</c>, <c>100 per hour</c>, <c>60/min</c>.</summary>
internal static class Rates
{
    private static readonly Regex s_rate = new(
        @"^(?<n>\d{1,9})\s*(?:per|/|an|a)\s*(?<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)(?<address>\s*(?:per|/|for each|from one)\s*(?:remote\s+)?(?:address|ip|ip address))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>One rate, and whether it is per remote address; null when it is none.</summary>
    public static (Rate Rate, bool IsPerAddress)? Parse(string text)
    {
        var match = s_rate.Match(text.Trim().TrimEnd('.'));
        return match.Success
            ? (new Rate(int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture), Durations.Unit(match.Groups["unit"].Value)), match.Groups["address"].Success)
            : null;
    }
}

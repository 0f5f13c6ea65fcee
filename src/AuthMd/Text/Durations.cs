using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace AgentAuth.AuthMd.Text;

/// <summary>Reads durations: <c>10 minutes</c>, <c>30 days</c>, <c>PT1H</c>, <c>never</c>.</summary>
internal static class Durations
{
    private static readonly Regex s_words = new(
        @"^(?<n>\d{1,9})\s*(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(3660);

    /// <summary>The duration; <see cref="Timeout.InfiniteTimeSpan"/> for "never"; null when it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim().TrimEnd('.');
        if (text.ToLowerInvariant() is "never" or "none" or "no expiry" or "does not expire")
        {
            return Timeout.InfiniteTimeSpan;
        }

        var match = s_words.Match(text);
        var duration = match.Success
            ? FromWords(long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture), char.ToLowerInvariant(match.Groups["unit"].Value[0]))
            : FromIso(text);
        return duration > TimeSpan.Zero && duration <= s_longest ? duration : null;
    }

    /// <summary>A window of a rate limit: second, minute, hour or day.</summary>
    public static TimeSpan Unit(string name) => FromWords(1, char.ToLowerInvariant(name[0])) ?? TimeSpan.Zero;

    private static TimeSpan? FromWords(long count, char unit)
    {
        var seconds = count * unit switch
        {
            's' => 1L,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => 604_800,
        };
        return seconds > s_longest.TotalSeconds ? null : TimeSpan.FromSeconds(seconds);
    }

    private static TimeSpan? FromIso(string text)
    {
        // Years and months have no fixed length.
        var date = text.Split('T')[0];
        if (!text.StartsWith("P", StringComparison.Ordinal) || date.Contains('Y') || date.Contains('M'))
        {
            return null;
        }

        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}

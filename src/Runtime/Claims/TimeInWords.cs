using System.Globalization;

namespace AgentAuth.Claims;

/// <summary>Spans of time for people, in the largest unit that says enough, rounded down: nobody is promised a minute that is not there.</summary>
internal static class TimeInWords
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>Such as <c>9 minutes</c>.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        _ when span < s_minute => "less than a minute",
        _ when span < TimeSpan.FromHours(2) => Counted((int)span.TotalMinutes, "minute"),
        _ when span < TimeSpan.FromDays(2) => Counted((int)span.TotalHours, "hour"),
        _ => Counted(span.Days, "day"),
    };

    /// <summary>Such as <c>9 minutes left</c>.</summary>
    public static string Left(TimeSpan span) => Of(span) + " left";

    /// <summary>Such as <c>9 minutes ago</c>, at the beginning of a line.</summary>
    public static string Ago(TimeSpan span) => span < s_minute ? "Just now" : Of(span) + " ago";

    private static string Counted(int count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}

using System.Globalization;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd;

/// <summary>Reads durations: <c>10 minutes</c>, <c>1 hour</c>, <c>PT1H</c>, <c>never</c>.</summary>
internal static class Durations
{
    /// <summary>What authors are told to write.</summary>
    public const string Expected = "a duration such as \"10 minutes\", \"24 hours\", \"30 days\", \"PT1H\" or \"never\"";

    private static readonly Vocabulary<TimeSpan> Units = new()
    {
        { TimeSpan.FromSeconds(1), "second", "sec", "s" },
        { TimeSpan.FromMinutes(1), "minute", "min", "m" },
        { TimeSpan.FromHours(1), "hour", "hr", "h" },
        { TimeSpan.FromDays(1), "day", "d" },
        { TimeSpan.FromDays(7), "week", "w" },
    };

    /// <summary>Reads a duration; "never" is <see cref="Timeout.InfiniteTimeSpan"/>. False for what is not one, zero and more than 100 years.</summary>
    public static bool TryRead(string text, out TimeSpan duration)
    {
        text = text.Trim();
        if (text.Equals("never", StringComparison.OrdinalIgnoreCase))
        {
            duration = Timeout.InfiniteTimeSpan;
            return true;
        }

        return text.Length > 0 && text[0] is 'P' or 'p' ? TryReadIso(text, out duration) : TryReadWords(text, out duration);
    }

    /// <summary>A duration for people: in the largest unit of which it is a whole number.</summary>
    public static string InWords(TimeSpan duration)
    {
        var (count, unit) = duration.Ticks switch
        {
            var ticks when ticks % TimeSpan.TicksPerDay == 0 && ticks > TimeSpan.TicksPerDay => (ticks / TimeSpan.TicksPerDay, "day"),
            var ticks when ticks % TimeSpan.TicksPerHour == 0 => (ticks / TimeSpan.TicksPerHour, "hour"),
            var ticks when ticks % TimeSpan.TicksPerMinute == 0 => (ticks / TimeSpan.TicksPerMinute, "minute"),
            var ticks => (ticks / TimeSpan.TicksPerSecond, "second"),
        };
        return count.ToString(CultureInfo.InvariantCulture) + " " + unit + (count == 1 ? "" : "s");
    }

    /// <summary>The length of a unit such as "hour".</summary>
    public static bool TryReadUnit(string text, out TimeSpan unit) => Units.TryGet(text, out unit);

    private static bool TryReadWords(string text, out TimeSpan duration)
    {
        var digits = 0;
        while (digits < text.Length && text[digits] is >= '0' and <= '9')
        {
            digits++;
        }

        var rest = text.Substring(digits).Trim();
        duration = default;
        return rest.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z')
            && TryReadUnit(rest, out var unit)
            && TryMultiply(text.Substring(0, digits), unit, out duration);
    }

    // The part of ISO 8601 with a fixed length: weeks, days, hours, minutes, seconds in this order; no months, years or fractions.
    private static bool TryReadIso(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var designators = "WDTHMS";
        var next = 0;
        var start = 1;
        for (var i = 1; i < text.Length; i++)
        {
            var c = char.ToUpperInvariant(text[i]);
            if (c is >= '0' and <= '9')
            {
                continue;
            }

            var designator = designators.IndexOf(c, next);
            if (designator < 0 || (c == 'T') != (i == start) || (c is 'H' or 'M' or 'S' && next < 3))
            {
                return false;
            }

            next = Math.Max(designator + 1, c == 'T' ? 3 : 0);
            if (c != 'T')
            {
                if (!TryMultiply(text.Substring(start, i - start), UnitOf(c), out var part))
                {
                    return false;
                }

                duration += part;
            }

            start = i + 1;
        }

        return start == text.Length && duration > TimeSpan.Zero && char.ToUpperInvariant(text[text.Length - 1]) != 'T';
    }

    private static TimeSpan UnitOf(char designator) => designator switch
    {
        'W' => TimeSpan.FromDays(7),
        'D' => TimeSpan.FromDays(1),
        'H' => TimeSpan.FromHours(1),
        'M' => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromSeconds(1),
    };

    private static bool TryMultiply(string count, TimeSpan unit, out TimeSpan duration)
    {
        var longest = TimeSpan.FromDays(36500);
        duration = default;
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0 || number > longest.Ticks / unit.Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks(number * unit.Ticks);
        return true;
    }
}

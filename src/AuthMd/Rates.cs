using System.Globalization;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd;

/// <summary>Reads rates: <c>5 per hour per address</c>, <c>100 per 10 minutes</c>, <c>5/hour/address</c>.</summary>
internal static class Rates
{
    /// <summary>What authors are told to write.</summary>
    public const string Expected = "at most two rates such as \"5 per hour per address, 100 per hour\"";

    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(30);

    private static readonly Vocabulary<bool> Owners = new()
    {
        { true, "address", "ip", "ip address", "remote address" },
        { false, "total", "in total", "in all", "overall" },
    };

    /// <summary>Reads one or two rates: one for each remote address, one in all.</summary>
    public static bool TryRead(string text, out Rate? perAddress, out Rate? total)
    {
        perAddress = total = null;
        foreach (var part in text.Split(',', ';'))
        {
            if (!TryReadOne(part, out var rate, out var isPerAddress) || (isPerAddress ? perAddress : total) is not null)
            {
                return false;
            }

            if (isPerAddress)
            {
                perAddress = rate;
            }
            else
            {
                total = rate;
            }
        }

        return true;
    }

    private static bool TryReadOne(string text, out Rate rate, out bool isPerAddress)
    {
        rate = default;
        isPerAddress = false;
        var parts = text.Replace(" per ", "/").Split('/').Select(part => part.Trim()).ToArray();
        if (parts.Length is not (2 or 3)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var permits) || permits == 0
            || !TryReadWindow(parts[1], out var window, out var rest))
        {
            return false;
        }

        rate = new Rate(permits, window);
        var owner = parts.Length == 3 ? parts[2] : rest;
        return (parts.Length == 2 || rest.Length == 0) && (owner.Length == 0 || Owners.TryGet(owner, out isPerAddress));
    }

    // "hour", "10 minutes", and "hour in all" with "in all" as the rest.
    private static bool TryReadWindow(string text, out TimeSpan window, out string rest)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var used = words.Length > 0 && Durations.TryReadUnit(words[0], out window) && !char.IsDigit(words[0][0]) ? 1
            : words.Length > 1 && Durations.TryRead(words[0] + " " + words[1], out window) ? 2
            : 0;
        rest = string.Join(" ", words.Skip(used));
        window = used == 0 ? default : used == 1 ? UnitOf(words[0]) : DurationOf(words[0] + " " + words[1]);
        return used > 0 && window <= LongestWindow;
    }

    private static TimeSpan UnitOf(string text) => Durations.TryReadUnit(text, out var unit) ? unit : default;

    private static TimeSpan DurationOf(string text) => Durations.TryRead(text, out var duration) ? duration : default;
}

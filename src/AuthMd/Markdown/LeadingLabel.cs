namespace AgentAuth.AuthMd.Markdown;

/// <summary>Words of a vocabulary at the start of a value, such as the "max age" of <c>max age 1 hour</c>.</summary>
internal static class LeadingLabel
{
    // Longer than this nobody's label is; without a bound, a cell full of words would be compared once for each of them.
    private const int Longest = 40;

    /// <summary>Takes the longest label off a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="labels">What may stand there.</param>
    /// <param name="meaning">What the label stands for.</param>
    /// <param name="rest">What follows it, without the space, colon or equals sign between; empty when nothing does.</param>
    public static bool TryTake<T>(Fragment value, Vocabulary<T> labels, out T meaning, out Fragment rest)
    {
        value = value.Trim();
        meaning = default!;
        rest = default;
        var isFound = false;
        for (var end = 1; end <= value.Length && end <= Longest; end++)
        {
            if ((end == value.Length || IsBetween(value[end])) && !IsBetween(value[end - 1]) && labels.TryGet(value.Slice(0, end), out var found))
            {
                (meaning, rest, isFound) = (found, value.From(end), true);
            }
        }

        while (isFound && !rest.IsEmpty && IsBetween(rest[0]))
        {
            rest = rest.From(1);
        }

        return isFound;
    }

    private static bool IsBetween(char c) => char.IsWhiteSpace(c) || c is ':' or '=';
}

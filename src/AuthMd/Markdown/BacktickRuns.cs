namespace AgentAuth.AuthMd.Markdown;

/// <summary>
/// The runs of back-ticks in a text. A code span ends at the next run of the length that opened it; knowing all runs beforehand keeps
/// a text full of unmatched runs linear.
/// </summary>
internal sealed class BacktickRuns
{
    private readonly Fragment _text;
    private readonly Dictionary<int, int> _lengthAt = [];
    private readonly Dictionary<int, int> _nextOfSameLength = [];

    public BacktickRuns(Fragment text)
    {
        _text = text;
        var lastOfLength = new Dictionary<int, int>();
        for (var i = text.IndexOf('`'); i >= 0 && i < text.Length;)
        {
            if (text[i] != '`')
            {
                i++;
                continue;
            }

            var end = i;
            while (end < text.Length && text[end] == '`')
            {
                end++;
            }

            var length = end - i;
            _lengthAt[i] = length;
            if (lastOfLength.TryGetValue(length, out var last))
            {
                _nextOfSameLength[last] = i;
            }

            lastOfLength[length] = i;
            i = end;
        }
    }

    /// <summary>The length of the run that starts at the index; 1 in the middle of a run, where an escape may lead.</summary>
    public int Length(int index) => _lengthAt.TryGetValue(index, out var length) ? length : 1;

    /// <summary>The content of the code span that opens at the index, when another run closes it.</summary>
    public bool TryClose(int index, out Fragment content)
    {
        content = default;
        if (!_nextOfSameLength.TryGetValue(index, out var close))
        {
            return false;
        }

        var start = index + Length(index);
        content = _text.Slice(start, close - start);
        return true;
    }
}

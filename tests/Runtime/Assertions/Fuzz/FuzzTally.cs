using System.Globalization;
using System.Text;
using AgentAuth.Refusals;

namespace AgentAuth.Assertions;

/// <summary>How many mutants came to which end.</summary>
internal sealed class FuzzTally
{
    private readonly SortedDictionary<string, int> _onlyLibrary = new(StringComparer.Ordinal);

    public int AcceptedByBoth { get; private set; }

    public int RefusedByBoth { get; private set; }

    public int AcceptedByLibraryOnly => _onlyLibrary.Values.Sum();

    public int Total => AcceptedByBoth + RefusedByBoth + AcceptedByLibraryOnly;

    public void Add(Refusal? refusal, bool isAcceptedByLibrary)
    {
        if (refusal is null)
        {
            AcceptedByBoth++;
        }
        else if (!isAcceptedByLibrary)
        {
            RefusedByBoth++;
        }
        else
        {
            Count($"{refusal.Reason}: {refusal.Message}", 1);
        }
    }

    public void Add(FuzzTally other)
    {
        AcceptedByBoth += other.AcceptedByBoth;
        RefusedByBoth += other.RefusedByBoth;
        foreach (var (reason, count) in other._onlyLibrary)
        {
            Count(reason, count);
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Total:N0} tokens: {AcceptedByBoth:N0} accepted by both, {RefusedByBoth:N0} refused by both, {AcceptedByLibraryOnly:N0} accepted by the library only:");
        foreach (var (reason, count) in _onlyLibrary.OrderByDescending(reason => reason.Value))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,10:N0}  {reason}");
        }

        return text.ToString();
    }

    private void Count(string reason, int count) => _onlyLibrary[reason] = _onlyLibrary.GetValueOrDefault(reason) + count;
}

using System.Globalization;
using System.Text;

namespace AgentAuth.Mutation;

/// <summary>Writes down what a run found: a table for people, and a line for each mutant.</summary>
internal sealed class Report(string folder)
{
    private string Lines => Path.Combine(folder, "mutants.tsv");

    /// <summary>The survivors of the run before.</summary>
    public HashSet<(string File, string Line, string Original, string Replacement)> LastSurvivors() =>
        File.Exists(Lines)
            ? [.. File.ReadLines(Lines).Select(line => line.Split('\t')).Where(line => line[0] is nameof(Fate.Survived)).Select(line => (line[1], line[3], line[4], line[5]))]
            : throw new InvalidOperationException("There is no run before this one.");

    public void Write(IReadOnlyCollection<Verdict> verdicts, ReviewedList reviewed)
    {
        Directory.CreateDirectory(folder);
        var sorted = verdicts.OrderBy(verdict => verdict.Mutant.File, StringComparer.Ordinal).ThenBy(verdict => verdict.Mutant.Span.Start).ToList();
        File.WriteAllLines(Lines, sorted.Select(verdict => string.Join('\t',
            verdict.Fate, verdict.Mutant.File, verdict.Mutant.LineNumber, verdict.Mutant.Line, verdict.Mutant.Original, verdict.Mutant.Replacement,
            verdict.Tests, verdict.By)));
        File.WriteAllText(Path.Combine(folder, "report.md"), Text(sorted, reviewed));
    }

    private static string Text(List<Verdict> verdicts, ReviewedList reviewed)
    {
        var text = new StringBuilder();
        text.AppendLine("| File | Mutants | Killed | Timed out | Reviewed | Survived |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var file in verdicts.GroupBy(verdict => verdict.Mutant.File))
        {
            text.AppendLine(Row(file.Key, [.. file]));
        }

        text.AppendLine(Row("All", verdicts));
        text.AppendLine();
        foreach (var kind in verdicts.Where(verdict => verdict.Fate is Fate.Reviewed).GroupBy(verdict => reviewed.KindOf(verdict.Mutant)).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Reviewed, {kind.Key}: {kind.Count()}");
        }

        text.AppendLine();
        foreach (var verdict in verdicts.Where(verdict => verdict.Fate is Fate.Survived))
        {
            text.AppendLine(Of(verdict));
        }

        return text.ToString();
    }

    /// <summary>A survivor in a few words.</summary>
    public static string Of(Verdict verdict) => string.Create(CultureInfo.InvariantCulture,
        $"{verdict.Mutant.File}:{verdict.Mutant.LineNumber}: {verdict.Mutant.Original} -> {verdict.Mutant.Replacement}  ({verdict.Tests} tests)  {verdict.Mutant.Line}");

    /// <summary>A run in a line.</summary>
    public static string Summary(IReadOnlyCollection<Verdict> verdicts) => string.Create(CultureInfo.InvariantCulture,
        $"{verdicts.Count - Count(verdicts, Fate.NotCompiled)} mutants: {Count(verdicts, Fate.Killed)} killed, {Count(verdicts, Fate.TimedOut)} timed out, {Count(verdicts, Fate.Reviewed)} reviewed, {Count(verdicts, Fate.Survived)} survived. {Count(verdicts, Fate.NotCompiled)} more do not compile. artifacts/mutation/report.md");

    private static string Row(string name, IReadOnlyCollection<Verdict> verdicts) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {verdicts.Count(verdict => verdict.Fate is not Fate.NotCompiled)} | {Count(verdicts, Fate.Killed)} | {Count(verdicts, Fate.TimedOut)} | {Count(verdicts, Fate.Reviewed)} | {Count(verdicts, Fate.Survived)} |");

    private static int Count(IReadOnlyCollection<Verdict> verdicts, Fate fate) => verdicts.Count(verdict => verdict.Fate == fate);
}

using System.Globalization;
using System.Text;

namespace AgentAuth.EndToEnd.Truth;

/// <summary>Writes the comparison down, as Markdown.</summary>
internal static class TruthReport
{
    /// <summary>What is wrong, line by line.</summary>
    public static string Problems(IEnumerable<Verdict> verdicts) => Table(
        ["Id", "Source", "App", "Analyzers", "Problem"],
        verdicts.Where(verdict => verdict.Problem is not null).Select(verdict => new object[]
        {
            verdict.Id, $"{verdict.File}({verdict.Line}): `{verdict.Source}`", verdict.Truth, verdict.Analyzers, verdict.Problem!,
        }));

    /// <summary>Counts for each way of mapping.</summary>
    public static string Counts(IReadOnlyList<Verdict> verdicts) => Table(
        ["Style", "Numbers", "Endpoints", "Said", "Unsaid", "Mixed", "No endpoint", "Missing", "Unknown", "False missing", "False annotated"],
        verdicts.GroupBy(verdict => verdict.Style).OrderBy(style => style.Key, StringComparer.Ordinal).Select(style => Row(style.Key, [.. style]))
            .Append(Row("All", verdicts)));

    private static object[] Row(string style, IReadOnlyList<Verdict> verdicts) =>
    [
        style,
        verdicts.Count,
        verdicts.Sum(verdict => verdict.Runtime.Select(endpoint => (endpoint.Name, endpoint.Route)).Distinct().Count()),
        .. new[] { "said", "unsaid", "mixed", "none" }.Select(truth => (object)verdicts.Count(verdict => verdict.Truth == truth)),
        .. new[] { "missing", "unknown" }.Select(said => (object)verdicts.Count(verdict => verdict.Analyzers == said)),
        verdicts.Count(verdict => verdict is { Truth: "said" or "none", Analyzers: "missing" }),
        verdicts.Count(verdict => verdict is { Truth: "unsaid" or "mixed", Analyzers: "annotated" }),
    ];

    private static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<object>> rows)
    {
        var table = new StringBuilder();
        Append(head);
        Append([.. head.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Append(row);
        }

        return table.ToString();

        void Append(IReadOnlyList<object> cells) =>
            table.Append("| ").AppendJoin(" | ", cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture)!.Replace("|", "\\|", StringComparison.Ordinal))).AppendLine(" |");
    }
}

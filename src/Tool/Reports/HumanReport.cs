using System.Globalization;
using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Reports;

/// <summary>Problems for people: each with its place, as compilers write it, and the line it stands in with carets under it.</summary>
internal static class HumanReport
{
    /// <summary>Writes the problems, and a last line that says how many there are.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="checkedDocument">The document.</param>
    public static void Write(Terminal terminal, CheckedDocument checkedDocument)
    {
        WriteProblems(terminal, checkedDocument);
        terminal.Writer.WriteLine(Summary(checkedDocument));
    }

    /// <summary>Writes the problems.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="checkedDocument">The document.</param>
    public static void WriteProblems(Terminal terminal, CheckedDocument checkedDocument)
    {
        var lines = checkedDocument.Lines;
        var gutter = checkedDocument.Problems.Select(problem => Number(lines.PositionOf(problem.Span.Start).Line).Length).DefaultIfEmpty().Max();
        foreach (var problem in checkedDocument.Problems)
        {
            var (start, end) = lines.RangeOf(problem.Span);
            var line = lines.TextOf(start.Line);
            var excerpt = Excerpt.Of(line, start.Column - 1, end.Line == start.Line ? end.Column - 1 : line.Length);
            var tone = ToneOf(problem.Severity);
            terminal.Writer.WriteLine(
                $"{Printable.Line(checkedDocument.File.Name)}({start.Line},{start.Column}): {terminal.Paint(tone, $"{Counts.Word(problem.Severity)} {problem.Id}")}: {Printable.Line(problem.Message)}");
            terminal.Writer.WriteLine($"{terminal.Paint(Tone.Frame, $" {Number(start.Line).PadLeft(gutter)} |")} {excerpt.Source}".TrimEnd());
            terminal.Writer.WriteLine($"{terminal.Paint(Tone.Frame, $" {"".PadLeft(gutter)} |")} {"".PadLeft(excerpt.Indent)}{terminal.Paint(tone, new string('^', excerpt.Carets))}");
            terminal.Writer.WriteLine();
        }
    }

    /// <summary>How many problems there are; without any, what was found instead.</summary>
    /// <param name="checkedDocument">The document.</param>
    public static string Summary(CheckedDocument checkedDocument)
    {
        var name = Printable.Line(checkedDocument.File.Name);
        var document = checkedDocument.Document;
        return checkedDocument.Problems.IsEmpty
            ? $"{name}: no problems. {Counts.Of(document.Scopes.Length, "scope")}, {Counts.Of(document.Methods.Length, "method")}."
            : $"{Counts.Of(checkedDocument.Problems)} in {name}";
    }

    private static string Number(int line) => line.ToString(CultureInfo.InvariantCulture);

    private static Tone ToneOf(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Error => Tone.Error,
        ProblemSeverity.Warning => Tone.Warning,
        _ => Tone.Info,
    };
}

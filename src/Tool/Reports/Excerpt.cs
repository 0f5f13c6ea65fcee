using System.Globalization;

namespace AgentAuth.Tool.Reports;

/// <summary>A line of the document as a terminal shows it, and where carets go under it.</summary>
/// <param name="Source">The line: tabs are spaces, what cannot be seen is visible, and a long one is cut around the marked part.</param>
/// <param name="Indent">Columns before the first caret.</param>
/// <param name="Carets">How many carets.</param>
internal sealed record Excerpt(string Source, int Indent, int Carets)
{
    private const string Ellipsis = "…";
    private const int Widest = 100;
    private const int TabStop = 4;

    // What stays visible before the marked part of a line that is cut.
    private const int Context = 20;

    // Code units on either side that are looked at. A line may be a megabyte long and have a thousand problems.
    private const int Reach = 250;

    /// <summary>Shows a line.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="start">Index of the first marked code unit; the line's length means: behind its end.</param>
    /// <param name="end">Index of the first code unit behind the marked ones. Nothing marked still gets one caret.</param>
    public static Excerpt Of(ReadOnlySpan<char> line, int start, int end)
    {
        var skipped = Math.Max(0, start - Reach);
        var taken = Math.Min(line.Length, start + Reach) - skipped;
        var cells = new List<Cell>();
        if (skipped > 0)
        {
            cells.Add(new Cell(Ellipsis, 0, 1, IsMarked: false));
        }

        Add(cells, line.Slice(skipped, taken), start - skipped, Math.Max(end, start + 1) - skipped);
        if (skipped + taken < line.Length)
        {
            cells.Add(new Cell(Ellipsis, cells[^1].End, 1, IsMarked: false));
        }

        return Cut(cells);
    }

    private static void Add(List<Cell> cells, ReadOnlySpan<char> line, int start, int end)
    {
        var column = cells.Count;
        for (var position = 0; position < line.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(line[position..]);
            var element = line.Slice(position, length);
            var isMarked = position < end && position + length > start;
            var shown = element is "\t" ? new string(' ', TabStop - (column % TabStop)) : Printable.Element(element);
            var width = element is "\t" ? shown.Length : DisplayWidth.Of(shown);
            cells.Add(new Cell(shown, column, width, isMarked));
            column += width;
            position += length;
        }

        if (start >= line.Length)
        {
            cells.Add(new Cell(" ", column, 1, IsMarked: true));
        }
    }

    private static Excerpt Cut(List<Cell> cells)
    {
        var (markStart, markEnd) = (cells.First(cell => cell.IsMarked).Column, cells.Last(cell => cell.IsMarked).End);
        var width = cells[^1].End;
        var from = markEnd < Widest ? 0 : Math.Max(0, Math.Min(markStart - Context, width - Widest));
        var to = from + Widest;
        var (before, after) = (from > 0 ? Ellipsis : "", to < width ? Ellipsis : "");
        var shown = cells.Where(cell => cell.Column >= from + before.Length && cell.End <= to - after.Length).ToList();
        return new Excerpt(
            (before + string.Concat(shown.Select(cell => cell.Shown)) + after).TrimEnd(),
            before.Length + shown.TakeWhile(cell => !cell.IsMarked).Sum(cell => cell.Width),
            Math.Max(1, shown.Where(cell => cell.IsMarked).Sum(cell => cell.Width)));
    }

    private readonly record struct Cell(string Shown, int Column, int Width, bool IsMarked)
    {
        public int End => Column + Width;
    }
}

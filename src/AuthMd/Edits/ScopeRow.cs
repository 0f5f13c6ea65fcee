using AgentAuth.AuthMd.Markdown;
using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Edits;

/// <summary>A scope in the first cell of a table's row.</summary>
/// <param name="table">The table.</param>
/// <param name="row">The row.</param>
/// <param name="name">The scope.</param>
/// <param name="isAlone">False when the cell holds more scopes.</param>
internal sealed class ScopeRow(TableContent table, IReadOnlyList<Fragment> row, Fragment name, bool isAlone) : ScopePlace(name)
{
    private readonly int _granted = table.Column(ScopesReader.GrantedColumn);

    public override (SourceSpan Span, string Text)? Add(string scope, bool isPreClaim)
    {
        if (isPreClaim && _granted < 0)
        {
            return null;
        }

        // A row with cells missing shows no style for them.
        var model = LineOf(row.Count == table.Header.Count ? row : table.Header);
        var line = model.Content.Trim();
        var cells = Tables.PaddedCells(line);
        var isClosed = cells[cells.Count - 1].End < line.End;
        var written = Text.Substring(model.Start, line.Start - model.Start) + (line.StartsWith("|") ? "|" : "")
            + string.Join("|", cells.Select((cell, i) => Padded(cell, i, ContentOf(i, scope, isPreClaim))));
        var end = LineOf(row);
        return (new SourceSpan(end.End, 0), end.Break + (isClosed ? written + "|" : written.TrimEnd()));
    }

    public override SourceSpan? Remove() => isAlone && table.Rows.Count > 1 ? LineOf(row).RemovalTo(LineOf(row)) : null;

    private string ContentOf(int column, string scope, bool isPreClaim) =>
        column == 0 ? Marked(row[0], scope.Replace("|", "\\|")) : column == _granted ? Grant(isPreClaim) : "";

    // In the author's words; a dash or an empty cell is one of them.
    private string Grant(bool isPreClaim)
    {
        var cells = table.Rows.Where(other => other.Count > _granted).Select(other => other[_granted]).Reverse().ToList();
        foreach (var cell in cells)
        {
            if (ScopesReader.Grants.TryGet(cell, out var before) && before == isPreClaim)
            {
                return cell.ToString();
            }
        }

        return isPreClaim ? "pre-claim" : cells.Exists(Inlines.IsNothing) ? cells.Find(Inlines.IsNothing).ToString() : "post-claim";
    }

    private string Padded(Fragment like, int column, string content)
    {
        var cell = (like.Length > 0 && char.IsWhiteSpace(like[0]) ? " " : "") + content + (like.Length > 0 && char.IsWhiteSpace(like[like.Length - 1]) ? " " : "");
        return IsRightAligned(column) ? cell.PadLeft(WidthOf(column)) : cell.PadRight(WidthOf(column));
    }

    // A column is as wide as its heading where the author made most lines so.
    private int WidthOf(int column)
    {
        var heading = Width(Tables.PaddedCells(LineOf(table.Header).Content.Trim()), column);
        var lines = table.Rows.Select(other => Tables.PaddedCells(LineOf(other).Content.Trim())).Append(Rule).ToList();
        return lines.Count(cells => Width(cells, column) == heading) * 2 > lines.Count ? heading : 0;
    }

    private static int Width(List<Fragment> cells, int column) => column < cells.Count ? cells[column].Length : -1;

    private bool IsRightAligned(int column) =>
        column < Rule.Count && Rule[column].Trim() is var dashes && dashes.EndsWith(":") && !dashes.StartsWith(":");

    // The line of dashes below the heading.
    private List<Fragment> Rule => LineOf(table.Header).Following is { } below ? Tables.PaddedCells(below.Content.Trim()) : [];

    private TextLine LineOf(IReadOnlyList<Fragment> cells) => TextLine.At(Text, cells[0].Start);
}

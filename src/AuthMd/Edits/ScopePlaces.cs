using AgentAuth.AuthMd.Markdown;
using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Edits;

/// <summary>Finds the places that declare scopes, in the forms that can be edited. Machine blocks are not among them.</summary>
internal static class ScopePlaces
{
    /// <summary>The places of declared scopes, in the order of the declarations; null for one that cannot be edited.</summary>
    public static IEnumerable<ScopePlace?> Of(MarkdownText markdown, IEnumerable<ScopeDeclaration> scopes)
    {
        var places = new Dictionary<int, ScopePlace>();
        foreach (var section in markdown.Sections)
        {
            for (var i = 0; i < section.Contents.Count; i++)
            {
                foreach (var (name, place) in In(section, i))
                {
                    places[name] = place;
                }
            }
        }

        return scopes.Select(scope => places.TryGetValue(scope.Name.Span.Start, out var place) ? place : null);
    }

    // Whatever looks like a declaration: whether it is one, the reader has decided.
    private static IEnumerable<(int Start, ScopePlace Place)> In(Section section, int index) => section.Contents[index] switch
    {
        TableContent table => table.Rows.Where(row => row.Count > 0).SelectMany(row => In(table, row)),
        ItemContent item when Inlines.TryLeadingCode(item.Text, out var name, out _) => [(name.Start, new ScopeBullet(section, index, name))],
        ItemContent item => InLine(item.Text),
        ParagraphContent paragraph => Labelled.Lines(paragraph.Text).SelectMany(InLine),
        _ => [],
    };

    private static IEnumerable<(int Start, ScopePlace Place)> In(TableContent table, IReadOnlyList<Fragment> row)
    {
        var names = Inlines.CodeSpans(row[0]);
        return (names.Count > 0 ? names : [Inlines.Unwrap(row[0])]).Select(name => (name.Start, (ScopePlace)new ScopeRow(table, row, name, isAlone: names.Count < 2)));
    }

    private static IEnumerable<(int Start, ScopePlace Place)> InLine(Fragment text)
    {
        var names = ScopesReader.NamesOfLine(text);
        return names.Select((name, i) => (name.Start, (ScopePlace)new ScopeInLine(names, i)));
    }
}

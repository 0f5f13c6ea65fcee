using System.Collections.Immutable;
using AgentAuth.AuthMd.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads scopes: a table whose first column is Scope, bullets that begin with a code span, or a labelled line of code spans.</summary>
internal sealed class ScopesReader(MarkdownSource source, Problems problems)
{
    private readonly ImmutableArray<ScopeDeclaration>.Builder _scopes = ImmutableArray.CreateBuilder<ScopeDeclaration>();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ImmutableArray<ScopeDeclaration> Read(List<Section> sections)
    {
        foreach (var block in sections.SelectMany(section => section.Blocks))
        {
            switch (block)
            {
                case Table table:
                    ReadTable(table);
                    break;
                case ListBlock list:
                    ReadList(list);
                    break;
                case ParagraphBlock paragraph when source.LabelOf(paragraph) is { Name: "scopes" or "scope" } line:
                    ReadLine(line);
                    break;
            }
        }

        return _scopes.ToImmutable();
    }

    private void ReadTable(Table table)
    {
        var rows = source.Rows(table);
        if (rows.Count == 0 || rows[0].Count == 0 || Names.Singular(Names.Normalize(rows[0][0].Value)) is not ("scope" or "permission" or "name"))
        {
            return;
        }

        var description = Column(rows[0], "description", "purpose", "allow", "what it allow", "meaning", "grant");
        var granted = Column(rows[0], "granted", "when", "available", "claim");
        foreach (var row in rows.Skip(1).Where(row => row.Count > 0))
        {
            var name = row[0].Items();
            if (name.Count > 0)
            {
                Add(name[0], Cell(row, description), Cell(row, granted) is { } when && Names.Normalize(when).StartsWith("pre", StringComparison.Ordinal));
            }
        }

        string? Cell(List<Fragment> row, int column) => column >= 0 && column < row.Count ? MarkdownSource.PlainTextOf(row[column]) : null;
    }

    private static int Column(List<Fragment> heading, params string[] names) =>
        heading.FindIndex(cell => names.Contains(Names.Singular(Names.Normalize(cell.Value))));

    private void ReadList(ListBlock list)
    {
        foreach (var item in MarkdownSource.Items(list))
        {
            if (source.LabelOf(item) is { Name: "scopes" or "scope" } line)
            {
                ReadLine(line);
            }
            else if (Leading(item) is { } code)
            {
                var name = source.Of(code.Span.Start, code.Span.End + 1).Unwrap();
                var rest = source.ContentOf(item).From(code.Span.End + 1);
                var description = MarkdownSource.PlainTextOf(rest).TrimStart(' ', '*', '—', '–', '-', ':').Trim();
                Add(name, description, isPreClaim: Names.Normalize(description).StartsWith("pre claim", StringComparison.Ordinal));
            }
        }
    }

    // "- `scope`" and "- **`scope`**".
    private static CodeInline? Leading(ParagraphBlock item) => item.Inline?.FirstChild switch
    {
        CodeInline code => code,
        EmphasisInline { FirstChild: CodeInline code } => code,
        _ => null,
    };

    private void ReadLine(LabelledValue line)
    {
        foreach (var name in line.Value.Items())
        {
            Add(name, null, isPreClaim: false);
        }
    }

    private void Add(Fragment name, string? description, bool isPreClaim)
    {
        if (!IsScopeToken(name.Value))
        {
            problems.Error(AuthMdRules.UnusableScope, name.Span, $"'{Shorten(name.Value)}' is not a scope. RFC 6749 allows visible ASCII characters except space, quotation mark and backslash.");
        }
        else if (!_names.Add(name.Value))
        {
            problems.Error(AuthMdRules.UnusableScope, name.Span, $"The scope '{Shorten(name.Value)}' is declared twice. Remove one of the two.");
        }
        else
        {
            _scopes.Add(new ScopeDeclaration(name.Located, description ?? "", isPreClaim));
        }
    }

    // RFC 6749 §3.3: %x21 / %x23-5B / %x5D-7E.
    private static bool IsScopeToken(string text) => text.Length > 0 && text.All(c => c is >= '!' and <= '~' and not '"' and not '\\');

    private static string Shorten(string text) => text.Length <= 60 ? text : text.Substring(0, 60) + "…";
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Scopes: tables whose first column is the scope, bullets that open with a code span, and labelled lines of code spans.</summary>
internal sealed class ScopesReader
{
    private static readonly Vocabulary<bool> ScopeColumn = new() { { true, "Scope", "permission", "name", "supported scope" } };
    private static readonly Vocabulary<bool> DescriptionColumn = new() { { true, "Description", "meaning", "purpose", "allows", "use" } };
    private static readonly Vocabulary<bool> GrantedColumn = new() { { true, "Granted" } };
    private static readonly Vocabulary<bool> Label = new() { { true, "Scopes", "supported scopes" } };

    private static readonly Vocabulary<bool> Grants = new()
    {
        { true, "pre-claim" },
        { false, "post-claim" },
        { true, "preclaim", "before claim", "before the claim" },
        { false, "postclaim", "after claim", "after the claim" },
    };

    private readonly Reading _reading;
    private readonly ImmutableArray<ScopeDeclaration>.Builder _scopes = ImmutableArray.CreateBuilder<ScopeDeclaration>();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _isAnyGiven;

    private ScopesReader(Reading reading) => _reading = reading;

    public static ImmutableArray<ScopeDeclaration> Read(Reading reading)
    {
        var reader = new ScopesReader(reading);
        if (reading.Title is { } title)
        {
            reader.ReadLines(title);
        }

        var sections = reading.Of(SectionKind.Scopes);
        foreach (var section in sections)
        {
            reader.ReadSection(section);
        }

        if (!reader._isAnyGiven)
        {
            var place = sections.Count > 0 ? sections[0] : reading.Title;
            reading.Problems.Report(
                AuthMdRules.MissingPart,
                place?.Title.Span ?? default,
                "No scopes are declared. Add a section \"## Scopes\" with a table whose columns are Scope, Description and Granted.");
        }

        return reader._scopes.ToImmutable();
    }

    private void ReadSection(Section section)
    {
        ReadLines(section);
        foreach (var content in section.Contents)
        {
            if (content is TableContent table)
            {
                ReadTable(table);
            }
            else if (content is ItemContent item)
            {
                ReadItem(item);
            }
        }
    }

    // "**Scopes:** `a`, `b`", as a bullet or a paragraph.
    private void ReadLines(Section section)
    {
        foreach (var content in section.Contents)
        {
            var text = content switch
            {
                ItemContent item => item.Text,
                ParagraphContent paragraph => paragraph.Text,
                _ => default,
            };
            if (text.Text is null || Labelled.Read(text) is not { } labelled || !Label.TryGet(labelled.Label, out _))
            {
                continue;
            }

            foreach (var name in Inlines.CodeSpans(labelled.Value))
            {
                Add(name, "", isPreClaim: false);
            }
        }
    }

    private void ReadTable(TableContent table)
    {
        if (!ScopeColumn.TryGet(table.Header[0], out _))
        {
            return;
        }

        var granted = table.Column(GrantedColumn);
        var description = table.Column(DescriptionColumn);
        if (description < 0)
        {
            description = granted == 1 ? 2 : 1;
        }

        foreach (var row in table.Rows.Where(row => row.Count > 0))
        {
            var isPreClaim = granted >= 0 && granted < row.Count && _reading.TryWord(row[granted], Grants, "Granted", out var isBefore) && isBefore;
            var says = description < row.Count ? Inlines.Plain(row[description]) : "";
            var names = Inlines.CodeSpans(row[0]);
            foreach (var name in names.Count > 0 ? names : [Inlines.Unwrap(row[0])])
            {
                Add(name, says, isPreClaim);
            }
        }
    }

    // "- `tickets.read` (pre-claim) — Read tickets."
    private void ReadItem(ItemContent item)
    {
        if (!Inlines.TryLeadingCode(item.Text, out var name, out var rest))
        {
            return;
        }

        rest = rest.Trim();
        var isPreClaim = false;
        if (rest.StartsWith("(") && rest.IndexOf(')') is > 0 and var close && Grants.TryGet(rest.Slice(1, close - 1), out isPreClaim))
        {
            rest = rest.From(close + 1).Trim();
        }

        while (!rest.IsEmpty && rest[0] is '—' or '–' or '-' or ':')
        {
            rest = rest.From(1).Trim();
        }

        Add(name, Inlines.Plain(rest), isPreClaim);
    }

    private void Add(Fragment written, string description, bool isPreClaim)
    {
        _isAnyGiven = true;
        var name = written.ToString().Replace("\\|", "|");
        if (name.Length == 0 || !name.All(IsScopeCharacter))
        {
            _reading.Problems.Report(
                AuthMdRules.UnusableScope,
                written.Span,
                $"\"{Problems.Shorten(name)}\" is not a scope: a scope is one word of visible ASCII characters without \" and \\ (RFC 6749 §3.3), such as tickets.read.");
        }
        else if (!_names.Add(name))
        {
            _reading.Problems.Report(AuthMdRules.UnusableScope, written.Span, $"The scope \"{Problems.Shorten(name)}\" is declared twice. Keep one of them.");
        }
        else
        {
            _scopes.Add(new ScopeDeclaration(new Located<string>(name, written.Span), description, isPreClaim));
        }
    }

    private static bool IsScopeCharacter(char c) => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~');
}

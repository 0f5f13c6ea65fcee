using System.Collections.Immutable;
using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>
/// Scopes: tables whose first column is the scope, bullets that open with a code span, and labelled lines of code spans. Where no section of
/// that name declares any, the same forms count elsewhere when they say themselves that they are about scopes; then a machine block.
/// </summary>
internal sealed class ScopesReader
{
    private static readonly Vocabulary<bool> ScopeColumn = new() { { true, "Scope", "permission", "name", "supported scope" } };
    private static readonly Vocabulary<bool> DescriptionColumn = new() { { true, "Description", "meaning", "purpose", "allows", "use" } };
    internal static readonly Vocabulary<bool> GrantedColumn = new() { { true, "Granted" } };
    private static readonly Vocabulary<bool> Label = new() { { true, "Scopes", "supported scopes", "scopes supported", "scopes_supported", "available scopes", "agent_auth.scopes_supported" } };

    internal static readonly Vocabulary<bool> Grants = new()
    {
        { true, "pre-claim" },
        { false, "post-claim" },
        { true, "preclaim", "before claim", "before the claim" },
        { false, "postclaim", "after claim", "after the claim" },
    };

    private readonly Reading _reading;
    private readonly ImmutableArray<ScopeDeclaration>.Builder _scopes = ImmutableArray.CreateBuilder<ScopeDeclaration>();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _identifiers = new(StringComparer.Ordinal);
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

        reader.ReadElsewhere();
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

    // Each form is tried on the whole document before the next: mixing them would declare the same scopes twice.
    private void ReadElsewhere()
    {
        foreach (var read in (Action<Section>[])[ReadNamedTables, ReadIntroducedLists, ReadLines])
        {
            foreach (var section in _isAnyGiven ? [] : _reading.Sections)
            {
                read(section);
            }
        }

        if (!_isAnyGiven)
        {
            ReadMachine();
        }
    }

    private void ReadMachine()
    {
        foreach (var member in _reading.Machine.All.Select(block => block.Member("scopes_supported")).OfType<MachineMember>().Take(1))
        {
            if (member.Value is MachineArray array)
            {
                foreach (var scope in array.Items.OfType<MachineText>())
                {
                    Add(scope.Value, scope.Span, "", isPreClaim: false);
                }
            }
            else if (member.Value is MachineObject map)
            {
                // "scopes_supported: { read: Read tickets. }", as some write it.
                foreach (var scope in map.Members)
                {
                    Add(scope.Name.Value, scope.Name.Span, scope.Value is MachineText text ? text.Value : "", isPreClaim: false);
                }
            }
        }
    }

    private void ReadNamedTables(Section section)
    {
        foreach (var table in section.Tables.Where(IsOfScopes))
        {
            ReadRows(table);
        }
    }

    /// <summary>A table that says itself that its first column holds scopes, and holds code there.</summary>
    internal static bool IsOfScopes(TableContent table) =>
        Words.Normalize(Inlines.Plain(table.Header[0])).Split(' ')[0] == "scope"
        && table.Rows.Count > 0
        && table.Rows.All(row => row.Count > 0 && Inlines.TryLeadingCode(row[0], out _, out _));

    // "Canonical scopes:" and a list right below it.
    private void ReadIntroducedLists(Section section)
    {
        var isIntroduced = false;
        foreach (var content in section.Contents)
        {
            if (content is ItemContent item)
            {
                if (isIntroduced)
                {
                    ReadItem(item);
                }
            }
            else
            {
                isIntroduced = content is ParagraphContent { Text: var text } && IsIntroduction(text);
            }
        }
    }

    private static bool IsIntroduction(Fragment paragraph)
    {
        const int MostWords = 6;
        var text = paragraph.Trim();
        return text.EndsWith(":") && Words.Normalize(Inlines.Plain(text)).Split(' ') is var words && words.Length <= MostWords && words[words.Length - 1] == "scope";
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
            foreach (var text in content switch
            {
                ItemContent item => [item.Text],
                ParagraphContent paragraph => Labelled.Lines(paragraph.Text),
                _ => (IEnumerable<Fragment>)[],
            })
            {
                ReadLine(text);
            }
        }
    }

    private void ReadLine(Fragment text)
    {
        foreach (var name in NamesOfLine(text))
        {
            Add(name, "", isPreClaim: false);
        }
    }

    /// <summary>The names that stand behind the label of a line of scopes, each once; empty when the text is no such line. The list ends with its sentence.</summary>
    internal static IReadOnlyList<Fragment> NamesOfLine(Fragment text)
    {
        var value = Labelled.Read(text) is { } labelled && Label.TryGet(labelled.Label, out _) ? labelled.Value
            : Inlines.TryLeadingCode(text, out var code, out var rest) && Label.TryGet(code, out _) && rest.Trim() is { Length: > 1 } dashed && dashed[0] is '—' or '–' or '=' ? dashed.From(1)
            : (Fragment?)null;
        var said = new HashSet<string>(StringComparer.Ordinal);
        return value is { } list ? [.. Sentences.Of(list).Take(1).SelectMany(Inlines.CodeSpans).Where(name => said.Add(name.ToString()))] : [];
    }

    private void ReadTable(TableContent table)
    {
        if (ScopeColumn.TryGet(table.Header[0], out _) || IsOfScopes(table))
        {
            ReadRows(table);
        }
    }

    private void ReadRows(TableContent table)
    {
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
        if (TryGrant(rest, out var grant, out var isPreClaim))
        {
            rest = rest.From(grant.Length).Trim();
        }

        while (!rest.IsEmpty && rest[0] is '—' or '–' or '-' or ':')
        {
            rest = rest.From(1).Trim();
        }

        // "- `tickets.read` — Read tickets. (pre-claim)", and the same right behind the dash.
        if (grant.IsEmpty && TryGrant(rest, out grant, out isPreClaim))
        {
            rest = rest.From(grant.Length).Trim();
        }
        else if (grant.IsEmpty && TryGrantAtEnd(rest, out grant, out isPreClaim))
        {
            rest = rest.Slice(0, grant.Start - rest.Start).Trim();
        }

        Add(name, Inlines.Plain(rest), isPreClaim);
    }

    /// <summary>The "(pre-claim)" or "(post-claim)" that opens what stands behind a scope.</summary>
    internal static bool TryGrant(Fragment rest, out Fragment grant, out bool isPreClaim)
    {
        isPreClaim = false;
        var close = rest.StartsWith("(") ? rest.IndexOf(')') : -1;
        grant = close > 0 ? rest.Slice(0, close + 1) : default;
        return close > 0 && Grants.TryGet(rest.Slice(1, close - 1), out isPreClaim);
    }

    /// <summary>The "(pre-claim)" or "(post-claim)" that ends what stands behind a scope.</summary>
    internal static bool TryGrantAtEnd(Fragment rest, out Fragment grant, out bool isPreClaim)
    {
        isPreClaim = false;
        grant = default;
        rest = rest.EndsWith(").") ? rest.Slice(0, rest.Length - 1) : rest;
        var open = rest.EndsWith(")") ? rest.ToString().LastIndexOf('(') : -1;
        grant = open >= 0 ? rest.From(open) : default;
        return open >= 0 && Grants.TryGet(grant.Slice(1, grant.Length - 2), out isPreClaim);
    }

    private void Add(Fragment written, string description, bool isPreClaim) =>
        Add(written.ToString().Replace("\\|", "|"), written.Span, description, isPreClaim);

    private void Add(string name, SourceSpan span, string description, bool isPreClaim)
    {
        _isAnyGiven = true;
        if (name.Length == 0 || !name.All(IsScopeCharacter))
        {
            _reading.Problems.Report(
                AuthMdRules.UnusableScope,
                span,
                $"\"{Problems.Shorten(name)}\" is not a scope: a scope is one word of visible ASCII characters without \" and \\ (RFC 6749 §3.3), such as tickets.read.");
        }
        else if (!_names.Add(name))
        {
            _reading.Problems.Report(AuthMdRules.UnusableScope, span, $"The scope \"{Problems.Shorten(name)}\" is declared twice. Keep one of them.");
        }
        else
        {
            ReportSameIdentifier(name, span);
            _scopes.Add(new ScopeDeclaration(new Located<string>(name, span), description, isPreClaim));
        }
    }

    private void ReportSameIdentifier(string name, SourceSpan span)
    {
        var identifier = ScopeIdentifier.Of(name);
        if (_identifiers.TryGetValue(identifier, out var other))
        {
            _reading.Problems.Report(
                AuthMdRules.UnusableScope,
                span,
                $"\"{Problems.Shorten(name)}\" would be AgentScopes.{Problems.Shorten(identifier)} in C#, and so would \"{Problems.Shorten(other)}\". Rename one of them.");
        }
        else
        {
            _identifiers.Add(identifier, name);
        }
    }

    private static bool IsScopeCharacter(char c) => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~');
}

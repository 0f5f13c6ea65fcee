using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Markdown;
using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>Scopes that examples, requests and machine blocks name must be declared.</summary>
internal sealed class ScopeUses
{
    private const int MostSuggestions = 50;

    // Members whose value is a list of scopes, or scopes with spaces between (RFC 6749 §3.3).
    private static readonly string[] Members = ["scopes_supported", "scopes", "post_claim_scopes", "requested_scopes", "scope"];

    private readonly Problems _problems;
    private readonly HashSet<string> _declared;
    private readonly HashSet<int> _places;
    private int _suggestions;

    private ScopeUses(Reading reading, AuthDocument document)
    {
        _problems = reading.Problems;
        _declared = new HashSet<string>(document.Scopes.Select(scope => scope.Name.Value), StringComparer.Ordinal);
        _places = [.. document.Scopes.Select(scope => scope.Name.Span.Start)];
    }

    public static void Check(Reading reading, AuthDocument document)
    {
        if (document.Scopes.IsEmpty)
        {
            return;
        }

        var uses = new ScopeUses(reading, document);
        if (reading.Document.FrontMatter is { } frontMatter && YamlReader.Read(frontMatter.Text) is { } yaml && MachineBlock.Of(yaml) is not null)
        {
            uses.CheckValue(yaml);
        }

        foreach (var section in reading.Sections)
        {
            section.Fences.ForEach(uses.CheckFence);
        }
    }

    private void CheckFence(FenceContent fence)
    {
        switch (fence.Language)
        {
            case "json":
                CheckJson(fence.Text);
                break;
            case "yaml" or "yml":
                CheckValue(YamlReader.Read(fence.Text));
                break;
            case "http":
                var body = HttpExample.BodyOf(fence.Text);
                CheckParameters(new Fragment(body.Text, fence.Text.Start, body.Start));
                if (body.StartsWith("{"))
                {
                    CheckJson(body);
                }
                else
                {
                    CheckParameters(body);
                }

                break;
        }
    }

    // Examples with "…" in them are no JSON, and are passed over.
    private void CheckJson(Fragment text) => CheckValue(JsonReader.Read(text, out _));

    private void CheckValue(MachineValue? value)
    {
        switch (value)
        {
            case MachineObject map:
                foreach (var member in map.Members)
                {
                    if (Members.Contains(member.Name.Value))
                    {
                        CheckScopes(member.Value);
                    }
                    else
                    {
                        CheckValue(member.Value);
                    }
                }

                break;
            case MachineArray array:
                array.Items.ToList().ForEach(CheckValue);
                break;
        }
    }

    private void CheckScopes(MachineValue value)
    {
        switch (value)
        {
            case MachineText text:
                CheckNames(text.Value, text.Span);
                break;
            case MachineArray array:
                array.Items.OfType<MachineText>().ToList().ForEach(text => CheckName(text.Value, text.Span));
                break;
            case MachineObject map:
                map.Members.ToList().ForEach(member => CheckName(member.Name.Value, member.Name.Span));
                break;
        }
    }

    private void CheckNames(string names, SourceSpan span)
    {
        var start = 0;
        foreach (var name in names.Split(' '))
        {
            CheckName(name, names.Length == span.Length ? new SourceSpan(span.Start + start, name.Length) : span);
            start += name.Length + 1;
        }
    }

    // scope="tickets.read tickets.write" of a challenge, scope=tickets.read of a form or query.
    private void CheckParameters(Fragment text)
    {
        const string Parameter = "scope=";
        for (var at = text.Text.IndexOf(Parameter, text.Start, text.Length, StringComparison.Ordinal); at >= 0; at = text.Text.IndexOf(Parameter, at, text.End - at, StringComparison.Ordinal))
        {
            var start = at += Parameter.Length;
            if (start < text.End && text.Text[start] == '"')
            {
                var close = text.Text.IndexOf('"', start + 1, text.End - start - 1);
                if (close > 0)
                {
                    CheckNames(text.Text.Substring(start + 1, close - start - 1), new SourceSpan(start + 1, close - start - 1));
                    at = close;
                }

                continue;
            }

            while (at < text.End && !char.IsWhiteSpace(text.Text[at]) && text.Text[at] is not ('&' or '+' or '%' or '"' or '\''))
            {
                at++;
            }

            CheckName(text.Text.Substring(start, at - start), new SourceSpan(start, at - start));
        }
    }

    private void CheckName(string name, SourceSpan span)
    {
        // What is no scope-token is a placeholder or an ellipsis.
        if (name.Length == 0 || !name.All(c => c is '!' or (>= '#' and <= '[') or (>= ']' and <= '~')) || name[0] is '<' or '{' or '$' || name.EndsWith("...", StringComparison.Ordinal)
            || _declared.Contains(name) || !_places.Add(span.Start))
        {
            return;
        }

        _problems.ReportMisspeltExample(
            AuthMdRules.UndeclaredScopeInDocument,
            span,
            $"The scope \"{Problems.Shorten(name)}\" is not declared, so an agent that copies this would be refused. Declare it in Scopes, or use one that is.", Nearest(name));
    }

    // Each comparison with all that is declared costs; who misspelt this many needs no more of them.
    private string? Nearest(string name) => _suggestions++ < MostSuggestions ? ScopeVerbs.Nearest(name, _declared) : null;
}

using AgentAuth.AuthMd.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads endpoints: labelled bullets or a table, <c>POST /agent/auth</c> or an absolute URL.</summary>
internal sealed class EndpointsReader(MarkdownSource source, Problems problems)
{
    public EndpointDeclarations Read(List<Section> sections)
    {
        var endpoints = new EndpointDeclarations();
        foreach (var block in sections.SelectMany(section => section.Blocks))
        {
            var entries = block switch
            {
                ListBlock list => MarkdownSource.Items(list).Select(source.LabelOf).OfType<LabelledValue>().Select(bullet => (bullet.Name, bullet.Value)),
                Table table => source.Rows(table).Skip(1).Where(row => row.Count > 1).Select(row => (Name: Names.Normalize(row[0].Value), Value: Joined(row))),
                _ => [],
            };
            foreach (var (name, value) in entries)
            {
                endpoints = name switch
                {
                    "register" or "registration" => endpoints with { Register = endpoints.Register ?? Path(value) },
                    "claim" => endpoints with { Claim = endpoints.Claim ?? Path(value) },
                    "revoke" or "revocation" => endpoints with { Revoke = endpoints.Revoke ?? Path(value) },
                    _ => endpoints,
                };
            }
        }

        return endpoints;
    }

    private static Fragment Joined(List<Fragment> row) => row[1].Items() is [.., var last] ? last : row[1];

    private Located<string>? Path(Fragment value)
    {
        var path = value.Unwrap();
        foreach (var method in (string[])["POST ", "GET "])
        {
            if (path.Value.StartsWith(method, StringComparison.OrdinalIgnoreCase))
            {
                path = path.From(path.Start + method.Length).Unwrap();
            }
        }

        if (path.Value.StartsWith("/", StringComparison.Ordinal) && !path.Value.StartsWith("//", StringComparison.Ordinal)
            && path.Value.All(c => c > ' ' && c < '\x7f' && c is not ('?' or '#' or '{' or '}' or '*' or '"' or '\\' or '`' or '<' or '>')))
        {
            return path.Located;
        }

        if (Uri.TryCreate(path.Value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
        {
            Urls.Check(path, "endpoint", problems);
            return path.Located;
        }

        problems.Error(AuthMdRules.UnusableEndpoint, path.Span, $"'{path.Value}' is not a path. Write for example '`POST /agent/auth`'.");
        return null;
    }
}

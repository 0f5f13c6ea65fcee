using System.Collections.Immutable;
using AgentAuth.AuthMd.Text;
using Markdig.Extensions.Tables;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads the table of trusted providers.</summary>
internal sealed class ProvidersReader(MarkdownSource source, Problems problems)
{
    public ImmutableArray<ProviderDeclaration> Read(List<Section> sections)
    {
        var providers = ImmutableArray.CreateBuilder<ProviderDeclaration>();
        var issuers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rows in sections.SelectMany(section => section.Blocks).OfType<Table>().Select(source.Rows))
        {
            if (rows.Count == 0 || rows[0].Count == 0 || Names.Singular(Names.Normalize(rows[0][0].Value)) is not ("issuer" or "provider"))
            {
                continue;
            }

            var columns = rows[0].Select(cell => Names.Singular(Names.Normalize(cell.Value))).ToList();
            foreach (var row in rows.Skip(1).Where(row => row.Count > 0 && !row[0].Unwrap().IsEmpty))
            {
                var provider = Read(row, columns);
                if (issuers.Add(provider.Issuer.Value))
                {
                    providers.Add(provider);
                }
                else
                {
                    problems.Error(AuthMdRules.DuplicateProvider, provider.Issuer.Span, $"The provider '{provider.Issuer.Value}' is listed twice. Remove one of the two.");
                }
            }
        }

        return providers.ToImmutable();
    }

    private ProviderDeclaration Read(List<Fragment> row, List<string> columns)
    {
        var issuer = row[0].Unwrap();
        Urls.Check(issuer, "issuer", problems);
        var keys = Cell("key")?.Unwrap();
        if (keys is { IsEmpty: false } url)
        {
            Urls.Check(url, "key URL", problems);
        }

        var name = Cell("name") is { } cell ? MarkdownSource.PlainTextOf(cell) : "";
        return new ProviderDeclaration(
            issuer.Located,
            name.Length == 0 ? null : name,
            keys is { IsEmpty: false } given ? given.Located : null,
            Cell("require") is { } required ? [.. required.Items().Where(item => item.Value is not ("-" or "–" or "—")).Select(item => item.Located)] : [],
            Cell("email") is { } email && Names.Normalize(email.Value) == "trusted");

        Fragment? Cell(string column) => columns.IndexOf(column) is var index && index >= 0 && index < row.Count ? row[index] : null;
    }
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Trusted providers: a table with the issuer in its first column.</summary>
internal static class ProvidersReader
{
    private static readonly Vocabulary<bool> IssuerColumn = new() { { true, "Issuer", "issuer URL", "iss", "provider" } };
    private static readonly Vocabulary<bool> NameColumn = new() { { true, "Name", "display name" } };
    private static readonly Vocabulary<bool> KeysColumn = new() { { true, "Keys", "JWKS", "JWKS URI", "JWKS URL", "key URL" } };
    private static readonly Vocabulary<bool> RequiresColumn = new() { { true, "Requires", "required", "amr" } };
    private static readonly Vocabulary<bool> EmailColumn = new() { { true, "Email", "mail" } };

    private static readonly Vocabulary<bool> EmailTrust = new()
    {
        { true, "trusted" },
        { false, "not trusted" },
        { false, "untrusted", "confirm", "ask", "no" },
    };

    public static ImmutableArray<ProviderDeclaration> Read(Reading reading)
    {
        var providers = ImmutableArray.CreateBuilder<ProviderDeclaration>();
        var issuers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in reading.Of(SectionKind.TrustedProviders).SelectMany(section => section.Tables))
        {
            if (!IssuerColumn.TryGet(table.Header[0], out _))
            {
                continue;
            }

            foreach (var row in table.Rows.Where(row => row.Count > 0))
            {
                if (WebAddresses.Read(row[0], "Issuer", reading.Problems) is not { } issuer)
                {
                    continue;
                }

                if (issuers.Add(issuer.Value))
                {
                    providers.Add(ReadRow(reading, table, row, issuer));
                }
                else
                {
                    reading.Problems.Report(AuthMdRules.DuplicateProvider, issuer.Span, $"The issuer \"{issuer.Value}\" is trusted twice. Keep one row.");
                }
            }
        }

        return providers.ToImmutable();
    }

    private static ProviderDeclaration ReadRow(Reading reading, TableContent table, IReadOnlyList<Fragment> row, Located<string> issuer)
    {
        Fragment? Cell(Vocabulary<bool> column) =>
            table.Column(column) is var index && index >= 0 && index < row.Count && !Inlines.IsNothing(row[index]) ? row[index] : null;

        return new ProviderDeclaration(
            issuer,
            Cell(NameColumn) is { } name ? Inlines.Plain(name) : null,
            Cell(KeysColumn) is { } keys ? WebAddresses.Read(keys, "Keys", reading.Problems) : null,
            Cell(RequiresColumn) is { } requires ? [.. Inlines.Values(requires).Select(value => new Located<string>(value.ToString(), value.Span))] : [],
            Cell(EmailColumn) is { } email && reading.TryWord(email, EmailTrust, "Email", out var isTrusted) && isTrusted);
    }
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>
/// Trusted providers: a table with the issuer in its first column. A row of which something that narrows could not be read declares nothing: a
/// provider is not trusted by halves, not even where the problem is suppressed.
/// </summary>
internal static class ProvidersReader
{
    private enum Column
    {
        Issuer,
        Name,
        Keys,
        Algorithms,
        Requires,
        Methods,
        Contexts,
        MaxAge,
        Email,
    }

    private static readonly Vocabulary<Column> Columns = new()
    {
        { Column.Issuer, "Issuer", "issuer URL", "iss", "provider" },
        { Column.Name, "Name", "display name" },
        { Column.Keys, "Keys", "JWKS", "JWKS URI", "JWKS URL", "key URL" },
        { Column.Algorithms, "Algorithms", "alg", "signing algorithms", "signature algorithms" },
        { Column.Requires, "Requires", "required", "requirements" },
        { Column.Methods, "amr", "amr values", "authentication methods" },
        { Column.Contexts, "acr", "acr values", "authentication context" },
        { Column.MaxAge, "Max age", "max_age", "maximum age", "authentication age", "max authentication age", "maximum authentication age" },
        { Column.Email, "Email", "mail", "email trust" },
    };

    private static readonly string[] Algorithms = ["ES256", "ES384", "RS256", "PS256"];

    /// <param name="reading">The document.</param>
    /// <param name="doAddressesOpen">False where account matching has no step for verified email, so that trust in one opens no account.</param>
    public static ImmutableArray<ProviderDeclaration> Read(Reading reading, bool doAddressesOpen)
    {
        var providers = ImmutableArray.CreateBuilder<ProviderDeclaration>();
        var issuers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in reading.Of(SectionKind.TrustedProviders).SelectMany(section => section.Tables))
        {
            if (!Columns.TryGet(table.Header[0], out var first) || first != Column.Issuer)
            {
                continue;
            }

            var (columns, isHeaderSound) = ReadHeader(reading, table);
            foreach (var row in table.Rows.Where(row => row.Count > 0))
            {
                if (WebAddresses.Read(row[0], "Issuer", reading.Problems) is not { } issuer)
                {
                    continue;
                }

                if (!issuers.Add(issuer.Value))
                {
                    reading.Problems.Report(AuthMdRules.DuplicateProvider, issuer.Span, $"The issuer \"{issuer.Value}\" is trusted twice. Keep one row.");
                }
                else if (ReadRow(reading, columns, row, issuer, doAddressesOpen) is { } provider && isHeaderSound)
                {
                    providers.Add(provider);
                }
            }
        }

        return providers.ToImmutable();
    }

    // A column that nobody reads may be the author's own, but not one that was meant to hold a requirement.
    private static (Dictionary<Column, int> Columns, bool IsSound) ReadHeader(Reading reading, TableContent table)
    {
        var columns = new Dictionary<Column, int>();
        var isSound = true;
        for (var i = 0; i < table.Header.Count; i++)
        {
            var title = table.Header[i].Trim();
            var written = Inlines.Plain(title);
            if (!Columns.TryGet(written, out var column))
            {
                if (Columns.Nearest(written) is { } meant)
                {
                    isSound = false;
                    reading.Problems.ReportMisspelt(AuthMdRules.UnusableFact, title.Span, $"\"{written}\" is not a column of this table, so it would have no effect.", meant);
                }
            }
            else if (columns.ContainsKey(column))
            {
                isSound = false;
                reading.Problems.Report(AuthMdRules.UnusableFact, title.Span, $"The column \"{written}\" is given twice. Keep one of them.");
            }
            else
            {
                columns[column] = i;
            }
        }

        return (columns, isSound);
    }

    private static ProviderDeclaration? ReadRow(
        Reading reading, Dictionary<Column, int> columns, IReadOnlyList<Fragment> row, Located<string> issuer, bool doAddressesOpen)
    {
        Fragment? Cell(Column column) =>
            columns.TryGetValue(column, out var index) && index < row.Count && !Inlines.IsNothing(row[index]) ? row[index] : null;

        var requirements = new RequirementsReader(reading);
        requirements.Read(Cell(Column.Requires), Requirement.Unlabelled);
        requirements.Read(Cell(Column.Methods), Requirement.Method);
        requirements.Read(Cell(Column.Contexts), Requirement.Context);
        requirements.Read(Cell(Column.MaxAge), Requirement.MaxAge);
        var algorithms = Cell(Column.Algorithms) is { } list ? ReadAlgorithms(list, reading.Problems) : [];
        var keys = Cell(Column.Keys) is { } url ? WebAddresses.Read(url, "Keys", reading.Problems) : null;
        var email = Cell(Column.Email) is { } trust ? EmailTrustReader.Read(trust, reading, doAddressesOpen) : (IsTrusted: false, Domains: []);
        if (!requirements.IsSound || algorithms is null || (keys is null && Cell(Column.Keys) is not null))
        {
            return null;
        }

        return new ProviderDeclaration(issuer, Cell(Column.Name) is { } name ? Inlines.Plain(name) : null, keys, requirements.Methods, email.IsTrusted)
        {
            Algorithms = algorithms.Value,
            AcceptedContexts = requirements.Contexts,
            MaxAge = requirements.MaxAge,
            EmailDomains = email.Domains,
        };
    }

    private static ImmutableArray<Located<string>>? ReadAlgorithms(Fragment cell, Problems problems)
    {
        var isSound = true;
        var algorithms = ImmutableArray.CreateBuilder<Located<string>>();
        foreach (var value in Inlines.Parts(cell).Where(part => !Inlines.IsNothing(part)).Select(Inlines.Unwrap))
        {
            var name = value.ToString();
            if (Algorithms.Contains(name))
            {
                algorithms.Add(new Located<string>(name, value.Span));
            }
            else
            {
                isSound = false;
                problems.ReportMisspelt(
                    AuthMdRules.DuplicateProvider,
                    value.Span,
                    $"\"{Problems.Shorten(name)}\" is not a signature algorithm that is accepted here; expected {string.Join(", ", Algorithms)}.",
                    NearestName.Find(name, Algorithms));
            }
        }

        return isSound ? algorithms.ToImmutable() : null;
    }
}

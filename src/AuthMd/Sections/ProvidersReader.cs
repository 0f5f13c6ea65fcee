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

    // RFC 8176 §2. Providers have values of their own too, so that only a near miss of one of these is a mistake.
    private static readonly string[] AuthenticationMethods =
    [
        "face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp", "pin", "pop", "pwd", "rba", "retina", "sc", "sms", "swk", "tel", "user", "vbm", "wia",
    ];

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
            Cell(RequiresColumn) is { } requires ? ReadRequires(requires, reading.Problems) : [],
            Cell(EmailColumn) is { } email && ReadTrust(email, reading));
    }

    private static ImmutableArray<Located<string>> ReadRequires(Fragment cell, Problems problems)
    {
        var required = ImmutableArray.CreateBuilder<Located<string>>();
        foreach (var value in Inlines.Values(cell))
        {
            var name = value.ToString();
            var isWord = name.All(c => c is > ' ' and < '\u007f');
            if (isWord && (AuthenticationMethods.Contains(name) || NearestName.Find(name, AuthenticationMethods) is null))
            {
                required.Add(new Located<string>(name, value.Span));
            }
            else
            {
                problems.Report(
                    AuthMdRules.DuplicateProvider,
                    value.Span,
                    $"\"{Problems.Shorten(name)}\" is no authentication method that a provider would name, so nobody could meet it; expected a value of RFC 8176, such as `mfa`.{Problems.DidYouMean(NearestName.Find(name, AuthenticationMethods))}");
            }
        }

        return required.ToImmutable();
    }

    private static bool ReadTrust(Fragment cell, Reading reading)
    {
        if (!reading.TryWord(cell, EmailTrust, "Email", out var isTrusted) || !isTrusted)
        {
            return false;
        }

        reading.Problems.Report(
            AuthMdRules.LinksOnProvidersWord,
            cell.Trim().Span,
            "Accounts are linked on this provider's word: an assertion with a verified email opens the account of that address without asking its owner. Write \"not trusted\" to have the owner asked.");
        return true;
    }
}

namespace AgentAuth.AuthMd.Sections;

public sealed class ProvidersReaderTests
{
    private const string Header = "## Trusted issuers\n\n| Issuer | JWKS | Name | Requires | Email |\n|---|---|---|---|---|\n";

    [Fact]
    public void Empty_cells_and_dashes_say_nothing()
    {
        var provider = Assert.Single(TicketDesk.Read(TicketDesk.With(Header + "| `https://p.example/` | — |  | - | not trusted |\n")).TrustedProviders);

        Assert.Equal(("https://p.example/", null, null, 0, false), (provider.Issuer.Value, provider.Keys, provider.Name, provider.Requires.Length, provider.TrustsEmail));
    }

    [Fact]
    public void Requirements_are_code_spans_or_words_between_commas()
    {
        var providers = TicketDesk.Read(TicketDesk.With(Header + "| https://a.example | | A | `mfa` and `pwd` | |\n| https://b.example | | B | mfa, hwk | |\n")).TrustedProviders;

        Assert.Equal(["mfa pwd", "mfa hwk"], providers.Select(provider => string.Join(' ', provider.Requires.Select(requirement => requirement.Value))));
    }

    [Fact]
    public void An_issuer_that_is_trusted_twice_is_a_problem() =>
        TicketDesk.OnlyProblem(TicketDesk.With(Header + "| https://a.example | | A | | |\n| https://a.example | | B | | |\n"), AuthMdRules.DuplicateProvider, "https://a.example");

    [Theory]
    [InlineData("http://p.example", "https://p.example/k", "http://p.example")]
    [InlineData("https://p.example", "http://p.example/k", "http://p.example/k")]
    public void A_bad_issuer_or_key_url_is_a_problem(string issuer, string keys, string underlined) =>
        TicketDesk.OnlyProblem(TicketDesk.With(Header + $"| {issuer} | {keys} | | | |\n"), AuthMdRules.UnusableUrl, underlined);

    [Fact]
    public void Algorithms_are_those_that_the_runtime_knows()
    {
        const string header = "## Trusted issuers\n\n| Issuer | Algorithms |\n|---|---|\n";

        var providers = TicketDesk.Read(TicketDesk.With(header + "| https://a.example | `ES256` and PS256 |\n| https://b.example | |\n")).TrustedProviders;
        TicketDesk.OnlyProblem(TicketDesk.With(header + "| https://a.example | ES256, HS256 |\n"), AuthMdRules.DuplicateProvider, "HS256");

        Assert.Equal(["ES256 PS256", ""], providers.Select(provider => string.Join(' ', provider.Algorithms.Select(algorithm => algorithm.Value))));
    }

    [Theory]
    [InlineData("Algorithms", "`ES256`, `HS256`")]
    [InlineData("Keys", "http://a.example/keys.json")]
    public void Something_that_narrows_and_cannot_be_read_trusts_nobody(string column, string cell) =>
        Assert.Empty(AuthMdParser.Parse(TicketDesk.With($"## Trusted issuers\n\n| Issuer | {column} |\n|---|---|\n| https://a.example | {cell} |\n")).Document.TrustedProviders);

    [Fact]
    public void A_column_that_is_given_twice_is_a_problem() =>
        TicketDesk.OnlyProblem(
            TicketDesk.With("## Trusted issuers\n\n| Issuer | Name | Display name |\n|---|---|---|\n| https://a.example | A | B |\n"), AuthMdRules.UnusableFact, "Display name");

    [Fact]
    public void A_misread_email_cell_never_trusts()
    {
        var text = TicketDesk.With(Header + "| https://a.example | | A | | trustd |\n");

        TicketDesk.OnlyProblem(text, AuthMdRules.UnusableFact, "trustd");

        Assert.False(AuthMdParser.Parse(text).Document.TrustedProviders.Single().TrustsEmail);
    }
}

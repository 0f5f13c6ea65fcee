namespace AgentAuth.AuthMd.Sections;

public sealed class EmailTrustReaderTests
{
    [Theory]
    [InlineData("trusted", true, "")]
    [InlineData("**Trusted**", true, "")]
    [InlineData("not trusted", false, "")]
    [InlineData("no", false, "")]
    [InlineData("—", false, "")]
    [InlineData("trusted for example.com", true, "example.com")]
    [InlineData("trusted for Example.COM, `example.org`", true, "example.com example.org")]
    [InlineData("Trusted only for: a.example; b.example and c.example", true, "a.example b.example c.example")]
    [InlineData("trusted for example.com, EXAMPLE.com", true, "example.com")]
    [InlineData("trusted for xn--bcher-kva.example", true, "xn--bcher-kva.example")]
    public void A_cell_says_whether_and_for_which_domains(string cell, bool isTrusted, string domains)
    {
        var provider = Assert.Single(TicketDesk.Read(Document(cell)).TrustedProviders);

        Assert.Equal(isTrusted, provider.TrustsEmail);
        Assert.Equal(domains, string.Join(' ', provider.EmailDomains.Select(domain => domain.Value)));
    }

    [Finding("G8", "`trusted` addresses beside an account matching without *Verified email*", "the document says that the trust has no effect, instead of that it opens accounts")]
    [Theory]
    [InlineData("trusted", false)]
    [InlineData("trusted for example.com", false)]
    [InlineData("trusted", true)]
    public void G8_trust_that_opens_no_account_is_said_to_have_no_effect(string cell, bool matches)
    {
        var text = Document(cell) + $"\n## Account matching\n1. Prior delegation\n{(matches ? "2. Verified email\n3." : "2.")} Provision a new account\n";

        var problem = Assert.Single(AuthMdParser.Parse(text).Problems, problem => problem.Id == AuthMdRules.LinksOnProvidersWord);

        Assert.Equal(!matches, problem.Message.Contains("This has no effect", StringComparison.Ordinal));
        Assert.Equal(matches, problem.Message.Contains("are linked on this provider's word", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("trusted for bücher.example", "bücher.example")]
    [InlineData("trusted for @example.com", "@example.com")]
    [InlineData("trusted for *.example.com", "*.example.com")]
    [InlineData("trusted for localhost", "localhost")]
    [InlineData("trusted for 127.0.0.1", "127.0.0.1")]
    [InlineData("trusted for https://example.com", "https://example.com")]
    [InlineData("trusted for alice@example.com", "alice@example.com")]
    [InlineData("trusted for example.com.", "example.com.")]
    [InlineData("trusted for everybody", "everybody")]
    public void A_domain_that_no_address_has_is_a_problem_and_trusts_nothing(string cell, string underlined)
    {
        var text = Document(cell);

        TicketDesk.OnlyProblem(text, AuthMdRules.DuplicateProvider, underlined);

        var provider = Assert.Single(AuthMdParser.Parse(text).Document.TrustedProviders);
        Assert.Equal((false, 0), (provider.TrustsEmail, provider.EmailDomains.Length));
    }

    [Fact]
    public void Beside_a_bad_domain_only_the_good_ones_are_trusted()
    {
        var provider = Assert.Single(AuthMdParser.Parse(Document("trusted for example, example.com")).Document.TrustedProviders);

        Assert.True(provider.TrustsEmail);
        Assert.Equal("example.com", Assert.Single(provider.EmailDomains).Value);
    }

    [Theory]
    [InlineData("trusted for", "trusted for")]
    [InlineData("trusted fro example.com", "trusted fro example.com")]
    [InlineData("trusted example.com", "trusted example.com")]
    [InlineData("untrusted for example.com", "untrusted for example.com")]
    [InlineData("not trusted for example.com", "not trusted for example.com")]
    public void Words_that_are_not_known_are_a_problem_and_trust_nothing(string cell, string underlined)
    {
        var text = Document(cell);

        TicketDesk.OnlyProblem(text, AuthMdRules.UnusableFact, underlined);

        Assert.False(Assert.Single(AuthMdParser.Parse(text).Document.TrustedProviders).TrustsEmail);
    }

    private static string Document(string cell) =>
        TicketDesk.With($"## Trusted providers\n\n| Issuer | Email |\n|---|---|\n| https://p.example | {cell} |\n");
}

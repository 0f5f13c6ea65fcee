namespace AgentAuth.AuthMd.Sections;

public sealed class RequirementsReaderTests
{
    [Theory]
    [InlineData("`mfa`", "mfa", "", null)]
    [InlineData("`mfa` and `hwk`", "mfa hwk", "", null)]
    [InlineData("`mfa` `hwk`", "mfa hwk", "", null)]
    [InlineData("mfa; hwk and pop", "mfa hwk pop", "", null)]
    [InlineData("amr `mfa`", "mfa", "", null)]
    [InlineData("max age 1 hour", "", "", 3600)]
    [InlineData("max age: PT15M", "", "", 900)]
    [InlineData("`max_age=90s`", "", "", 90)]
    [InlineData("Max age `1 minute`", "", "", 60)]
    [InlineData("max age 365 days", "", "", 31_536_000)]
    [InlineData("signed in within 12 hours", "", "", 43_200)]
    [InlineData("maximum authentication age 1 day", "", "", 86_400)]
    [InlineData("acr `urn:example:strong`", "", "urn:example:strong", null)]
    [InlineData("`acr` `urn:example:strong`", "", "urn:example:strong", null)]
    [InlineData("acr: urn:a or urn:b", "", "urn:a urn:b", null)]
    [InlineData("acr `urn:a` or `urn:b,c`", "", "urn:a urn:b,c", null)]
    [InlineData("acr `urn:a` `urn:b`", "", "urn:a urn:b", null)]
    [InlineData("acr https://refeds.org/profile/mfa", "", "https://refeds.org/profile/mfa", null)]
    [InlineData("**mfa**, acr `urn:a` or `urn:b`, max age 1 hour", "mfa", "urn:a urn:b", 3600)]
    [InlineData("acr `urn:a`, `mfa` and max age 5 minutes", "mfa", "urn:a", 300)]
    [InlineData("acr `urn:a`, acr `urn:b`", "", "urn:a urn:b", null)]
    [InlineData("`urn:example:own`", "urn:example:own", "", null)]
    public void A_cell_says_methods_contexts_and_an_age_in_any_order(string cell, string methods, string contexts, int? seconds)
    {
        var provider = Read("Requires", cell);

        Assert.Equal(methods, string.Join(' ', provider.Requires.Select(method => method.Value)));
        Assert.Equal(contexts, string.Join(' ', provider.AcceptedContexts.Select(context => context.Value)));
        Assert.Equal(seconds, (int?)provider.MaxAge?.Value.TotalSeconds);
    }

    [Theory]
    [InlineData("amr", "`mfa`, hwk", "mfa hwk", "", null)]
    [InlineData("acr", "`urn:a` or `urn:b`", "", "urn:a urn:b", null)]
    [InlineData("acr values", "urn:a, urn:b", "", "urn:a urn:b", null)]
    [InlineData("max_age", "1 hour", "", "", 3600)]
    [InlineData("Maximum age", "max age 1 hour", "", "", 3600)]
    [InlineData("Requirements", "`mfa`", "mfa", "", null)]
    public void A_column_of_its_own_needs_no_label(string column, string cell, string methods, string contexts, int? seconds)
    {
        var provider = Read(column, cell);

        Assert.Equal(methods, string.Join(' ', provider.Requires.Select(method => method.Value)));
        Assert.Equal(contexts, string.Join(' ', provider.AcceptedContexts.Select(context => context.Value)));
        Assert.Equal(seconds, (int?)provider.MaxAge?.Value.TotalSeconds);
    }

    [Fact]
    public void Columns_add_up()
    {
        var provider = Assert.Single(TicketDesk.Read(TicketDesk.With(
            "## Trusted providers\n\n| Issuer | Requires | amr | acr | Max age |\n|---|---|---|---|---|\n| https://p.example | `mfa` | `hwk` | `urn:a` | 1 hour |\n")).TrustedProviders);

        Assert.Equal(["mfa", "hwk"], provider.Requires.Select(method => method.Value));
        Assert.Equal("urn:a", Assert.Single(provider.AcceptedContexts).Value);
        Assert.Equal(TimeSpan.FromHours(1), provider.MaxAge!.Value);
    }

    [Fact]
    public void Every_part_knows_where_it_stands()
    {
        var text = Document("Requires", "`mfa`, acr `urn:a` or `urn:b`, max age 1 hour");
        var provider = Assert.Single(TicketDesk.Read(text).TrustedProviders);

        Assert.Equal(
            ["mfa", "urn:a", "urn:b", "1 hour"],
            provider.Requires.Concat(provider.AcceptedContexts).Select(fact => fact.Span).Append(provider.MaxAge!.Span).Select(span => text.Substring(span.Start, span.Length)));
    }

    [Theory]
    [InlineData("max age", "max age")]
    [InlineData("max age soon", "soon")]
    [InlineData("max age 3600", "3600")]
    [InlineData("max age 1 hour or so", "1 hour or so")]
    [InlineData("max age 59 seconds", "59 seconds")]
    [InlineData("max age 8761 hours", "8761 hours")]
    [InlineData("max age never", "never")]
    [InlineData("signed in within the last hour", "the last hour")]
    [InlineData("acr", "acr")]
    [InlineData("acr `a b`", "a b")]
    [InlineData("acr `bücher`", "bücher")]
    [InlineData("acr `urn:a` maybe", "`urn:a` maybe")]
    [InlineData("`mfa` or `hwk`", "`mfa` or `hwk`")]
    [InlineData("mfa or hwk", "mfa or hwk")]
    [InlineData("strong `mfa`", "strong")]
    [InlineData("`mfa` (strong)", "(strong)")]
    [InlineData("something else", "something else")]
    [InlineData("mx age 1 hour", "mx age")]
    public void What_is_not_understood_is_a_problem_where_it_stands_and_nobody_is_trusted_by_halves(string cell, string underlined)
    {
        var text = Document("Requires", $"`pwd`, {cell}");

        TicketDesk.OnlyProblem(text, AuthMdRules.DuplicateProvider, underlined);

        Assert.Empty(AuthMdParser.Parse(text).Document.TrustedProviders);
    }

    [Theory]
    [InlineData("mx age 1 hour", "max age")]
    [InlineData("arc `urn:a`", "acr")]
    [InlineData("`mfaa`", "mfa")]
    public void A_near_miss_is_asked_about(string cell, string meant)
    {
        var problem = Assert.Single(AuthMdParser.Parse(Document("Requires", cell)).Problems, problem => problem.Id == AuthMdRules.DuplicateProvider);

        Assert.EndsWith($"Did you mean \"{meant}\"?", problem.Message, StringComparison.Ordinal);
        Assert.Equal(meant, problem.Fix!.Text);
    }

    [Fact]
    public void An_age_that_is_given_twice_is_a_problem()
    {
        var text = Document("Requires", "max age 2 hours, max age 1 hour");

        TicketDesk.OnlyProblem(text, AuthMdRules.UnusableFact, "1 hour");

        Assert.Empty(AuthMdParser.Parse(text).Document.TrustedProviders);
    }

    [Fact]
    public void A_misspelt_column_is_a_problem_and_an_authors_own_is_not()
    {
        var text = Document("Requirs", "`mfa`");
        TicketDesk.OnlyProblem(text, AuthMdRules.UnusableFact, "Requirs");
        Assert.Empty(AuthMdParser.Parse(text).Document.TrustedProviders);

        Assert.Empty(Read("Notes", "strong `mfa`").Requires);
    }

    private static ProviderDeclaration Read(string column, string cell) => Assert.Single(TicketDesk.Read(Document(column, cell)).TrustedProviders);

    private static string Document(string column, string cell) =>
        TicketDesk.With($"## Trusted providers\n\n| Issuer | {column} |\n|---|---|\n| https://p.example | {cell} |\n");
}

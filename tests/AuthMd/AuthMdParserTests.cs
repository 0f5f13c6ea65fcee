namespace AgentAuth.AuthMd;

public sealed class AuthMdParserTests
{
    public static TheoryData<string, string> Encodings => new()
    {
        { "LF", TicketDesk.Text },
        { "CRLF", TicketDesk.Text.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "CR", TicketDesk.Text.Replace('\n', '\r') },
        { "byte order mark", "\uFEFF" + TicketDesk.Text },
        { "tabs", TicketDesk.Text.Replace("- **", "-\t**", StringComparison.Ordinal).Replace("| `", "|\t`", StringComparison.Ordinal) },
        { "CJK and emoji before", "<!-- 受保护资源 🎫 -->\n\n" + TicketDesk.Text },
        { "front matter", "---\ntitle: x\n# not a heading\n---\n" + TicketDesk.Text },
        { "front matter after a byte order mark", "\uFEFF---\ntitle: x\n# not a heading\n---\n" + TicketDesk.Text },
        { "tables with a rule below", TicketDesk.Text.Replace("post-claim |\n\n", "post-claim |\n---\n\n", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void The_example_declares_every_fact_with_its_place(string variant, string text)
    {
        Assert.NotEmpty(variant);
        var document = TicketDesk.Read(text);
        string At(SourceSpan span) => text.Substring(span.Start, span.Length);
        void Is(string expected, Located<string>? fact)
        {
            Assert.NotNull(fact);
            Assert.Equal(expected, fact.Value);
            Assert.Equal(expected, At(fact.Span));
        }

        Is("TicketDesk", document.Name);
        Assert.Equal("Support tickets for people, and for the agents that work for them.", document.Summary);
        Is("https://api.ticketdesk.example", document.Resource);
        Is("https://auth.ticketdesk.example", document.AuthorizationServer);
        Is("https://ticketdesk.example/logo.png", document.Logo);
        Is("https://docs.ticketdesk.example", document.Documentation);
        Is("https://ticketdesk.example/terms", document.Terms);
        Is("https://ticketdesk.example/privacy", document.Privacy);
        Is("agents@ticketdesk.example", document.Contact);

        Assert.Equal(
            [
                ("tickets.read", "Read tickets and their comments.", true),
                ("tickets.write", "Create, update and close tickets.", false),
                ("customers.read", "Read customer profiles.", false),
            ],
            document.Scopes.Select(scope => (scope.Name.Value, scope.Description, scope.IsPreClaim)));
        Assert.All(document.Scopes, scope => Is(scope.Name.Value, scope.Name));

        Assert.Equal(
            [
                (MethodKind.Anonymous, "anonymous", "api_key"),
                (MethodKind.VerifiedEmail, "verified_email", "access_token api_key"),
                (MethodKind.IdentityAssertion, "identity_assertion + id-jag", "access_token api_key"),
            ],
            document.Methods.Select(method => (method.Kind, At(method.NameSpan), string.Join(' ', method.Credentials.Select(credential => At(credential.Span))))));
        Assert.Equal([CredentialKind.AccessToken, CredentialKind.ApiKey], document.Methods[1].Credentials.Select(credential => credential.Value));
        Assert.All(document.Methods, method => Assert.False(method.RotateOnClaim || method.MailsCode));

        var provider = Assert.Single(document.TrustedProviders);
        Is("https://agents.provider.example", provider.Issuer);
        Assert.Equal("Example", provider.Name);
        Is("https://agents.provider.example/keys.json", provider.Keys);
        Is("mfa", Assert.Single(provider.Requires));
        Assert.True(provider.TrustsEmail);

        Assert.Equal(
            [
                (MatchingStep.PriorDelegation, "Prior delegation"),
                (MatchingStep.VerifiedEmail, "Verified email"),
                (MatchingStep.Provision, "Provision a new account"),
            ],
            document.AccountMatching.Select(step => (step.Value, At(step.Span))));

        var lifetimes = document.Lifetimes;
        Assert.Equal((TimeSpan.FromHours(1), "1 hour"), (lifetimes.AccessToken!.Value, At(lifetimes.AccessToken.Span)));
        Assert.Equal((TimeSpan.FromHours(24), "24 hours"), (lifetimes.UnclaimedRegistration!.Value, At(lifetimes.UnclaimedRegistration.Span)));
        Assert.Equal((TimeSpan.FromMinutes(10), "10 minutes"), (lifetimes.OneTimeCode!.Value, At(lifetimes.OneTimeCode.Span)));
        Assert.Equal((TimeSpan.FromMinutes(10), "10 minutes"), (lifetimes.ClaimLink!.Value, At(lifetimes.ClaimLink.Span)));
        Assert.Null(lifetimes.ApiKey);

        var hour = TimeSpan.FromHours(1);
        Assert.Equal(
            [("anonymous", new Rate(5, hour), new Rate(100, hour)), ("identity_assertion", new Rate(60, hour), new Rate(1000, hour))],
            document.Limits.Select(limit => (At(limit.Operation.Span), limit.PerAddress!.Value, limit.Total!.Value)));

        Is("/agent/auth", document.Endpoints.Register);
        Is("/agent/auth/claim", document.Endpoints.Claim);
        Is("/agent/auth/revoke", document.Endpoints.Revoke);
        Assert.Empty(document.PrivateParts);
        Assert.Null(document.StepsMarker);
    }

    [Fact]
    public void An_empty_text_has_problems_and_declares_nothing()
    {
        var result = AuthMdParser.Parse("");

        Assert.Equal(3, result.Problems.Length);
        Assert.All(result.Problems, problem => Assert.Equal((AuthMdRules.MissingPart, new SourceSpan(0, 0)), (problem.Id, problem.Span)));
        Assert.Null(result.Document.Name);
    }

    [Theory]
    [InlineData("ID-JAG is not supported. Scopes: none. Methods: anonymous.")]
    [InlineData("The scope `admin` and the method `anonymous` are gone; see https://x.example.")]
    [InlineData("> ## Scopes\n> - `admin`")]
    [InlineData("```markdown\n## Scopes\n- `admin`\n```")]
    [InlineData("    ## Scopes\n    - `admin`")]
    [InlineData("- an item\n\n  ## Scopes\n  - `admin`")]
    [InlineData("## Roadmap\n\n| Scope | Description |\n| --- | --- |\n| `admin` | Later. |\n\n- `admin` — later\n\n### ID-JAG\n- **Credentials:** `api_key`")]
    [InlineData("<!--\n## Scopes\n- `admin`\n-->")]
    public void Prose_quotes_code_and_unknown_sections_declare_nothing(string prose)
    {
        var document = TicketDesk.Read(TicketDesk.With(prose + "\n\n## Scopes\n\n- `read`\n"));

        Assert.Equal("read", Assert.Single(document.Scopes).Name.Value);
        Assert.Equal(MethodKind.VerifiedEmail, Assert.Single(document.Methods).Kind);
    }

    [Fact]
    public void Prose_right_below_a_table_is_not_a_row()
    {
        var document = TicketDesk.Read(TicketDesk.With("## Scopes\n\n| Scope |\n| --- |\n| `read` |\nadmin\n"));

        Assert.Equal("read", Assert.Single(document.Scopes).Name.Value);
    }

    [Fact]
    public void Problems_are_in_the_order_of_the_text()
    {
        var problems = AuthMdParser.Parse(TicketDesk.With("## Limits\n- **anonymous:** many\n\n## Scopes\n- `a b`\n- `c`\n\n## Lifetimes\n- **Access token:** long")).Problems;

        Assert.Equal([AuthMdRules.UnusableLimit, AuthMdRules.UnusableScope, AuthMdRules.UnusableLifetime], problems.Select(problem => problem.Id));
    }

    [Theory]
    [InlineData(">")]
    [InlineData("- ")]
    [InlineData("[")]
    [InlineData("**a ")]
    [InlineData("*a _b ")]
    [InlineData("`` ` ")]
    [InlineData("|a|\n|-|\n")]
    [InlineData("| a ")]
    [InlineData("![](")]
    [InlineData("<!-- ")]
    [InlineData("<a ")]
    [InlineData("## Methods\n### x\n")]
    [InlineData("## Scopes\n- `a`\n")]
    [InlineData("## Limits\n- **a\n")]
    [InlineData("# a\n\n<!-- auth.md:private -->\n\n")]
    [InlineData("[a]: b\n")]
    public void Hostile_repetition_is_read_to_its_end(string unit)
    {
        var text = "# X\n\n" + string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));

        // A reader that is not linear never comes back from this in a test run's time; how fast it is, a benchmark says.
        Spans.AssertInside(text, AuthMdParser.Parse(text), unit);
    }
}

namespace AgentAuth.AuthMd.Published;

/// <summary>The generated sections say what this service does, all of it and nothing else. That an agent can follow them is tested end to end.</summary>
public sealed class PublishedStepsTests
{
    private static readonly string[] s_headings = ["## Discover", "## Pick a method", "## Register", "## Claim", "## Use the credential", "## Errors", "## Revocation"];

    public static TheoryData<bool, bool, bool> Combinations
    {
        get
        {
            var data = new TheoryData<bool, bool, bool>();
            for (var methods = 1; methods < 8; methods++)
            {
                data.Add((methods & 1) != 0, (methods & 2) != 0, (methods & 4) != 0);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Only_what_the_methods_need_is_written(bool anonymous, bool email, bool assertion)
    {
        var published = Publish(Document(anonymous, email, assertion));

        Assert.Equal(s_headings, Headings(published));
        Assert.Equal(anonymous, published.Contains("\"type\": \"anonymous\"", StringComparison.Ordinal));
        Assert.Equal(email, published.Contains("\"assertion_type\": \"verified_email\"", StringComparison.Ordinal));
        Assert.Equal(assertion, published.Contains("\"assertion_type\": \"urn:ietf:params:oauth:token-type:id-jag\"", StringComparison.Ordinal));
        Assert.Equal(assertion, published.Contains("POST {IssuerBase}/agent/auth/revoke HTTP/1.1", StringComparison.Ordinal));
        Assert.Equal(anonymous, published.Contains("Anonymous agents hold it", StringComparison.Ordinal));
        Assert.Equal(!anonymous, HasError(published, "anonymous_not_enabled"));
        Assert.Equal(!email, HasError(published, "verified_email_not_enabled"));
        Assert.Equal(!assertion, HasError(published, "identity_assertion_not_enabled"));
        Assert.Equal(assertion, HasError(published, "replay_detected"));
        Assert.Equal(assertion, HasError(published, "interaction_required"));
        Assert.True(HasError(published, "registration_rejected"));
        Assert.True(HasError(published, "otp_invalid"));
    }

    [Fact]
    public void Nothing_is_claimed_where_assertions_never_ask_an_owner()
    {
        var published = Publish(Document(false, false, true) + "\n## Account matching\n1. Prior delegation\n2. Reject\n");

        Assert.Equal(s_headings.Where(heading => heading != "## Claim"), Headings(published));
        Assert.False(HasError(published, "otp_invalid"));
        Assert.False(HasError(published, "interaction_required"));
        Assert.True(HasError(published, "registration_rejected"));
        Assert.DoesNotContain("claim_token", published, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_author_wrote_is_kept_and_not_written_again()
    {
        const string Own = "## Step 1 — Discover\n\nMy words.\n\n## Error codes\n\nNone.\n";

        var published = Publish(Document(true, true, true) + "\n" + Own);

        Assert.Contains(Own, published, StringComparison.Ordinal);
        Assert.Equal(s_headings.Where(heading => heading is not ("## Discover" or "## Errors")), Headings(published));
    }

    [Fact]
    public void The_marker_says_where_the_steps_go()
    {
        var published = Publish(Document(true, false, false) + "\n<!-- auth.md:steps -->\n\n## Policies\n\nBe kind.\n");

        Assert.True(published.IndexOf("## Revocation", StringComparison.Ordinal) < published.IndexOf("## Policies", StringComparison.Ordinal));
        Assert.Equal(1, Count(published, "## Revocation"));
        Assert.DoesNotContain("auth.md:steps", published, StringComparison.Ordinal);
    }

    [Fact]
    public void An_author_may_want_no_steps()
    {
        var text = Document(true, false, false);

        Assert.Equal(text.Replace("https://api.x.example", "{Resource}", StringComparison.Ordinal) + "\n\n", Publish(text + "\n<!-- auth.md:no-steps -->\n"));
    }

    [Fact]
    public void A_document_that_cannot_be_compiled_gets_no_steps() =>
        Assert.DoesNotContain("## Discover", Publish("# X auth.md\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_key`\n"), StringComparison.Ordinal);

    [Fact]
    public void Lines_end_as_the_authors_do() =>
        Assert.DoesNotContain("\n", Publish(Document(true, true, true).ReplaceLineEndings("\r\n")).Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);

    [Fact]
    public void Declared_lifetimes_paths_and_types_are_used()
    {
        var published = Publish(Document(true, true, true)
            .Replace("### verified_email\n- **Credentials:** `api_key`", "### verified_email\n- **Credentials:** `access_token`, `api_key`\n- **Mail:** code", StringComparison.Ordinal)
            + "\n## Lifetimes\n- **Access token:** 90 minutes\n- **API key:** 30 days\n- **Unclaimed registration:** PT1H\n- **One-time code:** 5 minutes\n\n## Endpoints\n- **Register:** `POST /a`\n- **Claim:** https://api.x.example/b\n");

        Assert.Contains("POST {IssuerBase}/a HTTP/1.1", published, StringComparison.Ordinal);
        Assert.Contains("POST {IssuerBase}/b/complete HTTP/1.1", published, StringComparison.Ordinal);
        Assert.Contains("`requested_credential_type` is `access_token` or `api_key`; without it you get `access_token`.", published, StringComparison.Ordinal);
        Assert.Contains("an access token expires after 90 minutes;", published, StringComparison.Ordinal);
        Assert.Contains("an API key expires after 30 days;", published, StringComparison.Ordinal);
        Assert.Contains("ends after 1 hour;", published, StringComparison.Ordinal);
        Assert.Contains("or holds one of eight. The mail lapses after 10 minutes, the code after 5 minutes.", published, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_lifetime_stays_private()
    {
        var published = Publish(Document(true, true, true) + "\n## Lifetimes\n<!-- auth.md:private -->\n- **Unclaimed registration:** 77 minutes\n- **Claim link:** 7 minutes\n");

        Assert.DoesNotContain("77", published, StringComparison.Ordinal);
        Assert.DoesNotContain("7 minutes", published, StringComparison.Ordinal);
        Assert.Contains("an anonymous registration that nobody claimed ends;", published, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rotated_key_is_said_to_die()
    {
        var published = Publish(Document(true, false, false).Replace("`api_key`", "`api_key`\n- **Rotation:** on claim", StringComparison.Ordinal));

        Assert.Contains("The key of an anonymous registration is replaced by it, and dies:", published, StringComparison.Ordinal);
        Assert.DoesNotContain("gains the other scopes", published, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_in_scopes_and_descriptions_stay_text()
    {
        var published = Publish("# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n| Scope | Description |\n| --- | --- |\n| ``` a``b ``` | Reads \\| writes \\<b\\>*all*. |\n| `c\\|d` | |\n\n## Methods\n\n### ID-JAG\n- **Credentials:** `api_key`\n");

        Assert.Contains("| ``` a``b ``` | Reads \\| writes \\<b>all. |", published, StringComparison.Ordinal);
        Assert.Contains("| `c\\|d` |  |", published, StringComparison.Ordinal);
        Assert.Contains("\"scopes\": [\"a``b\", \"c|d\"]", published, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_document_is_a_document_that_declares_the_same()
    {
        var before = AuthMdParser.Parse(TicketDesk.Text).Document;
        var published = string.Concat(PublishedText.Create(TicketDesk.Text, before).Select(part => part.Slot switch
        {
            PublishedSlot.None => part.Text,
            PublishedSlot.Resource => before.Resource!.Value,
            PublishedSlot.AuthMdUrl => before.AuthorizationServer!.Value + "/auth.md",
            PublishedSlot.ProtectedResourceMetadataUrl => before.Resource!.Value + "/.well-known/oauth-protected-resource",
            PublishedSlot.AuthorizationServerMetadataUrl => before.AuthorizationServer!.Value + "/.well-known/oauth-authorization-server",
            _ => before.AuthorizationServer!.Value,
        }));

        var after = AuthMdParser.Parse(published);

        Assert.All(after.Problems, problem => Assert.Equal(ProblemSeverity.Info, problem.Severity));
        Assert.Equal(before.Scopes.Select(scope => (scope.Name.Value, scope.IsPreClaim)), after.Document.Scopes.Select(scope => (scope.Name.Value, scope.IsPreClaim)));
        Assert.Equal(before.Methods.Select(method => method.Kind), after.Document.Methods.Select(method => method.Kind));
        Assert.Equal(EndpointPaths.Of(before), EndpointPaths.Of(after.Document));
    }

    private static string Document(bool anonymous, bool email, bool assertion) =>
        "# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n- `a` (pre-claim) — Reads.\n- `b` — Writes.\n\n## Methods\n"
        + (anonymous ? "\n### anonymous\n- **Credentials:** `api_key`\n" : "")
        + (email ? "\n### verified_email\n- **Credentials:** `api_key`\n" : "")
        + (assertion ? "\n### ID-JAG\n- **Credentials:** `access_token`\n" : "");

    private static string Publish(string text) => string.Concat(
        PublishedText.Create(text, AuthMdParser.Parse(text).Document).Select(part => part.Slot == PublishedSlot.None ? part.Text : $"{{{part.Slot}}}"));

    private static IEnumerable<string> Headings(string published) => published.Split('\n').Where(s_headings.Contains);

    private static bool HasError(string published, string code) => published.Contains($"\n| `{code}` | ", StringComparison.Ordinal);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}

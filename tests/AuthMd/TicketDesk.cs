namespace AgentAuth.AuthMd;

/// <summary>The example of the language page, and what tests do with it.</summary>
internal static class TicketDesk
{
    public const string Text = """
        # TicketDesk auth.md

        Support tickets for people, and for the agents that work for them.

        - **Resource:** https://api.ticketdesk.example
        - **Authorization server:** https://auth.ticketdesk.example
        - **Logo:** https://ticketdesk.example/logo.png
        - **Documentation:** https://docs.ticketdesk.example
        - **Terms:** https://ticketdesk.example/terms
        - **Privacy:** https://ticketdesk.example/privacy
        - **Contact:** agents@ticketdesk.example

        ## Scopes

        | Scope             | Description                          | Granted    |
        | ----------------- | ------------------------------------ | ---------- |
        | `tickets.read`    | Read tickets and their comments.     | pre-claim  |
        | `tickets.write`   | Create, update and close tickets.    | post-claim |
        | `customers.read`  | Read customer profiles.              | post-claim |

        ## Methods

        ### anonymous
        - **Credentials:** `api_key`
        - **Claim:** optional

        ### verified_email
        - **Credentials:** `access_token`, `api_key`

        ### identity_assertion + id-jag
        - **Credentials:** `access_token`, `api_key`

        ## Trusted providers

        | Issuer                          | Name    | Keys                                      | Requires | Email   |
        | ------------------------------- | ------- | ----------------------------------------- | -------- | ------- |
        | https://agents.provider.example | Example | https://agents.provider.example/keys.json | `mfa`    | trusted |

        ## Account matching
        1. Prior delegation
        2. Verified email
        3. Provision a new account

        ## Lifetimes
        - **Access token:** 1 hour
        - **Unclaimed registration:** 24 hours
        - **One-time code:** 10 minutes
        - **Claim link:** 10 minutes

        ## Limits
        - **anonymous:** 5 per hour per address, 100 per hour
        - **identity_assertion:** 60 per hour per address, 1000 per hour

        ## Endpoints
        - **Register:** `POST /agent/auth`
        - **Claim:** `POST /agent/auth/claim`
        - **Revoke:** `POST /agent/auth/revoke`
        """;

    /// <summary>The shortest complete document around the sections that a test is about.</summary>
    public static string With(string sections) =>
        $"# X auth.md\n\n- **Resource:** https://api.x.example\n\n{sections}\n"
        + (sections.Contains("## Scopes", StringComparison.Ordinal) ? "" : "\n## Scopes\n- `read`\n")
        + (sections.Contains("## Methods", StringComparison.Ordinal) ? "" : "\n## Methods\n### verified_email\n- **Credentials:** `api_key`\n");

    /// <summary>What a document declares when it has no errors.</summary>
    public static AuthDocument Read(string text)
    {
        var result = AuthMdParser.Parse(text);
        Assert.Empty(Errors(result));
        return result.Document;
    }

    // Small examples seldom have all that belongs together: whether facts fit each other is tested in Checks.
    private static IEnumerable<AuthMdProblem> Errors(AuthMdParseResult result) =>
        result.Problems.Where(problem => problem.Severity == ProblemSeverity.Error && problem.Id is not (AuthMdRules.NoPreClaimScope or AuthMdRules.UnusedProvider));

    /// <summary>The only problem of a document; what it underlines is checked here.</summary>
    public static AuthMdProblem OnlyProblem(string text, string rule, string underlined)
    {
        var problem = Assert.Single(Errors(AuthMdParser.Parse(text)));
        Assert.Equal(rule, problem.Id);
        Assert.Equal(underlined, text.Substring(problem.Span.Start, problem.Span.Length));
        return problem;
    }
}

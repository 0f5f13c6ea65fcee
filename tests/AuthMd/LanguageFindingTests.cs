namespace AgentAuth.AuthMd;

/// <summary>What unseen files showed about the language, and the same kinds in other words.</summary>
public sealed class LanguageFindingTests
{
    [Finding("L1", "`identity_assertion + email` as a method", "`verified_email`")]
    [Theory]
    [InlineData("### identity_assertion + email\n- **Credentials:** `api_key`")]
    [InlineData("- `identity_assertion` + email: by mail")]
    [InlineData("| Method |\n| --- |\n| `identity_assertion` + `verified_email` |")]
    [InlineData("1. Email + OTP")]
    public void L1_identity_assertion_with_email_is_verified_email(string methods) => Assert.Equal("verified_email", Methods("## Methods\n\n" + methods));

    [Finding("L2", "a `Scopes:` line with a second sentence that names code", "the list ends with its sentence")]
    [Finding("L3", "a `Scopes:` line that says a name again, or joins names by `⊂`", "each name once, no problem")]
    [Theory]
    [InlineData("**Scopes:** `read`, `write`. There is no `delete` scope; send `Authorization` headers.", "read write")]
    [InlineData("**Scopes:** `read` ⊂ `write` ⊂ `admin`. Most agents need `read`.", "read write admin")]
    [InlineData("Scopes: `read` and `write`, and `read` first", "read write")]
    [InlineData("**Issuer note:** none\n**Scopes:** `read`, `write`", "read write")]
    public void L2_L3_a_line_of_scopes_ends_with_its_sentence(string line, string scopes)
    {
        var result = AuthMdParser.Parse(Document(line + "\n\n## Methods\n### verified_email\n- **Credentials:** `api_key`\n"));

        Assert.Equal(scopes, string.Join(' ', result.Document.Scopes.Select(scope => scope.Name.Value)));
        Assert.DoesNotContain(result.Problems, problem => problem.Id == AuthMdRules.UnusableScope);
    }

    [Finding("L4", "an author's `## Register` without a request, or with another address", "AUTHMD1029 says it, with the sentence to add")]
    [Theory]
    [InlineData("## Endpoints\n- **Register:** `POST /agent/auth`\n\n## Register\n\nAsk us.", "names no request")]
    [InlineData("## Endpoints\n- **Register:** `POST /agent/auth`\n\n## Register\n\n```http\nPOST /v2/register HTTP/1.1\n```", "sends agents to \"/v2/register\"")]
    public void L4_a_section_that_misleads_is_told(string sections, string message) => Assert.Contains(
        AuthMdParser.Parse(TicketDesk.With(sections)).Problems, problem => problem.Id == AuthMdRules.MisleadingSection && problem.Message.Contains(message, StringComparison.Ordinal));

    [Finding("L4", "one door with two addresses in the Endpoints section", "an error")]
    [Fact]
    public void L4_two_addresses_for_one_door_are_an_error() => Assert.Contains(
        AuthMdParser.Parse(TicketDesk.With("## Endpoints\n- **Register:** `POST /a`\n- **Register:** `POST /b`\n")).Problems, problem => problem is { Id: AuthMdRules.UnusableFact, Severity: ProblemSeverity.Error });

    [Finding("L5", "`service_auth` as a method, in a block and in requests with `login_hint` and `user_code`", "read; no false error")]
    [Fact]
    public void L5_the_newest_generation_is_read()
    {
        var result = AuthMdParser.Parse(Document("""
            ## Scopes
            - `read`

            ## Methods
            ### service_auth
            - **Credentials:** `access_token`

            ## Register

            ```http
            POST /agent/identity HTTP/1.1

            { "type": "service_auth", "login_hint": "u@example.com" }
            ```

            ## Claim

            ```http
            POST /agent/identity/claim HTTP/1.1

            { "type": "service_auth", "claim_token": "c", "login_hint": "u@example.com" }
            ```

            ```http
            POST /agent/identity/claim/complete HTTP/1.1

            { "claim_token": "c", "user_code": "123456" }
            ```

            ```json
            { "agent_auth": { "identity_endpoint": "https://api.x.example/agent/identity", "identity_types_supported": ["service_auth"] } }
            ```
            """));

        Assert.Equal(MethodKind.VerifiedEmail, Assert.Single(result.Document.Methods).Kind);
        Assert.Equal(("/agent/identity", "/agent/identity/claim"), (result.Document.Endpoints.Register?.Value, result.Document.Endpoints.Claim?.Value));
        Assert.DoesNotContain(result.Problems, problem => problem.Severity == ProblemSeverity.Error);
    }

    [Finding("L6", "`Supported scopes:` below Methods; `Protected resources:`; an API's own rate limits", "no error")]
    [Theory]
    [InlineData("## Methods\n### verified_email\n- **Credentials:** `api_key`\n\n## Scopes\n- `read`\n\n## Rate limits\n- **Search:** 5 per minute")]
    [InlineData("- **Protected resources:** `/api/*`\n\n## Scopes\n- `read`\n\n## Methods\n### verified_email\n- **Credentials:** `api_key`")]
    [InlineData("## Methods\n\n- `verified_email`: `api_key`\n\nSupported scopes:\n\n- `read` — Read.")]
    public void L6_what_is_about_something_else_is_no_error(string text) =>
        Assert.DoesNotContain(AuthMdParser.Parse(Document(text)).Problems, problem => problem.Severity == ProblemSeverity.Error);

    [Finding("L7", "a numbered list; `Identity types:`; a method inside a longer heading; a choice behind an arrow", "all of them")]
    [Theory]
    [InlineData("## Step 2 — Pick a method\n\n1. **Anonymous** (recommended): no user.\n2. **Identity assertion** if you have an ID-JAG.\n3. **Verified email** is there too.", "anonymous identity_assertion verified_email")]
    [InlineData("Identity types: `anonymous`, `service_auth`", "anonymous verified_email")]
    [InlineData("- `identity_types_supported` — `anonymous` and `identity_assertion`", "anonymous identity_assertion")]
    [InlineData("## Supported Registration Methods\n\n### 1. Identity Assertion (ID-JAG)\n\n### 2. Verified Email (Service Auth)\n\n### 3. Anonymous Registration with User Claim", "anonymous identity_assertion verified_email")]
    [InlineData("## Choose a path\n\n- **Path 1 — OAuth 2.1 with PKCE** (apps)\n- You know nobody → **anonymous**", "anonymous authorization_code")]
    [InlineData("## Methods\n\n| Situation | Use |\n| --- | --- |\n| An address | `service_auth` |\n| An ID-JAG | not accepted |", "verified_email")]
    [InlineData("## Methods\n\n- `anonymous`\n- `identity_assertion` — not supported\n- **Verified email** is not enabled.", "anonymous")]
    public void L7_methods_are_read_in_every_form(string text, string methods) => Assert.Equal(methods, Methods(text));

    [Finding("L8", "``- `docs.read` — Read documents. (pre-claim)``", "pre-claim; the description without it")]
    [Theory]
    [InlineData("- `docs.read` — Read documents. (pre-claim)")]
    [InlineData("- `docs.read` (pre-claim) — Read documents.")]
    [InlineData("- `docs.read` — (pre-claim) Read documents.")]
    public void L8_the_grant_may_stand_at_the_end(string item)
    {
        var scope = Assert.Single(AuthMdParser.Parse(Document("## Scopes\n\n" + item + "\n")).Document.Scopes);

        Assert.Equal((true, "Read documents."), (scope.IsPreClaim, scope.Description));
    }

    [Finding("L9", "`User Claimed (OTP)` whose own requests say `anonymous`", "the requests decide; without any it is a question, AUTHMD1027")]
    [Fact]
    public void L9_the_requests_decide_what_user_claimed_is()
    {
        const string Table = "## Supported Flows\n\n| Flow |\n| --- |\n| **User Claimed (OTP)** |\n\n";

        Assert.Equal("anonymous", Methods(Table + "## Flow 2: User Claimed (OTP)\n\n```http\nPOST /agent/auth\n\n{ \"type\": \"anonymous\" }\n```"));
        Assert.Equal("verified_email", Methods(Table + "## Flow 2: User Claimed (OTP)\n\n```http\nPOST /agent/identity\n\n{ \"type\": \"service_auth\" }\n```"));
        Assert.Contains(AuthMdParser.Parse(Document(Table)).Problems, problem => problem.Id == AuthMdRules.NotUnderstood);
    }

    [Finding("L4", "a document that shows only somebody's OAuth, or only denies", "declares nothing")]
    [Theory]
    [InlineData("# Auth\n\n- Authorization endpoint: https://a.example/oauth/authorize\n- Token endpoint: https://a.example/oauth/token\n")]
    [InlineData("# auth.md\n\n## Methods\n\n| Method | Status |\n| --- | --- |\n| anonymous | not supported |\n\nDo not call `POST /agent/auth`.\n")]
    public void L4_somebody_elses_OAuth_and_denials_declare_nothing(string text)
    {
        var document = AuthMdParser.Parse(text).Document;

        Assert.True(document.Methods.IsEmpty && document.AuthorizationCode is null && document.Endpoints == new EndpointDeclarations());
    }

    private static string Document(string text) => $"# X auth.md\n\n- **Resource:** https://api.x.example\n{(text.StartsWith("- ", StringComparison.Ordinal) ? "" : "\n")}{text}\n";

    private static string Methods(string text)
    {
        var document = AuthMdParser.Parse(Document(text)).Document;
        var names = document.Methods.Select(method => method.Kind switch { MethodKind.Anonymous => "anonymous", MethodKind.VerifiedEmail => "verified_email", _ => "identity_assertion" });
        return string.Join(' ', names.Concat(document.AuthorizationCode is null ? [] : ["authorization_code"]).Order(StringComparer.Ordinal));
    }
}

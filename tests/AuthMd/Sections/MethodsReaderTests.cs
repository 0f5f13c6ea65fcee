using System.Collections.Immutable;

namespace AgentAuth.AuthMd.Sections;

public sealed class MethodsReaderTests
{
    [Theory]
    [InlineData("anonymous", MethodKind.Anonymous)]
    [InlineData("`anonymous`", MethodKind.Anonymous)]
    [InlineData("1. User claimed, anonymous start", MethodKind.Anonymous)]
    [InlineData("Verified email", MethodKind.VerifiedEmail)]
    [InlineData("`service_auth`", MethodKind.VerifiedEmail)]
    [InlineData("User claimed, email required", MethodKind.VerifiedEmail)]
    [InlineData("`identity_assertion` + `verified_email`", MethodKind.VerifiedEmail)]
    [InlineData("identity_assertion + id-jag", MethodKind.IdentityAssertion)]
    [InlineData("Agent verified (ID-JAG)", MethodKind.IdentityAssertion)]
    [InlineData("ID-JAG {#id-jag}", MethodKind.IdentityAssertion)]
    public void A_sub_heading_a_row_and_a_bullet_declare_a_method(string name, MethodKind kind)
    {
        Assert.Equal(kind, Assert.Single(Read($"## Pick a method\n\n### {name}\n- **Credentials:** `api_key`\n")).Kind);
        Assert.Equal(kind, Assert.Single(Read($"## Supported flows\n\n| Method | Credentials |\n|---|---|\n| {name} | `api_key` |\n")).Kind);
        Assert.Equal(kind, Assert.Single(Read($"## Methods\n\n- **{name}:** `api_key`\n")).Kind);
    }

    [Theory]
    [InlineData("not supported")]
    [InlineData("Not supported.")]
    [InlineData("❌ No")]
    [InlineData("coming soon")]
    public void A_status_un_declares_a_method(string status)
    {
        var methods = Read($"## Methods\n\n| Method | Status | Credentials |\n|---|---|---|\n| anonymous | ✅ supported | api_key |\n| id-jag | {status} | |\n");

        Assert.Equal(MethodKind.Anonymous, Assert.Single(methods).Kind);
    }

    [Fact]
    public void An_unreadable_status_is_a_problem_and_declares_nothing()
    {
        var text = TicketDesk.With("## Methods\n\n| Method | Status | Credentials |\n|---|---|---|\n| anonymous | maybe | api_key |\n");

        TicketDesk.OnlyProblem(text, AuthMdRules.UnusableFact, "maybe");

        Assert.Empty(AuthMdParser.Parse(text).Document.Methods);
    }

    [Fact]
    public void Other_sub_headings_and_bullets_are_the_authors()
    {
        var methods = Read("## Methods\n\n### Which one to pick\n- **Agents:** any\n- Just ask.\n\n### anonymous\n- **Credentials:** `api_key`\n\n#### Why\n- `foo`\n");

        Assert.Equal(MethodKind.Anonymous, Assert.Single(methods).Kind);
    }

    [Fact]
    public void Rotation_and_mail_are_read()
    {
        var methods = Read("## Methods\n### anonymous\n- **Credentials:** `api_key`\n- **Rotation:** on claim\n### verified_email\n- **Credentials:** `api_key`\n- **Mail:** `code`\n");

        Assert.Equal([(true, false), (false, true)], methods.Select(method => (method.RotateOnClaim, method.MailsCode)));
    }

    [Theory]
    [InlineData("Rotation", "sometimes", "\"on claim\" or \"never\"")]
    [InlineData("Mail", "pigeon", "\"code\" or \"link\"")]
    public void An_unreadable_rotation_or_mail_is_a_problem(string label, string value, string expected) =>
        Assert.Contains(expected, TicketDesk.OnlyProblem(Anonymous($"- **{label}:** {value}"), AuthMdRules.UnusableFact, value).Message, StringComparison.Ordinal);

    [Finding("D12", "`- **Claim:** bogus` under a method", "An error with the words that the method takes; the label is documented")]
    [Theory]
    [InlineData("bogus")]
    [InlineData("required")]
    public void D12_a_claim_that_says_what_the_method_does_not_do_is_a_problem(string value) =>
        TicketDesk.OnlyProblem(Anonymous($"- **Claim:** {value}"), AuthMdRules.UnusableFact, value);

    [Finding("D12", "`optional` of anonymous, or an endpoint", "No problem")]
    [Theory]
    [InlineData("optional")]
    [InlineData("`POST /agent/auth/claim`")]
    public void D12_a_claim_that_is_true_and_an_endpoint_are_no_problem(string value) =>
        Assert.DoesNotContain(AuthMdParser.Parse(Anonymous($"- **Claim:** {value}")).Problems, problem => problem.Id == AuthMdRules.UnusableFact);

    [Fact]
    public void A_misspelt_field_is_a_problem() =>
        Assert.Contains("\"Rotation\"?", TicketDesk.OnlyProblem(Anonymous("- **Rotatoin:** on claim"), AuthMdRules.UnusableFact, "Rotatoin").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("### anonymus\n- **Credentials:** `api_key`\n", "anonymus", "Did you mean \"anonymous\"?")]
    [InlineData("### phone\n- **Credentials:** `api_key`\n", "phone", "expected anonymous, verified_email or identity_assertion + id-jag.")]
    [InlineData("- `phone` — call us\n", "phone", "is not a registration method")]
    [InlineData("| Method | Credentials |\n|---|---|\n| `phone` | `api_key` |\n", "phone", "is not a registration method")]
    [InlineData("### verified_mail\n", "verified_mail", "Did you mean \"verified_email\"?")]
    public void An_unknown_method_is_a_problem(string methods, string underlined, string message) =>
        Assert.Contains(message, TicketDesk.OnlyProblem(TicketDesk.With("## Methods\n\n" + methods), AuthMdRules.UnknownMethod, underlined).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("api-kye", "Did you mean \"api_key\"?")]
    [InlineData("refresh_token", "expected `access_token` or `api_key`.")]
    [InlineData("id-jag", "That names a method, not what it issues.")]
    public void An_unknown_credential_type_is_a_problem(string credential, string message)
    {
        var text = TicketDesk.With($"## Methods\n### anonymous\n- **Credentials:** `{credential}`\n");

        Assert.Contains(message, TicketDesk.OnlyProblem(text, AuthMdRules.UnknownCredentialType, credential).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anonymous_with_an_access_token_is_a_problem_and_keeps_the_key()
    {
        var text = TicketDesk.With("## Methods\n### anonymous\n- **Credentials:** `access_token`, `api_key`\n");

        TicketDesk.OnlyProblem(text, AuthMdRules.MethodCredentials, "access_token");

        Assert.Equal(CredentialKind.ApiKey, AuthMdParser.Parse(text).Document.Methods.Single().Credentials.Single().Value);
    }

    [Fact]
    public void A_method_without_credentials_is_a_problem() =>
        TicketDesk.OnlyProblem(TicketDesk.With("## Methods\n### verified_email\nText.\n"), AuthMdRules.MethodCredentials, "verified_email");

    [Fact]
    public void An_overview_table_and_sub_headings_make_one_method()
    {
        var methods = Read("## Methods\n\n| Method |\n|---|\n| anonymous |\n\n### anonymous\n- **Credentials:** `api_key`\n- **Rotation:** on claim\n");

        Assert.True(Assert.Single(methods).RotateOnClaim);
        Assert.Single(methods.Single().Credentials);
    }

    private static string Anonymous(string bullet) => TicketDesk.With($"## Methods\n### anonymous\n- **Credentials:** `api_key`\n{bullet}\n");

    private static ImmutableArray<MethodDeclaration> Read(string methods) => TicketDesk.Read(TicketDesk.With(methods + "\n## Methods\n")).Methods;
}

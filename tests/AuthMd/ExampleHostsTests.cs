namespace AgentAuth.AuthMd;

public sealed class ExampleHostsTests
{
    [Finding("G21", "a trusted provider of auth.md whose host is called `example-ai`, `your-provider`, `acme` and the like, under a top level where anybody can register a name", "warning AUTHMD1026, which says so")]
    [Theory]
    [InlineData("agents.example-ai.com", "example-ai")]
    [InlineData("Agents.EXAMPLE-ai.com.", "example-ai")]
    [InlineData("example.io", "example")]
    [InlineData("example.com.evil.io", "example")]
    [InlineData("sso.myexample.dev", "myexample")]
    [InlineData("your-provider.com", "your-provider")]
    [InlineData("agents.yourtenant.co.uk", "yourtenant")]
    [InlineData("my-idp.app", "my-idp")]
    [InlineData("acme.com", "acme")]
    [InlineData("idp.acme.com.au", "acme")]
    [InlineData("agents.acme-ai.com", "acme-ai")]
    [InlineData("contoso.com", "contoso")]
    [InlineData("identity-provider.com", "identity-provider")]
    [InlineData("agents.provider.dev", "provider")]
    public void G21_a_name_of_an_example_that_anybody_can_register_is_known(string host, string label)
    {
        Assert.Equal(label, ExampleHosts.LabelOf(host));

        var text = TicketDesk.With($"## Methods\n### ID-JAG\n- **Credentials:** `access_token`\n\n## Trusted providers\n| Issuer |\n| --- |\n| https://{host} |\n");
        var problem = Assert.Single(AuthMdParser.Parse(text).Problems, problem => problem.Id == AuthMdRules.ExampleProvider);
        Assert.Equal(($"https://{host}", ProblemSeverity.Warning), (text.Substring(problem.Span.Start, problem.Span.Length), problem.Severity));
    }

    [Theory]
    [InlineData("agents.provider.example")]
    [InlineData("acme.example")]
    [InlineData("example.com")]
    [InlineData("agents.example.com")]
    [InlineData("example.org")]
    [InlineData("example.test")]
    [InlineData("example.invalid")]
    [InlineData("localhost")]
    [InlineData("example")]
    [InlineData("127.0.0.1")]
    [InlineData("idp.example.internal")]
    [InlineData("accounts.google.com")]
    [InlineData("acme.okta.com")]
    [InlineData("provider.auth.dev")]
    [InlineData("static.1.2.3.4.clients.your-server.de")]
    [InlineData("mydoctor.org")]
    [InlineData("co.uk")]
    public void Names_that_nobody_can_own_and_names_of_somebody_are_not_reported(string host) => Assert.Null(ExampleHosts.LabelOf(host));
}

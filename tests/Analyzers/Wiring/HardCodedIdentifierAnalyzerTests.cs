namespace AgentAuth.Analyzers;

public sealed class HardCodedIdentifierAnalyzerTests
{
    private static readonly string s_authMd = AnalyzerHarness.AuthMd.Replace(
        "https://api.ticketdesk.example", "https://api.ticketdesk.example/v1\n- **Authorization server:** https://auth.ticketdesk.example", StringComparison.Ordinal);

    [Theory]
    [InlineData("https://api.ticketdesk.example/v1", "is the resource", "Read AgentAuthSettings.Resource")]
    [InlineData("https://auth.ticketdesk.example", "is the issuer", "Read AgentAuthSettings.Issuer")]
    [InlineData("https://api.ticketdesk.example/.well-known/oauth-protected-resource/v1", "follows from the resource", "Make it from AgentAuthSettings.Resource")]
    [InlineData("https://auth.ticketdesk.example/.well-known/oauth-authorization-server", "follows from the issuer", "Make it from AgentAuthSettings.Issuer")]
    [InlineData("https://auth.ticketdesk.example/auth.md", "follows from the issuer", "Make it from AgentAuthSettings.Issuer")]
    [InlineData("https://auth.ticketdesk.example/agent/auth", "follows from the issuer", "Make it from AgentAuthSettings.Issuer")]
    [InlineData("https://auth.ticketdesk.example/agent/auth/claim", "follows from the issuer", "Make it from AgentAuthSettings.Issuer")]
    [InlineData("https://auth.ticketdesk.example/agent/auth/revoke", "follows from the issuer", "Make it from AgentAuthSettings.Issuer")]
    public async Task An_identifier_and_what_follows_from_it_are_reported(string url, string what, string instead)
    {
        Assert.Equal(
            [$"Program.cs(1,20): AUTHMD3005 '{url}' {what} of auth.md, which a deployment may override. {instead}, from the services, instead"],
            await RunAsync($"Console.WriteLine( \"{url}\");", s_authMd));
    }

    [Theory]
    [InlineData("var resource = \"https://api.ticketdesk.example\"; _ = resource;")]
    [InlineData("_ = new Uri(\"https://api.ticketdesk.example\");")]
    [InlineData("_ = @\"https://api.ticketdesk.example\";")]
    [InlineData("_ = $\"{\"https://api.ticketdesk.example\"}/tickets\";")]
    [InlineData("_ = args[0] == \"https://api.ticketdesk.example\";")]
    [InlineData("const string Resource = \"https://api.ticketdesk.example\"; Console.WriteLine(Resource);")]
    [InlineData("static class Own { private const string Resource = \"https://api.ticketdesk.example\"; public static readonly Uri Uri = new(Resource); }")]
    [InlineData("static class Own { public static string Resource => \"https://api.ticketdesk.example\"; }")]
    [InlineData("_ = args.Select(_ => \"https://api.ticketdesk.example\");")]
    [InlineData("var app = WebApplication.Create(args); app.Configuration[\"Cors\"] = \"https://api.ticketdesk.example\";")]
    public async Task Wherever_a_value_may_stand_instead(string code)
    {
        Assert.Contains("AUTHMD3005 'https://api.ticketdesk.example' is the resource of auth.md", Assert.Single(await RunAsync(code)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[System.ComponentModel.Description(\"https://api.ticketdesk.example\")] class Own { }")]
    [InlineData("void Local(string resource = \"https://api.ticketdesk.example\") { } Local();")]
    [InlineData("switch (args[0]) { case \"https://api.ticketdesk.example\": break; }")]
    [InlineData("_ = args[0] is \"https://api.ticketdesk.example\";")]
    [InlineData("_ = args[0] switch { \"https://api.ticketdesk.example\" => 1, _ => 2 };")]
    [InlineData("const string Resource = \"https://api.ticketdesk.example\"; _ = args[0] is Resource;")]
    [InlineData("class Own { private const string Resource = \"https://api.ticketdesk.example\"; [System.ComponentModel.Description(Resource)] public void Use() { } }")]
    [InlineData("class Own { private const string Resource = \"https://api.ticketdesk.example\"; internal const string More = Resource + \"/x\"; }")]
    [InlineData("class Own { internal const string Resource = \"https://api.ticketdesk.example\"; }")]
    [InlineData("partial class Own { private const string Resource = \"https://api.ticketdesk.example\"; } partial class Own { }")]
    public async Task Where_only_a_constant_may_stand_nothing_is_said(string code)
    {
        Assert.Empty(await RunAsync(code));
    }

    [Theory]
    [InlineData("new ServiceCollection().AddAgentAuth(options => options.Issuer = \"https://api.ticketdesk.example\");")]
    [InlineData("new ServiceCollection().AddAgentAuth(options => { options.Resource = \"https://api.ticketdesk.example\"; });")]
    [InlineData("var app = WebApplication.Create(args); app.Configuration[\"AgentAuth:Issuer\"] = \"https://api.ticketdesk.example\";")]
    [InlineData("_ = new System.Collections.Generic.Dictionary<string, string> { [\"AgentAuth:Resource\"] = \"https://api.ticketdesk.example\" };")]
    public async Task Where_a_deployment_says_what_it_is_nothing_is_said(string code)
    {
        Assert.Empty(await RunAsync(code));
    }

    [Theory]
    [InlineData("_ = \"https://api.ticketdesk.example/tickets\";")]
    [InlineData("_ = \"https://api.ticketdesk.example/\";")]
    [InlineData("_ = \"https://API.ticketdesk.example\";")]
    [InlineData("_ = \"api.ticketdesk.example\";")]
    [InlineData("_ = \"See https://api.ticketdesk.example\";")]
    [InlineData("_ = $\"https://api.ticketdesk.example\";")]
    [InlineData("// https://api.ticketdesk.example")]
    public async Task Another_text_is_left_alone(string code)
    {
        Assert.Empty(await RunAsync(code));
    }

    [Fact]
    public async Task A_document_without_usable_identifiers_has_none_to_find()
    {
        Assert.Empty(await RunAsync("_ = \"nonsense\";", AnalyzerHarness.AuthMd.Replace("https://api.ticketdesk.example", "nonsense", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_is_said_without_a_marked_auth_md_or_without_the_runtime_or_in_tests_or_in_generated_code()
    {
        const string code = "System.Console.WriteLine(\"https://api.ticketdesk.example\");";

        Assert.Empty(await WiredApp.RunAsync(new HardCodedIdentifierAnalyzer(), code, marked: false));
        Assert.Empty(await WiredApp.RunAsync(new HardCodedIdentifierAnalyzer(), code, withRuntime: false));
        Assert.Empty(await WiredApp.RunAsync(new HardCodedIdentifierAnalyzer(), code, ofTests: true));
        Assert.Empty(await WiredApp.RunAsync(new HardCodedIdentifierAnalyzer(), code, path: "Program.g.cs"));
        Assert.Single(await WiredApp.RunAsync(new HardCodedIdentifierAnalyzer(), code));
    }

    private static Task<string[]> RunAsync(string code, string authMd = AnalyzerHarness.AuthMd) => WiredApp.RunAsync(
        new HardCodedIdentifierAnalyzer(),
        code.Contains("class ", StringComparison.Ordinal) ? "Console.WriteLine();\n" + code : code + "\nConsole.WriteLine();",
        authMd);
}

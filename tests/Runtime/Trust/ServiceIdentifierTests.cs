using System.Text.Json.Nodes;
using AgentAuth.Assertions;
using AgentAuth.Protocol;

namespace AgentAuth.Trust;

public sealed class ServiceIdentifierTests
{
    [Theory]
    [InlineData("https://h", "https://h", true)]
    [InlineData("https://h/", "https://h", true)]
    [InlineData("https://h", "https://h/", true)]
    [InlineData("http://localhost:5080/", "http://localhost:5080", true)]
    [InlineData("https://h/a", "https://h/a", true)]
    [InlineData("https://h/a/", "https://h/a", false)]
    [InlineData("https://h//", "https://h", false)]
    [InlineData("https://h//", "https://h/", false)]
    [InlineData("https://h/./", "https://h", false)]
    [InlineData("https://h/?", "https://h/", false)]
    [InlineData("https://h?/", "https://h?", false)]
    [InlineData("https://h#/", "https://h#", false)]
    [InlineData("https://H/", "https://h", false)]
    [InlineData("https://h:443/", "https://h", false)]
    [InlineData("https:///", "https://", false)]
    [InlineData("h/", "h", false)]
    [InlineData("/", "", false)]
    [InlineData("", "", true)]
    public void W5_two_are_the_same_but_for_a_lone_root_slash(string one, string other, bool areSame)
    {
        Assert.Equal(areSame, ServiceIdentifier.AreSame(one, other));
        Assert.Equal(areSame, ServiceIdentifier.AreSame(other, one));
    }

    [Finding("W5", "An ID-JAG or a logout token whose `aud` has a slash more or less at the root, as URL objects write it", "It is for this service")]
    [Theory]
    [InlineData("\"https://auth.service.example/\"")]
    [InlineData("[\"https://auth.service.example/\"]")]
    [InlineData("\"https://api.service.example\"")]
    [InlineData("\"https://api.service.example/\"")]
    public async Task W5_root_slash_of_the_audience_does_not_count(string audience)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.AcceptAsync(bench.Token(claims => claims["aud"] = JsonNode.Parse(audience)));
        await bench.AcceptLogoutAsync(bench.LogoutToken(claims => claims["aud"] = JsonNode.Parse(audience)));
    }

    [Fact]
    public async Task W5_slash_behind_a_path_is_another_audience()
    {
        await using var bench = await VerifierBench.StartAsync(settings: settings => settings with { Issuer = "https://h.example/agents", Resource = "https://h.example/api/" });

        await bench.AcceptAsync(bench.Token(claims => claims["aud"] = "https://h.example/agents"));
        await bench.AcceptAsync(bench.Token(claims => (claims["aud"], claims["resource"]) = ("https://h.example/api/", "https://h.example/api/")));
        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = "https://h.example/agents/"), RefusalReason.InvalidAudience);
        await bench.RefuseAsync(bench.Token(claims => claims["aud"] = "https://h.example/api"), RefusalReason.InvalidAudience);
        await bench.RefuseAsync(
            bench.Token(claims => (claims["aud"], claims["resource"]) = ("https://h.example/api/", "https://h.example/api")), RefusalReason.InvalidTarget);
    }

    [Finding("W5", "An ID-JAG with the right `aud` and another `resource`", "`400 invalid_target`, and the sentence names `resource` and what it should be")]
    [Theory]
    [InlineData("\"https://x.example\"")]
    [InlineData("\"https://auth.service.example\"")]
    [InlineData("[\"https://x.example\",\"https://api.service.example//\"]")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{\"https://api.service.example/\":1}")]
    public async Task W5_another_resource_has_its_own_error_and_sentence(string resource)
    {
        await using var bench = await VerifierBench.StartAsync();
        var token = bench.Token(claims => claims["resource"] = JsonNode.Parse(resource));

        await bench.RefuseAsync(token, RefusalReason.InvalidTarget);

        var message = (await bench.App.RegisterByAssertionAsync(token)).Text("message");
        Assert.Equal(
            "The ID-JAG's `aud` is right, but its `resource` names another resource. Mint one whose `resource` is https://api.service.example/, or that has none.", message);
    }

    [Theory]
    [InlineData("\"https://api.service.example/\"")]
    [InlineData("\"https://api.service.example\"")]
    [InlineData("[\"https://api.service.example\"]")]
    [InlineData("[\"https://x.example\",1,\"https://api.service.example/\"]")]
    public async Task W5_this_resource_alone_or_among_others_is_taken(string resource)
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.AcceptAsync(bench.Token(claims => claims["resource"] = JsonNode.Parse(resource)));
    }

    [Fact]
    public async Task W5_wrong_audience_is_told_before_the_resource()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(
            bench.Token(claims => (claims["aud"], claims["resource"]) = ("https://x.example", "https://x.example")), RefusalReason.InvalidAudience);
    }

    [Fact]
    public async Task W5_root_slash_counts_in_issuer_and_client()
    {
        await using var bench = await VerifierBench.StartAsync(provider: provider => provider with { Clients = ["https://client.example"] });

        await bench.AcceptAsync(bench.Token(claims => claims["client_id"] = "https://client.example"));
        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = "https://client.example/"), RefusalReason.InvalidClient);
        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = VerifierBench.Provider + "/"), RefusalReason.InvalidClient);
        await bench.RefuseAsync(bench.Token(claims => claims["iss"] = VerifierBench.Provider + "/"), RefusalReason.InvalidIssuer);
    }

    [Finding("W5", "Configured identifiers of issuer and resource that differ in the root slash alone", "The start fails with a sentence")]
    [Theory]
    [InlineData("https://h.example", "https://h.example/", true)]
    [InlineData("https://h.example/", "https://h.example", true)]
    [InlineData("https://h.example", "https://h.example", false)]
    [InlineData("https://h.example/a", "https://h.example/a/", false)]
    public async Task W5_identifiers_that_differ_in_the_root_slash_stop_the_start(string issuer, string resource, bool isRefused)
    {
        Task<TestService> StartAsync() => TestService.StartAsync(configure: options => (options.Issuer, options.Resource) = (issuer, resource));
        if (!isRefused)
        {
            await using var service = await StartAsync();
            return;
        }

        var refusal = await Assert.ThrowsAsync<AgentAuthConfigurationException>(StartAsync);
        Assert.Contains(
            $"AgentAuth:Issuer is '{issuer}' and AgentAuth:Resource is '{resource}'. They differ in the last slash alone, and tokens take them for one identifier: write both the same way.",
            refusal.Problems);
    }

    // auth.md names the resource, and its origin is the issuer by default.
    [Fact]
    public async Task W5_issuer_that_is_the_origin_of_the_resource_by_default_starts()
    {
        await using var service = await TestService.StartAsync(TestService.Manifest with { Issuer = "https://h.example", Resource = "https://h.example/" });
    }
}

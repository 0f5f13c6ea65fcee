using AgentAuth.Protocol;

namespace AgentAuth.Assertions;

/// <summary>Clients that the operator names instead of letting their documents speak.</summary>
public class AcceptedClientsTests
{
    [Theory]
    [InlineData("https://client.example/agent.json")]
    [InlineData("own-client")]
    public async Task Named_client_is_accepted_without_a_look_at_its_document(string clientId)
    {
        await using var bench = await StartAsync(clientId);

        var assertion = await bench.AcceptAsync(bench.Token(claims => claims["client_id"] = clientId));

        Assert.Equal(clientId, assertion.Agent.ClientId);
        Assert.Equal(1, bench.RequestsSent);
    }

    [Fact]
    public async Task Provider_itself_stays_accepted()
    {
        await using var bench = await StartAsync("own-client");

        await bench.AcceptAsync(bench.Token());
    }

    [Theory]
    [InlineData("own-client ")]
    [InlineData("OWN-CLIENT")]
    [InlineData("own")]
    [InlineData("https://agents.example/client.json")]
    public async Task Nobody_else_is_accepted(string clientId)
    {
        await using var bench = await StartAsync("own-client");

        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = clientId), RefusalReason.InvalidClient);

        Assert.Equal(1, bench.RequestsSent);
    }

    [Fact]
    public async Task A_document_that_would_vouch_is_not_even_asked()
    {
        await using var bench = await StartAsync("own-client");

        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId), RefusalReason.InvalidClient);

        Assert.Equal(1, bench.Server.Requests);
    }

    [Fact]
    public async Task A_client_named_for_one_provider_is_none_of_anothers()
    {
        await using var bench = await StartAsync("own-client");

        await bench.RefuseAsync(
            bench.Token(claims => (claims["iss"], claims["client_id"]) = (VerifierBench.OtherProvider, "own-client"), key: bench.OtherKey), RefusalReason.InvalidClient);
    }

    private static Task<VerifierBench> StartAsync(params string[] clients) =>
        VerifierBench.StartAsync(provider: provider => provider with { Clients = [.. clients] });
}

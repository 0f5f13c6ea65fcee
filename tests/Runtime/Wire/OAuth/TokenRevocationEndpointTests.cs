using System.Net;
using AgentAuth.Protocol.OAuth;

namespace AgentAuth.Wire.OAuth;

/// <summary>RFC 7009 over HTTP.</summary>
public sealed class TokenRevocationEndpointTests
{
    [Fact]
    public async Task A_client_ends_its_own_token_and_it_is_dead_at_once()
    {
        await using var client = await OAuthClient.StartAsync();
        var token = (await client.RedeemAsync(client.Mint())).Text("access_token");

        var answer = await RevokeAsync(client, token, OAuthClient.Secret);

        answer.Is(HttpStatusCode.OK);
        Assert.Equal("", answer.Body);
        (await client.Pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.Unauthorized, "invalid_token");
        var row = (await client.Pair.Service.Store.ReadAuditAsync(null, 10, TestContext.Current.CancellationToken)).First(audit => audit.Name == AgentAuditEvents.TokenRevoked);
        Assert.Equal((OAuthClient.Id, "success"), (row.ClientId, row.Outcome));
        (await RevokeAsync(client, token, OAuthClient.Secret)).Is(HttpStatusCode.OK);
        (await client.RedeemAsync(client.Mint())).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_ends_the_token_of_a_registered_client_but_itself()
    {
        await using var client = await OAuthClient.StartAsync();
        var token = (await client.RedeemAsync(client.Mint())).Text("access_token");
        var key = (await client.Pair.Service.RegisterAnonymouslyAsync()).Text("credential");

        (await client.PostAsync(OAuthPaths.Revoke, null, ("token", token))).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await RevokeAsync(client, token, "wrong")).Is(HttpStatusCode.Unauthorized, "invalid_client");
        (await RevokeAsync(client, key, OAuthClient.Secret)).Is(HttpStatusCode.BadRequest, "unauthorized_client");
        (await client.Pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.OK);
        (await client.Pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_holds_a_public_clients_credential_may_end_it()
    {
        await using var client = await OAuthClient.StartAsync();
        var key = (await client.Pair.Service.RegisterAnonymouslyAsync()).Text("credential");

        (await client.PostAsync(OAuthPaths.Revoke, null, ("token", key), ("token_type_hint", "whatever"))).Is(HttpStatusCode.OK);

        (await client.Pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task What_is_unknown_is_answered_as_ended_and_what_is_missing_as_an_error()
    {
        await using var client = await OAuthClient.StartAsync();

        (await client.PostAsync(OAuthPaths.Revoke, null, ("token", "whatever"))).Is(HttpStatusCode.OK);
        (await client.PostAsync(OAuthPaths.Revoke, null, ("token_type_hint", "access_token"))).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task The_authorize_address_is_a_page_that_never_redirects()
    {
        await using var client = await OAuthClient.StartAsync();

        var answer = await client.Pair.Service.GetAsync($"{OAuthPaths.Authorize}?response_type=code&client_id=x&redirect_uri=https%3A%2F%2Fevil.example&state=%3Cscript%3E");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("text/html", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer.Body, StringComparison.Ordinal);
        Assert.Contains(TestService.Issuer + "/auth.md", answer.Body, StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Location"));
    }

    private static Task<Answer> RevokeAsync(OAuthClient client, string token, string secret) =>
        client.PostAsync(OAuthPaths.Revoke, OAuthClient.Basic(OAuthClient.Id, secret), ("token", token));
}

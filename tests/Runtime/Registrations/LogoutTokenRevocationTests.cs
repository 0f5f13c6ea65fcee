using System.Net;
using AgentAuth.Storage;
using AgentAuth.Testing;

namespace AgentAuth.Registrations;

/// <summary>What a logout token leaves behind.</summary>
public sealed class LogoutTokenRevocationTests
{
    [Fact]
    public async Task A_token_that_expires_before_it_is_used_up_is_expired_and_ends_nothing()
    {
        await using var pair = await ServiceWithProvider.StartAsync(services: RecordingStore.Use);
        var token = (await pair.RegisterAsync(pair.Mint())).Text("credential");
        RecordingStore.Before(pair.Service, nameof(IAgentAuthStore.RevokeAsync), () => pair.Service.Time.Advance(TimeSpan.FromMinutes(6)));

        (await pair.LogoutAsync(pair.MintLogout())).Is(HttpStatusCode.BadRequest, "expired");

        (await pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_that_ends_nothing_is_audited_with_whose_access_it_was_to_end()
    {
        await using var pair = await ServiceWithProvider.StartAsync();

        var answer = await pair.LogoutAsync(pair.Provider.MintLogoutToken(new LogoutTokenRequest { Audience = TestService.Issuer, JwtId = "jti-1" }));

        Assert.Equal((HttpStatusCode.OK, "{\"revoked\":0}"), (answer.Status, answer.Body));
        var row = Assert.Single(await pair.Service.Store.ReadAuditAsync(null, 10, TestContext.Current.CancellationToken));
        Assert.Equal(
            ("registration.revoked", "success", "127.0.0.1", pair.Provider.Issuer, "user-alice", "jti-1", pair.Service.Time.GetUtcNow()),
            (row.Name, row.Outcome, row.RemoteAddress, row.Issuer, row.Subject, row.JwtId, row.At));
    }
}

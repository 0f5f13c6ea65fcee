using System.Net;
using AgentAuth.Testing;

namespace AgentAuth.Revocations;

/// <summary>What a logout token leaves behind.</summary>
public sealed class LogoutTokenRevocationTests
{
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

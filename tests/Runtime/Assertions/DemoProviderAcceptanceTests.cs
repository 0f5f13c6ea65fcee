using AgentAuth.Protocol;
using AgentAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Assertions;

/// <summary>The provider of the Testing library and the verifier agree, over HTTP and with the system's clock.</summary>
public class DemoProviderAcceptanceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Tokens_of_the_demo_provider_are_accepted(string algorithm)
    {
        await using var provider = await DemoIdentityProvider.StartAsync(
            options: new DemoIdentityProviderOptions { Algorithm = algorithm }, cancellationToken: Cancellation);
        await using var services = ServicesFor(provider);
        var verifier = services.GetRequiredService<AssertionVerifier>();
        var own = new IdJagRequest { Audience = VerifierBench.Service };

        var assertion = await verifier.VerifyIdJagAsync(provider.MintIdJag(own), IdJagTerms.AgentDoor, Cancellation);
        Assert.Equal("alice@example.com", assertion.Value?.Email);
        var byClient = await verifier.VerifyIdJagAsync(provider.MintIdJag(own with { ClientId = provider.ClientId }), IdJagTerms.AgentDoor, Cancellation);
        Assert.Equal(provider.ClientId, byClient.Value?.Agent.ClientId);
        var unverified = await verifier.VerifyIdJagAsync(provider.MintIdJag(own with { User = provider.User("carol") }), IdJagTerms.AgentDoor, Cancellation);
        Assert.Equal(RefusalReason.MissingVerifiedEmail, unverified.Refusal?.Reason);
        var logout = await verifier.VerifyLogoutTokenAsync(
            provider.MintLogoutToken(new LogoutTokenRequest { Audience = VerifierBench.Service }), Cancellation);
        Assert.Equal(assertion.Value!.Agent.Delegation, logout.Value?.Delegation);
        Assert.Equal(1, provider.KeyRequests);
    }

    private static ServiceProvider ServicesFor(DemoIdentityProvider provider) => new ServiceCollection()
        .AddSingleton(VerifierBench.SettingsFor(VerifierBench.Trusted(provider.Issuer, provider.KeysUri)))
        .AddSingleton(TimeProvider.System)
        .AddLogging()
        .AddAssertions()
        .BuildServiceProvider();
}

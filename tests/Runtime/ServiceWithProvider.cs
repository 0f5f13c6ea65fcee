using AgentAuth.Manifest;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth;

/// <summary>A service with a real provider on loopback that it trusts. Both go by one clock.</summary>
internal sealed record ServiceWithProvider(TestService Service, DemoIdentityProvider Provider) : IAsyncDisposable
{
    public static async Task<ServiceWithProvider> StartAsync(
        AgentAuthManifest? manifest = null,
        bool trustsEmail = false,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? endpoints = null,
        string? folder = null,
        string providerName = "Demo Agents",
        bool warmsUp = false,
        Action<AgentAuthTrustedProviderOptions>? trust = null,
        bool limits = false,
        Action<AgentAuthOptions>? configure = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var provider = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { Clock = time }, cancellationToken: TestContext.Current.CancellationToken);
        var service = await StartServiceAsync(provider, time, manifest, trustsEmail, services, endpoints, folder, providerName, warmsUp, trust, limits, configure);
        return new ServiceWithProvider(service, provider);
    }

    /// <summary>Only the service, for a provider that is there already.</summary>
    public static Task<TestService> StartServiceAsync(
        DemoIdentityProvider provider,
        FakeTimeProvider time,
        AgentAuthManifest? manifest = null,
        bool trustsEmail = false,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? endpoints = null,
        string? folder = null,
        string providerName = "Demo Agents",
        bool warmsUp = false,
        Action<AgentAuthTrustedProviderOptions>? trust = null,
        bool limits = false,
        Action<AgentAuthOptions>? configure = null) =>
        TestService.StartAsync(manifest, time: time, folder: folder, services: services, endpoints: endpoints, warmsUp: warmsUp, configure: options =>
        {
            options.AllowLoopbackHttp = true;
            options.Limits.Enabled = limits;
            var trusted = new AgentAuthTrustedProviderOptions { Issuer = provider.Issuer, Name = providerName, TrustsEmail = trustsEmail };
            trust?.Invoke(trusted);
            options.TrustedProviders.Add(trusted);
            configure?.Invoke(options);
        });

    public string Mint(Func<IdJagRequest, IdJagRequest>? change = null)
    {
        var request = new IdJagRequest { Audience = TestService.Issuer };
        return Provider.MintIdJag(change?.Invoke(request) ?? request);
    }

    public string MintLogout() => Provider.MintLogoutToken(new LogoutTokenRequest { Audience = TestService.Issuer });

    public Task<Answer> RegisterAsync(string assertion, string type = "access_token") => Service.RegisterByAssertionAsync(assertion, type);

    public Task<Answer> LogoutAsync(string token) => Service.LogoutAsync(token);

    /// <summary>Makes an account by claiming a registration by email; the account's id.</summary>
    public async Task<string> AccountByEmailAsync(string email)
    {
        var registered = await Service.RegisterByEmailAsync(email);
        var code = await Service.ShowCodeAsync(await Service.NextLinkTokenAsync());
        var completed = await CompleteAsync(registered, code);
        return (await Service.GetAsync("/api/tickets", completed.Text("credential"))).Body;
    }

    public Task<Answer> CompleteAsync(Answer registered, string code) =>
        Service.PostAsync("/agent/auth/claim/complete", new { claim_token = registered.Text("claim_token"), otp = code });

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

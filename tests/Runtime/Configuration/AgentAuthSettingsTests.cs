using AgentAuth.Hosting;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Configuration;

public sealed class AgentAuthSettingsTests
{
    [Fact]
    public void Configuration_overrides_the_manifest_and_code_overrides_configuration()
    {
        var settings = Create(
            new() { ["AgentAuth:Issuer"] = "https://one.example", ["AgentAuth:Resource"] = "https://two.example/" },
            options => options.Issuer = "https://three.example");

        Assert.Equal("https://three.example", settings.Issuer);
        Assert.Equal("https://two.example/", settings.Resource);
        Assert.True(settings.LimitsEnabled);
        Assert.False(settings.AllowLoopbackHttp);
    }

    [Theory]
    [InlineData("AgentAuth:Isuer", "x", "AgentAuth:Isuer is not a setting. AgentAuth has Issuer, Resource, AllowLoopbackHttp, RequireScopes, TrustedProviders, Clients, Storage, Mail, Limits.")]
    [InlineData("AgentAuth:Limits:Enable", "false", "AgentAuth:Limits:Enable is not a setting. AgentAuth:Limits has Enabled.")]
    [InlineData("AgentAuth:AllowLoopbackHttp", "yes", "AgentAuth:AllowLoopbackHttp is 'yes'; it must be true or false.")]
    [InlineData("AgentAuth:RequireScopes", "Strict", "AgentAuth:RequireScopes is 'Strict'; it must be Warn or Fail.")]
    [InlineData("AgentAuth:RequireScopes", "1", "AgentAuth:RequireScopes is '1'; it must be Warn or Fail.")]
    [InlineData("AgentAuth:RequireScopes", "", "AgentAuth:RequireScopes is ''; it must be Warn or Fail.")]
    [InlineData("AgentAuth:Issuer", "tickets", "AgentAuth:Issuer is 'tickets'; it must be an absolute https URL.")]
    [InlineData("AgentAuth:Issuer", "http://tickets.example", "AgentAuth:Issuer is 'http://tickets.example'; it must be https.")]
    [InlineData("AgentAuth:Issuer", "https://tickets.example/?a=b", "AgentAuth:Issuer is 'https://tickets.example/?a=b'; it must have no user name, no fragment and no query.")]
    [InlineData("AgentAuth:Issuer", "https://xn--\u00fc.example", "AgentAuth:Issuer is 'https://xn--\u00fc.example', whose host no name server can know (RFC 5891). Write the name as it is registered.")]
    [InlineData("AgentAuth:Resource", "https://tickets.example/#a", "AgentAuth:Resource is 'https://tickets.example/#a'; it must have no user name, no fragment.")]
    [InlineData("AgentAuth:Resource", "http://localhost:5080", "AgentAuth:Resource is 'http://localhost:5080'. Plain http on the loopback interface is for development: set AgentAuth:AllowLoopbackHttp to true there.")]
    [InlineData("AgentAuth:TrustedProviders:0:Issuer", "https://auth.tickets.example", "The trusted providers include 'https://auth.tickets.example', which is this service itself. A service must not accept assertions of its own.")]
    [InlineData("AgentAuth:TrustedProviders:0:Name", "x", "AgentAuth:TrustedProviders:0 (Issuer) is ''; it must be an absolute https URL.")]
    [InlineData("AgentAuth:Mail:From", "nobody", "AgentAuth:Mail:From is 'nobody'; it must be one plain mail address.")]
    public void Unknown_keys_and_weak_values_stop_the_start_with_a_sentence(string key, string value, string sentence)
    {
        var refusal = Assert.Throws<AgentAuthConfigurationException>(() => Create(new() { [key] = value }));

        Assert.Contains(sentence, refusal.Problems);
    }

    [Theory]
    [InlineData(null, AgentScopesMode.Warn)]
    [InlineData("warn", AgentScopesMode.Warn)]
    [InlineData("FAIL", AgentScopesMode.Fail)]
    public void RequireScopes_is_Warn_unless_configured(string? value, AgentScopesMode mode)
    {
        var settings = Create(value is null ? [] : new() { ["AgentAuth:RequireScopes"] = value });

        Assert.Equal(mode, settings.RequireScopes);
    }

    [Fact]
    public void A_RequireScopes_of_code_that_is_no_mode_stops_the_start()
    {
        var refusal = Assert.Throws<AgentAuthConfigurationException>(() => Create([], options => options.RequireScopes = (AgentScopesMode)2));

        Assert.Equal(["AgentAuth:RequireScopes is '2'; it must be Warn or Fail."], refusal.Problems);
    }

    [Fact]
    public void A_weak_algorithm_of_a_provider_stops_the_start()
    {
        var refusal = Assert.Throws<AgentAuthConfigurationException>(() => Create(new()
        {
            ["AgentAuth:TrustedProviders:0:Issuer"] = "https://agents.example",
            ["AgentAuth:TrustedProviders:0:Algorithms:0"] = "HS256",
        }));

        Assert.Equal(["AgentAuth:TrustedProviders:0 (Algorithms) has 'HS256'; supported are ES256, ES384, RS256, PS256."], refusal.Problems);
    }

    [Fact]
    public void A_providers_keys_default_to_its_well_known_JWK_set()
    {
        var settings = Create(new() { ["AgentAuth:TrustedProviders:0:Issuer"] = "https://agents.example" });

        var provider = Assert.Single(settings.TrustedProviders);
        Assert.Equal("https://agents.example/.well-known/jwks.json", provider.KeysUri!.AbsoluteUri);
        Assert.Equal("agents.example", provider.DisplayName);
    }

    [Fact]
    public void Configuration_adds_to_a_provider_of_auth_md_and_keeps_what_auth_md_says_of_it()
    {
        var manifest = TestService.Manifest with
        {
            TrustedProviders =
            [
                new ManifestProvider { Issuer = "https://agents.example", Name = "Agents", RequiredAuthenticationMethods = ["mfa"], TrustsEmail = true },
                new ManifestProvider { Issuer = "https://other.example" },
            ],
        };

        var settings = Create(new()
        {
            ["AgentAuth:TrustedProviders:0:Issuer"] = "https://agents.example",
            ["AgentAuth:TrustedProviders:0:Requires:0"] = "hwk",
        }, manifest: manifest);

        Assert.Equal(["https://other.example", "https://agents.example"], settings.TrustedProviders.Select(p => p.Issuer));
        Assert.Equal(["hwk", "mfa"], settings.TrustedProviders[1].RequiredAuthenticationMethods);
        Assert.Equal("Agents", settings.TrustedProviders[1].DisplayName);
        Assert.True(settings.TrustedProviders[1].TrustsEmail);
    }

    [Fact]
    public void Loopback_http_is_allowed_only_when_asked_for()
    {
        var settings = Create(new() { ["AgentAuth:Issuer"] = "http://localhost:5080", ["AgentAuth:AllowLoopbackHttp"] = "true" });

        Assert.Equal("http://localhost:5080", settings.Issuer);
    }

    [Fact]
    public void Mapping_without_the_services_says_what_to_call()
    {
        using var app = WebApplication.CreateSlimBuilder().Build() as IDisposable;

        var refusal = Assert.Throws<InvalidOperationException>(() => AgentAuthEndpoints.For((WebApplication)app, TestService.Manifest));

        Assert.StartsWith("MapAgentAuth needs the services", refusal.Message, StringComparison.Ordinal);
    }

    private static AgentAuthSettings Create(
        Dictionary<string, string?> configuration, Action<AgentAuthOptions>? configure = null, AgentAuthManifest? manifest = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(configuration);
        AgentAuthServices.Add(builder.Services, manifest ?? TestService.Manifest, configure);
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<AgentAuthSettings>();
    }
}

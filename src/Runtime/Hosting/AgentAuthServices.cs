using AgentAuth.Accounts;
using AgentAuth.Assertions;
using AgentAuth.Audit;
using AgentAuth.Claims;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Limits;
using AgentAuth.Mail;
using AgentAuth.Manifest;
using AgentAuth.Registrations;
using AgentAuth.Revocations;
using AgentAuth.Storage;
using AgentAuth.Storage.Sqlite;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentAuth.Hosting;

/// <summary>Registers the services. Called by the generated <c>AddAgentAuth</c>, which knows the manifest.</summary>
public static class AgentAuthServices
{
    /// <summary>Adds everything that the endpoints, the authentication handler and the background work need.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="manifest">The compiled auth.md.</param>
    /// <param name="configure">Settings in code; they win over configuration.</param>
    public static AgentAuthBuilder Add(IServiceCollection services, AgentAuthManifest manifest, Action<AgentAuthOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(manifest);
        if (services.Any(s => s.ServiceType == typeof(AgentAuthManifest)))
        {
            throw new InvalidOperationException("AddAgentAuth was called twice. Call it once: a service has one auth.md.");
        }

        services.AddSingleton(manifest);
        services.AddSingleton(provider => AgentAuthSettingsFactory.Create(provider, configure));
        services.TryAddSingleton(TimeProvider.System);
        AddFeatures(services);
        AddStorage(services);
        AddSecurity(services);
        services.AddTransient<IStartupFilter, AgentAuthStartupFilter>();
        services.AddSingleton<IStartupFilter, EndpointCheck>();
        services.AddSingleton<IStartupFilter>(provider => new McpCheck(
            services, provider.GetRequiredService<AgentAuthSettings>(), provider, provider.GetRequiredService<ILogger<McpCheck>>()));
        services.AddHostedService<SecretsInUrls>();
        services.AddHostedService<AgentAuthStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<MailQueue>());
        services.AddHostedService<Sweeper>();
        services.AddHostedService<ProviderMonitor>();
        return new AgentAuthBuilder(services);
    }

    private static void AddFeatures(IServiceCollection services)
    {
        services.AddAssertions();
        services.AddSingleton<ServiceUrls>();
        services.AddSingleton<Challenge>();
        services.AddSingleton<SlidingWindowLimiter>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<AccountMatcher>();
        services.AddSingleton<IAgentAccounts, StoreAccounts>();
        services.AddSingleton<AnonymousRegistration>();
        services.AddSingleton<EmailRegistration>();
        services.AddSingleton<AssertionRegistration>();
        services.AddSingleton<ClaimNames>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<ClaimMailer>();
        services.AddSingleton<ClaimCeremony>();
        services.AddSingleton<ClaimPage>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<IAgentMail>(provider =>
        {
            var settings = provider.GetRequiredService<AgentAuthSettings>();
            return new FolderMail(settings.MailFolder, settings.MailFrom, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<LogoutTokenRevocation>();
        services.AddSingleton<IAgentAccess, StoreAccess>();
        services.AddSingleton<RegistrationEndpoint>();
        services.AddSingleton<ClaimEndpoints>();
        services.AddSingleton<RevocationEndpoint>();
        services.AddSingleton<AccessEndpoints>();
    }

    private static void AddStorage(IServiceCollection services)
    {
        services.AddSingleton<IAgentAuditSink, LogAuditSink>();
        services.AddSingleton<IAgentAuditSink, TelemetryAuditSink>();
        services.AddSingleton<AuditPublisher>();
        services.AddSingleton<IAgentAuthStore>(provider => new SqliteAgentAuthStore(
            provider.GetRequiredService<AgentAuthSettings>().StoragePath,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<AuditPublisher>()));
        services.AddSingleton(provider => ServerSecret.Load(provider.GetRequiredService<AgentAuthSettings>().StoragePath + ".key"));
    }

    private static void AddSecurity(IServiceCollection services)
    {
        services.AddSingleton<RevokedCredentialWatch>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, AgentAuthenticationHandler>(AgentAuthDefaults.AuthenticationScheme, null);
        services.AddSingleton<IPostConfigureOptions<AuthenticationOptions>, AgentDefaultScheme>();

        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, AgentAuthorizationHandler>();
        services.AddSingleton<AgentStepUpHandler>();
        services.AddSingleton<IAuthorizationHandler>(container => container.GetRequiredService<AgentStepUpHandler>());
        services.AddSingleton<IConfigureOptions<AuthorizationOptions>, AgentAuthorizationPolicies>();
        services.AddSingleton<IPostConfigureOptions<AuthorizationOptions>, AgentAuthorizationPolicies>();

        // Whoever answered for the app before us goes on answering for its users.
        var inner = services.Last(s => s.ServiceType == typeof(IAuthorizationMiddlewareResultHandler));
        services.Remove(inner);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(provider => new AgentAuthorizationResultHandler(
            inner.ImplementationInstance as IAuthorizationMiddlewareResultHandler
                ?? inner.ImplementationFactory?.Invoke(provider) as IAuthorizationMiddlewareResultHandler
                ?? (inner.ImplementationType is { } type && type != typeof(AuthorizationMiddlewareResultHandler)
                    ? (IAuthorizationMiddlewareResultHandler)ActivatorUtilities.CreateInstance(provider, type)
                    : new AuthorizationMiddlewareResultHandler()),
            provider.GetRequiredService<IOptions<AuthenticationOptions>>()));
    }
}

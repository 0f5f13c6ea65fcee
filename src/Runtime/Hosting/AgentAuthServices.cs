using System.ComponentModel;
using AgentAuth.Access;
using AgentAuth.Accounts;
using AgentAuth.Assertions;
using AgentAuth.Audit;
using AgentAuth.Claims;
using AgentAuth.Clients;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Limits;
using AgentAuth.Mail;
using AgentAuth.Manifest;
using AgentAuth.Operators;
using AgentAuth.Pages;
using AgentAuth.Registrations;
using AgentAuth.Storage;
using AgentAuth.Storage.Sqlite;
using AgentAuth.Wire.Http;
using AgentAuth.Wire.OAuth;
using AgentAuth.Wire.Operators;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentAuth.Hosting;

/// <summary>Registers the services. Called by the generated <c>AddAgentAuth</c>, which knows the manifest.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AgentAuthServices
{
    /// <summary>Adds everything that the endpoints, the authentication handler and the background work need.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="manifest">The compiled auth.md.</param>
    /// <param name="configure">Settings in code; they win over configuration.</param>
    /// <remarks>What the app has registered before as <see cref="IAgentAccounts"/>, <see cref="IAgentMail"/> or <see cref="TimeProvider"/> stays.</remarks>
    public static AgentAuthBuilder Add(IServiceCollection services, AgentAuthManifest manifest, Action<AgentAuthOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(manifest);
        if (services.Any(s => s.ServiceType == typeof(AgentAuthManifest)))
        {
            throw new InvalidOperationException("AddAgentAuth was called twice. Call it once: a service has one auth.md.");
        }

        services.AddSingleton(manifest);
        AgentAuthOptionsSetup.Add(services, configure);
        services.TryAddSingleton(TimeProvider.System);
        AddFeatures(services);
        AddStorage(services);
        AddSecurity(services);
        services.AddTransient<IStartupFilter, AgentAuthStartupFilter>();
        services.AddSingleton<IStartupFilter, EndpointCheck>();
        services.AddSingleton<SecretsInUrls>();
        services.AddHostedService(provider => provider.GetRequiredService<SecretsInUrls>());
        services.AddSingleton<IHttpLoggingInterceptor, SecretsInHttpLogs>();
        services.AddSingleton<IOptionsMonitor<W3CLoggerOptions>, SecretsInW3CLogs>();

        // The first filter is the outermost: whoever was here before must not see a URL other than it came.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(provider => provider.GetRequiredService<SecretsInUrls>()));
        services.AddSingleton<IStartupFilter>(provider => new McpCheck(
            services, provider.GetRequiredService<AgentAuthSettings>(), provider, provider.GetRequiredService<ILogger<McpCheck>>()));
        services.AddHostedService<AgentAuthStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<MailQueue>());
        services.AddHostedService(provider => provider.GetRequiredService<RefusalTrail>());
        services.AddHostedService<Sweeper>();
        services.AddHostedService<ProviderMonitor>();
        return new AgentAuthBuilder(services);
    }

    private static void AddFeatures(IServiceCollection services)
    {
        services.AddAssertions();
        services.AddSingleton<ServiceUrls>();
        services.AddSingleton<Challenge>();
        services.AddSingleton<UnusedForwardedHeaders>();
        services.AddSingleton<SlidingWindowLimiter>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<AccountIds>();
        services.AddSingleton<AccountMatcher>();
        services.TryAddSingleton<IAgentAccounts, StoreAccounts>();
        services.AddSingleton<AnonymousRegistration>();
        services.AddSingleton<EmailRegistration>();
        services.AddSingleton<AssertionRegistration>();
        services.AddSingleton<RefusalTrail>();
        services.AddSingleton<ClaimNames>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<ClaimMailer>();
        services.AddSingleton<ClaimCeremony>();
        services.AddSingleton<PageShell>();
        services.AddSingleton<ClaimPage>();
        services.AddSingleton<PageMemory>();
        services.AddSingleton<MailQueue>();
        services.TryAddSingleton<IAgentMail>(provider =>
        {
            var settings = provider.GetRequiredService<AgentAuthSettings>();
            return new FolderMail(settings.MailFolder, settings.MailFrom, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<LogoutTokenRevocation>();
        services.TryAddSingleton<IAgentAccess, StoreAccess>();
        services.AddSingleton<WireProfile>(V01Profile.Instance);
        services.AddSingleton<RegistrationEndpoint>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<TokenRevocationEndpoint>();
        services.AddSingleton<AuthorizePage>();
        services.AddSingleton<ClaimEndpoints>();
        services.AddSingleton<RevocationEndpoint>();
        services.AddSingleton<AccessEndpoints>();
    }

    private static void AddStorage(IServiceCollection services)
    {
        services.AddSingleton<IAgentAuditSink, LogAuditSink>();
        services.AddSingleton<IAgentAuditSink, TelemetryAuditSink>();
        services.AddSingleton<AuditPublisher>();
        services.AddSingleton<CredentialChanges>();
        services.TryAddSingleton<IStoreEngine>(provider => provider.GetRequiredService<IOptions<AgentAuthOptions>>().Value.Storage.PostgreSql is null
            ? new SqliteEngine(provider.GetRequiredService<AgentAuthSettings>().StoragePath, provider.GetRequiredService<TimeProvider>())
            : throw new AgentAuthConfigurationException(
                ["AgentAuth:Storage:PostgreSql is set, and the app keeps its data in SQLite. Call AddPostgreSql (package AgentAuth.PostgreSql) with it, or remove the setting."]));
        services.TryAddSingleton<IAgentAuthStore>(provider => new AgentAuthStore(
            provider.GetRequiredService<IStoreEngine>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<AuditPublisher>())
        {
            Changes = provider.GetRequiredService<CredentialChanges>(),
        });
        services.AddSingleton(provider => new ServerSecret(provider.GetRequiredService<AgentAuthSettings>().StoragePath + ".key"));
    }

    private static void AddSecurity(IServiceCollection services)
    {
        services.AddSingleton<RevokedCredentialWatch>();
        services.AddSingleton<CredentialWatch>();
        services.Configure<HubOptions>(hubs => hubs.AddFilter<RevokedConnections>());
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, AgentAuthenticationHandler>(AgentAuthDefaults.AuthenticationScheme, null);
        services.AddSingleton<IPostConfigureOptions<AuthenticationOptions>, AgentDefaultScheme>();
        services.AddSingleton<LiveCredentials>();
        Decorate<IAuthenticationService>(services, (inner, provider) =>
            new AgentAuthenticationService(inner, provider.GetRequiredService<IAuthenticationHandlerProvider>()));

        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, AgentAuthorizationHandler>();
        services.AddSingleton<AgentStepUpHandler>();
        services.AddSingleton<IAuthorizationHandler>(container => container.GetRequiredService<AgentStepUpHandler>());
        services.AddSingleton<IConfigureOptions<AuthorizationOptions>, AgentAuthorizationPolicies>();
        services.AddSingleton<IPostConfigureOptions<AuthorizationOptions>, AgentAuthorizationPolicies>();

        Decorate<IPolicyEvaluator>(services, (inner, _) => new AgentPolicyEvaluator(inner));

        // Whoever answered for the app before us goes on answering for its users.
        Decorate<IAuthorizationMiddlewareResultHandler>(services, (inner, provider) =>
            new AgentAuthorizationResultHandler(inner, provider.GetRequiredService<IOptions<AuthenticationOptions>>()));

        // Options are configured in the order of their registration, and filters run in the order in which they were added.
        services.AddSingleton<AgentHubFilter>();
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<HubOptions>, AgentHubFilterSetup>());
    }

    /// <summary>Puts something of ours around the service that is registered, which goes on being made as it was.</summary>
    private static void Decorate<T>(IServiceCollection services, Func<T, IServiceProvider, T> decorate)
        where T : class
    {
        var inner = services.Last(s => s.ServiceType == typeof(T) && !s.IsKeyedService);
        services.Remove(inner);
        var key = typeof(AgentAuthServices);
        services.Add(inner switch
        {
            { ImplementationInstance: { } instance } => new ServiceDescriptor(typeof(T), key, instance),
            { ImplementationFactory: { } factory } => new ServiceDescriptor(typeof(T), key, (provider, _) => factory(provider), inner.Lifetime),
            _ => new ServiceDescriptor(typeof(T), key, inner.ImplementationType!, inner.Lifetime),
        });
        services.Add(new ServiceDescriptor(typeof(T), provider => decorate(provider.GetRequiredKeyedService<T>(key), provider), inner.Lifetime));
    }
}

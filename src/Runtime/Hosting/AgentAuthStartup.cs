using AgentAuth.Claims;
using AgentAuth.Credentials;
using AgentAuth.Mail;
using AgentAuth.Storage;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Hosting;

/// <summary>
/// Before the first request: settings are checked and the store is opened, so that a service that cannot work does not start. Once it
/// listens: endpoints that say nothing about agents are named in the log.
/// </summary>
internal sealed partial class AgentAuthStartup(
    AgentAuthSettings settings,
    IAgentAuthStore store,
    IServiceProvider services,
    IHostEnvironment environment,
    ILogger<AgentAuthStartup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await store.InitializeAsync(cancellationToken);
        _ = services.GetRequiredService<ServerSecret>();
        if (!environment.IsDevelopment() && services.GetRequiredService<IAgentMail>() is FolderMail)
        {
            MailGoesToFolder(logger, settings.MailFolder);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints)
        {
            if (EndpointAccess.Of(endpoint) == AgentAccess.Unsaid && endpoint.Metadata.GetMetadata<ProtocolEndpointMetadata>() is null)
            {
                SaysNothing(logger, endpoint.DisplayName ?? endpoint.ToString() ?? "(unnamed)");
            }
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "Claim mails are written to the folder {Folder} and reach nobody by themselves. Register a transport with AddAgentAuth().AddMail<T>(), or let your mail system collect them there.")]
    private static partial void MailGoesToFolder(ILogger logger, string folder);

    [LoggerMessage(2, LogLevel.Warning, "The endpoint {Endpoint} says nothing about agents, so every agent gets 403 there. Say what you mean: RequireAgentScope, RequireUserOrAgentScope, DenyAgents or AllowAnonymous.")]
    private static partial void SaysNothing(ILogger logger, string endpoint);
}

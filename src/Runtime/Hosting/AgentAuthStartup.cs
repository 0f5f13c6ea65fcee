using AgentAuth.Claims;
using AgentAuth.Mail;
using AgentAuth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Hosting;

/// <summary>Before the first request: settings are checked and the store is opened, so that a service that cannot work does not start.</summary>
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
        TrustListLog.Write(logger, settings);
        if (!environment.IsDevelopment() && services.GetRequiredService<IAgentMail>() is FolderMail)
        {
            MailGoesToFolder(logger, settings.MailFolder);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "Claim mails are written to the folder {Folder} and reach nobody by themselves. Register a transport with AddAgentAuth().AddMail<T>(), or let your mail system collect them there.")]
    private static partial void MailGoesToFolder(ILogger logger, string folder);
}

using AgentAuth.Configuration;
using AgentAuth.Credentials;
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
    private static readonly string[] s_files = ["", "-wal", "-shm", ".key"];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // In this order: the key is made after the database, so that a key without one tells of a loss.
        await store.InitializeAsync(cancellationToken);
        if (await services.GetRequiredService<ServerSecret>().LoadAsync(IsInUseAsync, cancellationToken) is { } remark)
        {
            KeyWasMade(logger, remark);
        }

        TrustListLog.Write(logger, settings);
        if (services.GetRequiredService<IAgentMail>() is FolderMail mail)
        {
            mail.CloseMailsToOthers();
            if (!environment.IsDevelopment())
            {
                MailGoesToFolder(logger, settings.MailFolder);
            }
        }

        // Those that are ours are closed by now.
        foreach (var file in s_files.Select(suffix => settings.StoragePath + suffix).Where(PrivateFiles.IsOpenToOthers))
        {
            OpenToOthers(logger, file);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async ValueTask<bool> IsInUseAsync(CancellationToken cancellationToken) =>
        (await store.ListRegistrationsAsync(new AgentRegistrationQuery { Limit = 1 }, DateTimeOffset.MinValue, cancellationToken)).Registrations is not [];

    [LoggerMessage(1, LogLevel.Warning, "Claim mails are written to the folder {Folder} and reach nobody by themselves. Register a transport with AddAgentAuth().AddMail<T>(), or let your mail system collect them there, as the user that the service runs as.")]
    private static partial void MailGoesToFolder(ILogger logger, string folder);

    [LoggerMessage(2, LogLevel.Warning, "{Remark}")]
    private static partial void KeyWasMade(ILogger logger, string remark);

    [LoggerMessage(3, LogLevel.Warning, "Other users of this machine can read '{File}', and it is not this service's to change that. Give the file to the user that the service runs as, with mode 600.")]
    private static partial void OpenToOthers(ILogger logger, string file);
}

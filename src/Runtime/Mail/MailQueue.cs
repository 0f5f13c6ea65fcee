using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Mail;

/// <summary>
/// Sends mails behind the answer, so that the time of an answer tells nothing about a mail server or an address. It lives in memory: a mail
/// holds a secret that must not be written down, and an agent whose mail was lost in a crash asks for another.
/// </summary>
internal sealed class MailQueue(IAgentMail mail, TimeProvider time, ILogger<MailQueue> logger) : BackgroundService
{
    private const int Capacity = 10_000;
    private const int Attempts = 4;

    private readonly Channel<AgentMailMessage> _queue = Channel.CreateUnbounded<AgentMailMessage>();

    /// <summary>False when so much mail waits that taking on more would be a promise nobody can keep. Ask before the claim is stored.</summary>
    public bool HasRoom => _queue.Reader.Count < Capacity;

    public void Enqueue(AgentMailMessage message) => _queue.Writer.TryWrite(message);

    /// <summary>Sends what still waits, as long as the host lets us.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await SendAsync(message, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host's patience is over; what still waits is asked for again.
        }
    }

    private async Task SendAsync(AgentMailMessage message, CancellationToken stoppingToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await mail.SendAsync(message, stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the transport throws: one mail must not end all mail.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (attempt == Attempts)
                {
                    MailLog.GaveUp(logger, attempt, e);
                    return;
                }

                MailLog.WillRetry(logger, attempt, e);
                await Task.Delay(TimeSpan.FromSeconds(1 << attempt), time, stoppingToken);
            }
        }
    }
}

internal static partial class MailLog
{
    [LoggerMessage(1, LogLevel.Warning, "Sending a claim mail failed (attempt {Attempt}); it will be tried again.")]
    public static partial void WillRetry(ILogger logger, int attempt, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Sending a claim mail failed {Attempts} times; it is given up. The agent can ask for another.")]
    public static partial void GaveUp(ILogger logger, int attempts, Exception exception);
}

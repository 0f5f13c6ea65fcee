using System.Threading.Channels;
using AgentAuth.Storage;
using AgentAuth.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Mail;

/// <summary>
/// Sends mails behind the answer, so that the time of an answer tells nothing about a mail server or an address. No mail waits for another: each
/// has a time when it is due, several are sent at once, and one that takes long gives its place to the next. It lives in memory: a mail
/// holds a secret that must not be written down, and an agent whose mail was lost in a crash asks for another.
/// </summary>
internal sealed class MailQueue(IAgentMail mail, IAgentAuthStore store, AgentAuthMetrics metrics, TimeProvider time, ILogger<MailQueue> logger) : BackgroundService
{
    /// <summary>How many mails may wait.</summary>
    public const int Capacity = 10_000;

    /// <summary>How many of them one network may have asked for.</summary>
    public const int CapacityPerSender = 100;

    /// <summary>How many of them may go to one mailbox.</summary>
    public const int CapacityPerRecipient = 10;

    /// <summary>How many are sent at once, but for those that take long.</summary>
    public const int Places = 16;

    /// <summary>How many more may be under way. Only a transport that never ends what it began gets that far; then nothing new is begun.</summary>
    public const int CapacityForSlow = 1000;

    /// <summary>When a mail that is being sent gives its place to the next.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(5);

    /// <summary>When it has failed, whether the transport gives up or not.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    // Between one try and the next; after the last there is none.
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    private readonly Lock _lock = new();
    private readonly HashSet<Waiting> _all = [];
    private readonly PriorityQueue<Waiting, (DateTimeOffset Due, long Order)> _due = new();
    private readonly Dictionary<UInt128, int> _bySender = [];
    private readonly Dictionary<UInt128, int> _byRecipient = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _order;
    private int _taken;
    private int _slow;
    private bool _isStopping;

    /// <summary>
    /// False when so much mail waits that taking on more would be a promise nobody can keep: of this sender, for this recipient, or in all. Ask
    /// before the claim is stored.
    /// </summary>
    public bool HasRoom(UInt128? sender, UInt128 recipient)
    {
        lock (_lock)
        {
            return _all.Count < Capacity
                && (sender is not { } network || _bySender.GetValueOrDefault(network) < CapacityPerSender)
                && _byRecipient.GetValueOrDefault(recipient) < CapacityPerRecipient;
        }
    }

    public void Enqueue(OutgoingMail outgoing)
    {
        lock (_lock)
        {
            var waiting = new Waiting(outgoing);
            _all.Add(waiting);
            Count(_byRecipient, outgoing.Recipient, 1);
            if (outgoing.Sender is { } sender)
            {
                Count(_bySender, sender, 1);
            }

            _due.Enqueue(waiting, (time.GetUtcNow(), _order++));
        }

        Wake();
    }

    /// <summary>Sends what still waits, each at once and for the last time, as long as the host lets us.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isStopping = true;
        }

        Wake();
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var alarm = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                var (begin, next, isDone) = TakeDue();
                foreach (var waiting in begin)
                {
                    _ = SendAsync(waiting, stoppingToken);
                }

                if (isDone)
                {
                    return;
                }

                alarm.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await _wake.Reader.ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host's patience is over; what still waits is asked for again.
            string[] left;
            lock (_lock)
            {
                left = [.. _all.Select(waiting => waiting.Mail.AttemptId)];
            }

            await EndAsync(left);
        }
    }

    /// <summary>What can be begun now, when there is more, and whether nothing is left of a queue that stops.</summary>
    private (List<Waiting> Begin, TimeSpan? Next, bool IsDone) TakeDue()
    {
        List<Waiting> begin = [];
        lock (_lock)
        {
            var now = time.GetUtcNow();
            while (_taken < Places && _slow < CapacityForSlow && _due.TryPeek(out var first, out var at) && (at.Due <= now || _isStopping))
            {
                _due.Dequeue();
                _taken++;
                first.HoldsPlace = true;
                begin.Add(first);
            }

            // Where there is no place, whoever leaves one wakes us.
            TimeSpan? next = _taken < Places && _slow < CapacityForSlow && _due.TryPeek(out _, out var later) ? later.Due - now : null;
            return (begin, next, _isStopping && _all.Count == 0);
        }
    }

    private async Task SendAsync(Waiting waiting, CancellationToken stoppingToken)
    {
        var failure = await TryAsync(waiting, stoppingToken);
        if (stoppingToken.IsCancellationRequested && failure is not null)
        {
            return;
        }

        var isLast = false;
        lock (_lock)
        {
            LeavePlace(waiting);
            waiting.Tries++;
            var pause = waiting.Tries <= s_pauses.Length ? s_pauses[waiting.Tries - 1] : (TimeSpan?)null;
            isLast = _isStopping || failure is AgentMailRejectedException or LinkIsDeadException || pause is null
                || time.GetUtcNow() + pause >= waiting.Mail.LinkExpiresAt;
            if (failure is null || isLast)
            {
                Forget(waiting);
            }
            else
            {
                _due.Enqueue(waiting, (time.GetUtcNow() + pause!.Value, _order++));
            }
        }

        Tell(waiting, failure, isLast);
        if (failure is not null && isLast)
        {
            await EndAsync([waiting.Mail.AttemptId]);
        }

        Wake();
    }

    /// <summary>One try. Null: it is sent. Otherwise why not.</summary>
    private async Task<Exception?> TryAsync(Waiting waiting, CancellationToken stoppingToken)
    {
        if (waiting.IsSent)
        {
            return null;
        }

        if (time.GetUtcNow() >= waiting.Mail.LinkExpiresAt)
        {
            return new LinkIsDeadException();
        }

        using var timeLimit = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, stoppingToken);
        var token = either.Token;

        // A thread of its own, until the transport awaits something: one that blocks must not take those of the requests.
        var sending = Task.Factory.StartNew(
            () => mail.SendAsync(waiting.Mail.Message, token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        if (!await EndsWithinAsync(sending, SlowAfter, stoppingToken))
        {
            lock (_lock)
            {
                LeavePlace(waiting);
                _slow++;
            }

            _ = sending.ContinueWith(
                ended => LeaveSlow(waiting, isSent: ended.Exception is null && !ended.IsCanceled),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            Wake();
            if (!await EndsWithinAsync(sending, TimeLimit - SlowAfter, stoppingToken))
            {
                await timeLimit.CancelAsync();
                return TookTooLong();
            }
        }

        return sending.IsCanceled && timeLimit.IsCancellationRequested ? TookTooLong()
            : sending.IsCanceled ? new OperationCanceledException()
            : sending.Exception?.InnerException;
    }

    private static TimeoutException TookTooLong() => new($"The mail transport did not end within {TimeLimit.TotalSeconds} seconds.");

    private async Task<bool> EndsWithinAsync(Task sending, TimeSpan limit, CancellationToken stoppingToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(sending, Task.Delay(limit, time, enough.Token));
        await enough.CancelAsync();
        return sending.IsCompleted;
    }

    private void LeaveSlow(Waiting waiting, bool isSent)
    {
        lock (_lock)
        {
            _slow--;
            waiting.IsSent |= isSent;
        }

        Wake();
    }

    private void LeavePlace(Waiting waiting)
    {
        if (waiting.HoldsPlace)
        {
            waiting.HoldsPlace = false;
            _taken--;
        }
    }

    private void Forget(Waiting waiting)
    {
        _all.Remove(waiting);
        Count(_byRecipient, waiting.Mail.Recipient, -1);
        if (waiting.Mail.Sender is { } sender)
        {
            Count(_bySender, sender, -1);
        }
    }

    private static void Count(Dictionary<UInt128, int> counts, UInt128 key, int change)
    {
        var count = counts.GetValueOrDefault(key) + change;
        if (count == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = count;
        }
    }

    private void Tell(Waiting waiting, Exception? failure, bool isLast)
    {
        switch (failure)
        {
            case null:
                metrics.Mailed("sent");
                break;
            case LinkIsDeadException:
                metrics.Mailed("late");
                MailLog.TooLate(logger, waiting.Mail.AttemptId);
                break;
            case AgentMailRejectedException:
                metrics.Mailed("rejected");
                MailLog.Rejected(logger, waiting.Mail.AttemptId, failure);
                break;
            case var _ when isLast:
                metrics.Mailed("given_up");
                MailLog.GaveUp(logger, waiting.Mail.AttemptId, waiting.Tries, failure);
                break;
            default:
                metrics.Mailed("retried");
                MailLog.WillRetry(logger, waiting.Mail.AttemptId, waiting.Tries, failure);
                break;
        }
    }

    /// <summary>Nobody gets these links, so nobody must be told to look for them: the next start makes a new one.</summary>
    private async Task EndAsync(string[] attemptIds)
    {
        if (attemptIds.Length == 0)
        {
            return;
        }

        try
        {
            await store.EndAttemptsAsync(attemptIds, time.GetUtcNow(), CancellationToken.None);
        }
#pragma warning disable CA1031 // The store may be down, or closed by a host that stops: then the links die by themselves, a little later.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MailLog.NotEnded(logger, attemptIds.Length, e);
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>A mail in the queue, or being sent.</summary>
    private sealed class Waiting(OutgoingMail mail)
    {
        public OutgoingMail Mail => mail;

        public int Tries { get; set; }

        public bool HoldsPlace { get; set; }

        /// <summary>True when a try that had been given up went through all the same.</summary>
        public bool IsSent { get; set; }
    }

    private sealed class LinkIsDeadException : Exception;
}

internal static partial class MailLog
{
    [LoggerMessage(1, LogLevel.Warning, "Sending the mail of {Attempt} failed (try {Try}); it will be tried again.")]
    public static partial void WillRetry(ILogger logger, string attempt, int @try, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Sending the mail of {Attempt} failed {Tries} times; it is given up. The agent can ask for another.")]
    public static partial void GaveUp(ILogger logger, string attempt, int tries, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The mail of {Attempt} was rejected for good; it is given up. The agent can ask for another.")]
    public static partial void Rejected(ILogger logger, string attempt, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "The link in the mail of {Attempt} lapsed before the mail could be sent; it is given up. The agent can ask for another.")]
    public static partial void TooLate(ILogger logger, string attempt);

    [LoggerMessage(5, LogLevel.Warning, "{Count} claim attempts whose mails were given up could not be ended; until their links lapse the agents are told that a mail is on its way.")]
    public static partial void NotEnded(ILogger logger, int count, Exception exception);
}

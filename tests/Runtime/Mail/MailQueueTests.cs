using System.Collections.Concurrent;
using System.Net;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Mail;

/// <summary>Transports that refuse, fail and hang, and the mails of others beside them.</summary>
public sealed class MailQueueTests
{
    [Finding("G13", "mails to 45 addresses that the transport fails for, then an honest one", "the honest mail is sent at once")]
    [Fact]
    public async Task G13_failing_mails_hold_nobody_up()
    {
        var mail = new PickyMail { Fails = to => to.StartsWith("bad", StringComparison.Ordinal) ? new IOException("451 later") : null };
        await using var service = await StartAsync(mail);
        for (var i = 0; i < 45; i++)
        {
            (await service.RegisterByEmailAsync($"bad{i}@example.com")).Is(HttpStatusCode.OK);
        }

        (await service.RegisterByEmailAsync("user@example.com")).Is(HttpStatusCode.OK);

        // The clock stands still: it waits for none of the others.
        Assert.Equal("user@example.com", (await mail.NextAsync()).To);
    }

    [Finding("G13", "a transport that never ends for 45 addresses, whatever it is told", "each gives its place up after 5 seconds, and has failed after 30; an honest mail is sent meanwhile")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G13_a_transport_that_hangs_holds_up_only_what_hangs(bool blocks)
    {
        using var end = new ManualResetEventSlim();
        var mail = new PickyMail { Hangs = to => to.StartsWith("bad", StringComparison.Ordinal), Blocks = blocks ? end : null };
        await using var service = await StartAsync(mail);
        var hanging = blocks ? 20 : 45;
        for (var i = 0; i < hanging; i++)
        {
            (await service.RegisterByEmailAsync($"bad{i}@example.com")).Is(HttpStatusCode.OK);
        }

        (await service.RegisterByEmailAsync("user@example.com")).Is(HttpStatusCode.OK);
        var honest = mail.NextAsync();
        await PassTimeUntilAsync(service, () => honest.IsCompleted);

        // It would have been dropped with its link.
        Assert.Equal("user@example.com", (await honest).To);
        end.Set();
    }

    [Finding("G13", "a transport that hangs until it is told to end", "it is told after 30 seconds, and the mail is tried again")]
    [Fact]
    public async Task G13_a_send_has_a_time_limit()
    {
        var mail = new PickyMail { Waits = true };
        await using var service = await StartAsync(mail);
        await service.RegisterByEmailAsync("user@example.com");
        await PassTimeUntilAsync(service, () => mail.Cancelled > 0);

        mail.Waits = false;
        var next = mail.NextAsync();
        await PassTimeUntilAsync(service, () => next.IsCompleted);

        Assert.Equal("user@example.com", (await next).To);
        Assert.Contains("did not end within 30 seconds", service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G13", "a mail that the transport rejects for good (`AgentMailRejectedException`)", "it is tried once; asking again is a new attempt and a new mail, not the old answer")]
    [Fact]
    public async Task G13_a_rejected_mail_is_not_tried_again_and_asking_again_makes_another()
    {
        var mail = new PickyMail { Fails = _ => new AgentMailRejectedException("550 no such user") };
        await using var service = await StartAsync(mail);
        var token = (await service.RegisterAnonymouslyAsync()).Text("claim_token");
        var first = await ClaimAsync(service, token);
        await UntilAsync(() => mail.Tries == 1);
        await PassTimeAsync(service, TimeSpan.FromMinutes(5));
        Assert.Equal(1, mail.Tries);

        mail.Fails = null;
        await AnotherClaimAsync(service, token, first);

        Assert.Equal("user@example.com", (await mail.NextAsync()).To);
        Assert.Contains("was rejected for good", service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G13", "a mail that failed four times and was given up", "asking again is a new attempt and a new mail; the old link is dead")]
    [Fact]
    public async Task G13_a_mail_that_was_given_up_is_not_promised_again()
    {
        var mail = new PickyMail { Fails = _ => new IOException("421 down") };
        await using var service = await StartAsync(mail);
        var token = (await service.RegisterAnonymouslyAsync()).Text("claim_token");
        var first = await ClaimAsync(service, token);
        Assert.Equal(first.Text("claim_attempt_id"), (await ClaimAsync(service, token)).Text("claim_attempt_id"));
        await PassTimeUntilAsync(service, () => service.Log.Text.Contains("it is given up", StringComparison.Ordinal));
        Assert.Equal(4, mail.Tries);

        mail.Fails = null;
        await AnotherClaimAsync(service, token, first);

        var sent = await mail.NextAsync();
        Assert.Equal(1, mail.Sent);
        (await service.GetAsync("/agent/auth/claim/view?token=" + LinkIn(mail.First))).Is(HttpStatusCode.Gone);
        (await service.GetAsync("/agent/auth/claim/view?token=" + LinkIn(sent))).Is(HttpStatusCode.OK);
    }

    [Finding("G13", "a mail that keeps failing until its link is about to lapse", "it is dropped: nothing is sent whose link is dead")]
    [Fact]
    public async Task G13_a_mail_is_dropped_with_its_link()
    {
        var mail = new PickyMail { Fails = _ => new IOException("421 down") };
        await using var service = await StartAsync(mail, TestService.Manifest with { Lifetimes = new ManifestLifetimes { ClaimLink = TimeSpan.FromMinutes(1) } });
        await service.RegisterByEmailAsync("user@example.com");

        await PassTimeUntilAsync(service, () => service.Log.Text.Contains("it is given up", StringComparison.Ordinal));

        // At once, after 5 seconds, after 35; a minute ends before the next.
        Assert.Equal(3, mail.Tries);
    }

    [Finding("G13", "one address that has mails sent while the transport is stuck", "`503` with `Retry-After` once 100 of its own wait, or 10 of one recipient; others get `200`")]
    [Fact]
    public async Task G13_the_queue_is_full_for_whoever_filled_it()
    {
        var mail = new PickyMail { Hangs = _ => true };
        await using var service = await StartAsync(mail);
        for (var i = 0; i < MailQueue.CapacityPerSender; i++)
        {
            (await service.RegisterByEmailFromAsync(Crowd.Address(1), $"user{i}@example.com")).Is(HttpStatusCode.OK);
        }

        var full = await service.RegisterByEmailFromAsync(Crowd.Address(1), "one.more@example.com");
        full.Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.Equal("60", full.Headers["Retry-After"]);
        for (var i = 0; i < MailQueue.CapacityPerRecipient; i++)
        {
            (await service.RegisterByEmailFromAsync(Crowd.Address(2), $"victim+{i}@example.com")).Is(HttpStatusCode.OK);
        }

        (await service.RegisterByEmailFromAsync(Crowd.Address(2), "victim@example.com")).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        (await service.RegisterByEmailFromAsync(Crowd.Address(2), "one.more@example.com")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_send_that_was_given_up_and_went_through_all_the_same_is_not_repeated()
    {
        var mail = new PickyMail { Hangs = _ => true };
        await using var service = await StartAsync(mail);
        await service.RegisterByEmailAsync("user@example.com");
        await PassTimeUntilAsync(service, () => service.Log.Text.Contains("(try 2)", StringComparison.Ordinal));

        // Half a minute before the third.
        mail.LetGo();
        await UntilAsync(() => mail.Sent == 2);
        await PassTimeAsync(service, TimeSpan.FromMinutes(5));

        Assert.Equal(2, mail.Tries);
    }

    private static Task<TestService> StartAsync(IAgentMail mail, AgentAuthManifest? manifest = null) =>
        TestService.StartAsync(manifest, services: services => services.AddSingleton(mail), endpoints: Crowd.Use);

    private static async Task<Answer> ClaimAsync(TestService service, string token)
    {
        var answer = await service.PostAsync("/agent/auth/claim", new { claim_token = token, email = "user@example.com" });
        answer.Is(HttpStatusCode.OK);
        return answer;
    }

    /// <summary>Asks until there is another attempt: the one before is ended a moment after its mail was given up.</summary>
    private static async Task AnotherClaimAsync(TestService service, string token, Answer first)
    {
        for (var asked = 0; (await ClaimAsync(service, token)).Text("claim_attempt_id") == first.Text("claim_attempt_id"); asked++)
        {
            Assert.InRange(asked, 0, 1000);
        }
    }

    private static string LinkIn(AgentMailMessage mail) => mail.Text.Split("token=")[1].Split('\r')[0];

    private static async Task PassTimeAsync(TestService service, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(10))
        {
            service.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets the clock go on, second by second, until something has happened.</summary>
    private static async Task PassTimeUntilAsync(TestService service, Func<bool> happened) =>
        await UntilAsync(() =>
        {
            if (happened())
            {
                return true;
            }

            service.Time.Advance(TimeSpan.FromSeconds(1));
            return false;
        });

    private static async Task UntilAsync(Func<bool> happened)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!happened())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>A transport with moods.</summary>
    private sealed class PickyMail : IAgentMail
    {
        private readonly CaughtMail _caught = new();
        private readonly ConcurrentQueue<AgentMailMessage> _tried = new();
        private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _sent;
        private int _cancelled;

        /// <summary>What it throws at a recipient.</summary>
        public Func<string, Exception?>? Fails { get; set; }

        /// <summary>At whom it hangs, and does not hear its token.</summary>
        public Func<string, bool>? Hangs { get; init; }

        /// <summary>Hangs by holding the thread.</summary>
        public ManualResetEventSlim? Blocks { get; init; }

        /// <summary>Hangs until its token says otherwise.</summary>
        public bool Waits { get; set; }

        public int Tries => _tried.Count;

        public int Sent => Volatile.Read(ref _sent);

        public int Cancelled => Volatile.Read(ref _cancelled);

        public Task<AgentMailMessage> NextAsync() => _caught.NextAsync();

        public AgentMailMessage First => _tried.First();

        public void LetGo() => _never.SetResult();

        public async Task SendAsync(AgentMailMessage message, CancellationToken cancellationToken)
        {
            _tried.Enqueue(message);
            if (Hangs?.Invoke(message.To) == true)
            {
                Blocks?.Wait(CancellationToken.None);
                await _never.Task;
            }

            if (Waits)
            {
                try
                {
                    await _never.Task.WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref _cancelled);
                    throw;
                }
            }

            if (Fails?.Invoke(message.To) is { } failure)
            {
                throw failure;
            }

            Interlocked.Increment(ref _sent);
            await _caught.SendAsync(message, CancellationToken.None);
        }
    }
}

using System.Net;
using AgentAuth.Manifest;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Limits;

public sealed class SlidingWindowLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_window_slides()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var key = Key("a", RateLimit.PerHour(2));

        Assert.Null(limiter.TryAcquire(key));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(limiter.TryAcquire(key));
        Assert.Equal(TimeSpan.FromMinutes(30), limiter.TryAcquire(key));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(limiter.TryAcquire(key));
        Assert.Equal(TimeSpan.FromMinutes(30), limiter.TryAcquire(key));
    }

    [Fact]
    public void A_full_window_gives_one_permit_back_as_each_leaves_it()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var key = Key("a", RateLimit.PerHour(5));

        for (var taken = 1; taken <= 50; taken++)
        {
            Assert.Null(limiter.TryAcquire(key));
            if (taken >= 5)
            {
                Assert.Equal(TimeSpan.FromMinutes(12), limiter.TryAcquire(key));
            }

            _time.Advance(TimeSpan.FromMinutes(12));
        }
    }

    [Fact]
    public void A_clock_that_was_ahead_for_a_moment_locks_nobody_out()
    {
        var time = new TwoClocks { Utc = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var limiter = new SlidingWindowLimiter(time);
        var key = Key("a", RateLimit.PerHour(1));
        Assert.Null(limiter.TryAcquire(key));

        time.Utc = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        time.Elapsed = TimeSpan.FromHours(1);

        Assert.Null(limiter.TryAcquire(key));
    }

    [Fact]
    public void Who_is_refused_for_one_limit_does_not_use_up_another()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var all = Key("all", RateLimit.PerHour(2));
        var addresses = new LimitTable(RateLimit.PerHour(1), 10);

        Assert.Null(limiter.TryAcquire(new(addresses, 1), all));
        for (var i = 0; i < 10; i++)
        {
            Assert.NotNull(limiter.TryAcquire(new(addresses, 1), all));
        }

        Assert.Null(limiter.TryAcquire(new(addresses, 2), all));
        Assert.NotNull(limiter.TryAcquire(new(addresses, 3), all));
    }

    [Fact]
    public void The_longest_wait_is_told()
    {
        var limiter = new SlidingWindowLimiter(_time);
        LimitedKey[] keys = [Key("a", new RateLimit(1, TimeSpan.FromMinutes(1))), Key("b", RateLimit.PerHour(1))];

        Assert.Null(limiter.TryAcquire(keys));
        Assert.Equal(TimeSpan.FromHours(1), limiter.TryAcquire(keys));
    }

    [Fact]
    public void A_limit_of_nothing_permits_nothing()
    {
        Assert.Equal(TimeSpan.FromHours(1), new SlidingWindowLimiter(_time).TryAcquire(Key("a", RateLimit.PerHour(0))));
    }

    [Fact]
    public async Task Parallel_callers_get_exactly_as_many_permits_as_there_are()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var key = Key("a", RateLimit.PerHour(7));

        var waits = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => limiter.TryAcquire(key))));

        Assert.Equal(7, waits.Count(wait => wait is null));
    }

    [Fact]
    public void Many_keys_do_not_fill_the_memory_and_the_one_that_did_nothing_for_longest_is_forgotten()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var table = new LimitTable(RateLimit.PerHour(2), 1000);
        limiter.TryAcquire(new LimitedKey(table, 1));
        limiter.TryAcquire(new LimitedKey(table, 2));
        limiter.TryAcquire(new LimitedKey(table, 2));
        for (UInt128 i = 10; i < 1008; i++)
        {
            Assert.Null(limiter.TryAcquire(new LimitedKey(table, i)));
        }

        // The first comes to life again, so that the second is the oldest; then there is one too many.
        Assert.Null(limiter.TryAcquire(new LimitedKey(table, 1)));
        Assert.NotNull(limiter.TryAcquire(new LimitedKey(table, 2)));
        Assert.Null(limiter.TryAcquire(new LimitedKey(table, 2000)));

        Assert.Equal(1000, table.Count);
        Assert.NotNull(limiter.TryAcquire(new LimitedKey(table, 1)));
        Assert.Null(limiter.TryAcquire(new LimitedKey(table, 2)));
        for (UInt128 i = 10_000; i < 210_000; i++)
        {
            Assert.Null(limiter.TryAcquire(new LimitedKey(table, i)));
        }

        Assert.Equal(1000, table.Count);
    }

    [Fact]
    public void What_all_keys_together_did_is_bounded_too()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var table = new LimitTable(RateLimit.PerHour(300_000), 1000);
        for (UInt128 key = 0; key < 5; key++)
        {
            for (var i = 0; i < 250_000; i++)
            {
                limiter.TryAcquire(new LimitedKey(table, key));
            }
        }

        Assert.Equal(4, table.Count);
    }

    [Fact]
    public void Whoever_has_not_come_for_a_window_is_forgotten_as_others_come()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var table = new LimitTable(RateLimit.PerHour(2), 1000);
        for (UInt128 i = 0; i < 100; i++)
        {
            limiter.TryAcquire(new LimitedKey(table, i));
        }

        _time.Advance(TimeSpan.FromHours(1));
        for (UInt128 i = 1000; i < 1010; i++)
        {
            limiter.TryAcquire(new LimitedKey(table, i));
        }

        // One comes and two go, so that no turn is long.
        Assert.Equal(90, table.Count);
        for (UInt128 i = 1010; i < 1100; i++)
        {
            limiter.TryAcquire(new LimitedKey(table, i));
        }

        Assert.Equal(100, table.Count);
    }

    [Fact]
    public void What_has_left_its_window_does_not_weigh()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var table = new LimitTable(RateLimit.PerHour(400_000), 1000);
        for (var hour = 0; hour < 3; hour++)
        {
            limiter.TryAcquire(new LimitedKey(table, 1));
            for (var i = 0; i < 400_000; i++)
            {
                limiter.TryAcquire(new LimitedKey(table, 2));
            }

            Assert.Equal(2, table.Count);
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void Whoever_was_refused_for_another_limit_and_has_nothing_left_is_forgotten_too()
    {
        var limiter = new SlidingWindowLimiter(_time);
        var table = new LimitTable(RateLimit.PerHour(2), 1000);
        limiter.TryAcquire(new LimitedKey(table, 1));
        limiter.TryAcquire(new LimitedKey(table, 1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(limiter.TryAcquire(new(table, 1), Key("none", RateLimit.PerHour(0))));

        Assert.Null(limiter.TryAcquire(new LimitedKey(table, 2)));

        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void A_limit_without_end_has_none_for_a_network_either()
    {
        var keys = new List<LimitedKey>();
        new AddressLimit(new RateLimit(int.MaxValue, TimeSpan.FromHours(1))).Add(keys, IPAddress.Parse("2001:db8::1"));

        Assert.Equal(3, keys.Count);
        Assert.Null(new SlidingWindowLimiter(_time).TryAcquire([.. keys]));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 64, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 64, false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 56, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:102::1", 56, false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:102::1", 48, true)]
    [InlineData("2001:db8:1::1", "2001:db8:2::1", 48, false)]
    [InlineData("192.0.2.1", "192.0.2.2", 64, false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", 64, true)]
    [InlineData("::ffff:192.0.2.2", "::ffff:192.0.2.1", 48, false)]
    public void Addresses_count_by_their_network(string one, string other, int bits, bool isSame) =>
        Assert.Equal(isSame, LimitKeys.Of(IPAddress.Parse(one), bits) == LimitKeys.Of(IPAddress.Parse(other), bits));

    private static LimitedKey Key(string name, RateLimit limit) => new(new LimitTable(limit, 10), LimitKeys.Of(name));

    /// <summary>A machine: what its clock shows, and how long it has been running.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Utc { get; set; }

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Utc;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}

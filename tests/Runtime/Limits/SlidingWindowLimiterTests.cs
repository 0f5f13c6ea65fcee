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
        LimitedKey[] key = [new("a", RateLimit.PerHour(2))];

        Assert.Null(limiter.TryAcquire(key));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(limiter.TryAcquire(key));
        Assert.Equal(TimeSpan.FromMinutes(30), limiter.TryAcquire(key));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(limiter.TryAcquire(key));
        Assert.Equal(TimeSpan.FromMinutes(30), limiter.TryAcquire(key));
    }

    [Fact]
    public void Who_is_refused_for_one_limit_does_not_use_up_another()
    {
        var limiter = new SlidingWindowLimiter(_time);
        LimitedKey all = new("all", RateLimit.PerHour(2));

        Assert.Null(limiter.TryAcquire([new("mallory", RateLimit.PerHour(1)), all]));
        for (var i = 0; i < 10; i++)
        {
            Assert.NotNull(limiter.TryAcquire([new("mallory", RateLimit.PerHour(1)), all]));
        }

        Assert.Null(limiter.TryAcquire([new("alice", RateLimit.PerHour(1)), all]));
        Assert.NotNull(limiter.TryAcquire([new("bob", RateLimit.PerHour(1)), all]));
    }

    [Fact]
    public void The_longest_wait_is_told()
    {
        var limiter = new SlidingWindowLimiter(_time);
        LimitedKey[] keys = [new("a", new RateLimit(1, TimeSpan.FromMinutes(1))), new("b", RateLimit.PerHour(1))];

        Assert.Null(limiter.TryAcquire(keys));
        Assert.Equal(TimeSpan.FromHours(1), limiter.TryAcquire(keys));
    }

    [Fact]
    public void A_limit_of_nothing_permits_nothing()
    {
        Assert.Equal(TimeSpan.FromHours(1), new SlidingWindowLimiter(_time).TryAcquire([new("a", RateLimit.PerHour(0))]));
    }

    [Fact]
    public async Task Parallel_callers_get_exactly_as_many_permits_as_there_are()
    {
        var limiter = new SlidingWindowLimiter(_time);

        var waits = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => limiter.TryAcquire([new("a", RateLimit.PerHour(7))]))));

        Assert.Equal(7, waits.Count(wait => wait is null));
    }

    [Fact]
    public void Many_addresses_do_not_fill_the_memory()
    {
        var limiter = new SlidingWindowLimiter(_time);
        for (var i = 0; i < 200_000; i++)
        {
            Assert.Null(limiter.TryAcquire([new(i.ToString(System.Globalization.CultureInfo.InvariantCulture), RateLimit.PerHour(1))]));
        }
    }
}

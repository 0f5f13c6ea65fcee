namespace AgentAuth.Assertions;

public class SingleFlightTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_of_one_key_share_one_flight_and_the_next_caller_starts_another()
    {
        var flights = new SingleFlight<int>();
        var release = new TaskCompletionSource();
        var started = 0;
        async Task<int> WorkAsync()
        {
            var number = Interlocked.Increment(ref started);
            await release.Task;
            return number;
        }

        var first = flights.RunAsync("a", WorkAsync, Cancellation);
        var second = flights.RunAsync("a", WorkAsync, Cancellation);
        var other = flights.RunAsync("b", () => Task.FromResult(100), Cancellation);
        Assert.Equal(100, await other);
        release.SetResult();

        Assert.Equal((1, 1), (await first, await second));
        Assert.Equal(2, await flights.RunAsync("a", WorkAsync, Cancellation));
    }

    [Fact]
    public async Task Failure_reaches_all_who_wait_and_is_not_kept()
    {
        var flights = new SingleFlight<int>();
        var fail = new TaskCompletionSource<int>();
        var first = flights.RunAsync("a", () => fail.Task, Cancellation);
        var second = flights.RunAsync("a", () => fail.Task, Cancellation);

        fail.SetException(new InvalidOperationException("x"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        Assert.Equal(1, await flights.RunAsync("a", () => Task.FromResult(1), Cancellation));
    }

    [Fact]
    public async Task Threads_that_start_together_get_one_result()
    {
        for (var round = 0; round < 50; round++)
        {
            var flights = new SingleFlight<int>();
            var done = false;
            var runs = 0;
            Task<int> WorkAsync()
            {
                // As the contract asks: look again whether it is still needed.
                if (!Volatile.Read(ref done))
                {
                    Interlocked.Increment(ref runs);
                    Volatile.Write(ref done, true);
                }

                return Task.FromResult(1);
            }

            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => flights.RunAsync("a", WorkAsync, Cancellation), Cancellation)));

            Assert.Equal(1, runs);
        }
    }

    [Fact]
    public async Task Keys_that_differ_in_case_do_not_share()
    {
        var flights = new SingleFlight<int>();
        var release = new TaskCompletionSource<int>();

        var lower = flights.RunAsync("a", () => release.Task, Cancellation);

        Assert.Equal(2, await flights.RunAsync("A", () => Task.FromResult(2), Cancellation));
        release.SetResult(1);
        Assert.Equal(1, await lower);
    }
}

using System.Diagnostics;

namespace AgentAuth.Floods;

/// <summary>What honest callers got in a while.</summary>
internal sealed record Served(int Requests, int Good, double Median, double Late, string? FirstRefusal)
{
    public static Served Of(List<(double Milliseconds, string? Refusal)> answers)
    {
        var times = answers.Select(answer => answer.Milliseconds).Order().ToList();
        return new Served(
            answers.Count,
            answers.Count(answer => answer.Refusal is null),
            At(times, 0.50),
            At(times, 0.99),
            answers.Select(answer => answer.Refusal).FirstOrDefault(refusal => refusal is not null));
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}

/// <summary>
/// Callers who do what the service is for, each from an address of its own and within its limits: some forty requests a second of anonymous starts,
/// registrations by ID-JAG and by email, and reads with a key.
/// </summary>
internal sealed class HonestCallers(Service service)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    private int _callers;
    private string? _key;

    /// <summary>Calls until the time is over, and, where there is something to wait for, until that has ended.</summary>
    public async Task<Served> CallAsync(TimeSpan atLeast, Task? until = null)
    {
        _key ??= (await service.StartAnonymouslyAsync("203.0.113.1")).Text("credential");
        List<Task<(double, string?)>> calls = [];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < atLeast || until is { IsCompleted: false };)
        {
            calls.Add(CallAsync(_callers++));
            await Task.Delay(s_pause);
        }

        return Served.Of([.. await Task.WhenAll(calls)]);
    }

    private async Task<(double Milliseconds, string? Refusal)> CallAsync(int n)
    {
        var from = $"203.{n / 62500 % 250}.{n / 250 % 250}.{(n % 250) + 2}";
        var assertion = n % 4 == 1 ? service.MintFor($"honest{n}") : "";
        var clock = Stopwatch.StartNew();
        try
        {
            var answer = await ((n % 4) switch
            {
                0 => service.StartAnonymouslyAsync(from),
                1 => service.RegisterByAssertionAsync(from, assertion),
                2 => service.RegisterByEmailAsync(from, $"honest{n}@people.example"),
                _ => service.ReadThingsAsync(from, _key!),
            });
            return (clock.Elapsed.TotalMilliseconds, answer.IsGood ? null : $"{(int)answer.Status} {answer.Text("error")}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (clock.Elapsed.TotalMilliseconds, e.GetType().Name);
        }
    }
}

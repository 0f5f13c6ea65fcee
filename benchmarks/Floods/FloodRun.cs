using System.Globalization;
using System.Text;

namespace AgentAuth.Floods;

/// <summary>A flood: what is sent, and what came of it.</summary>
/// <param name="Number">Of the finding.</param>
/// <param name="What">What is sent, in words.</param>
/// <param name="SendAsync">Sends it; says what it got, and whether that is as it should be.</param>
internal sealed record Flood(string Number, string What, Func<Service, Task<(string Got, bool IsRight)>> SendAsync);

/// <summary>Runs each flood against a fresh service, with honest callers before, beside and after it, and writes down what they got.</summary>
internal static class FloodRun
{
    private static readonly TimeSpan s_phase = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string? output)
    {
        var isGood = true;
        var table = new StringBuilder(
            """
            # Floods

            What honest callers get while a stranger floods the running service: its default limits, a real database, a process of its own on loopback,
            one fresh for each flood. `eng/floods` writes this page. Flooder, honest callers and service share one machine, so that a flood also takes
            the time of the processor away from everybody: read the ratios, not the milliseconds.

            | | Flood | The flood got | Honest requests good: before, during, after | p50 ms | p99 ms | p99 during/before | after/before |
            | --- | --- | --- | --- | --- | --- | ---: | ---: |

            """);
        foreach (var flood in KnownFloods.All)
        {
            await using var service = await Service.StartAsync();
            var honest = new HonestCallers(service);

            // The first requests of a process are slow, whatever else happens.
            await honest.CallAsync(TimeSpan.FromSeconds(2));
            var before = await honest.CallAsync(s_phase);
            var sending = flood.SendAsync(service);
            var during = await honest.CallAsync(s_phase, sending);
            var (got, isRight) = await sending;
            var after = await honest.CallAsync(s_phase);

            Served[] all = [before, during, after];
            var isServed = all.All(served => served.Good == served.Requests);
            isGood &= isServed && isRight;
            var row = string.Create(
                CultureInfo.InvariantCulture,
                $"| {flood.Number} | {flood.What} | {got}{(isRight ? "" : " **(wrong)**")} | {string.Join(", ", all.Select(served => $"{served.Good}/{served.Requests}"))}{(isServed ? "" : $" **({all.First(served => served.FirstRefusal is not null).FirstRefusal})**")} | {Join(all, served => served.Median)} | {Join(all, served => served.Late)} | {during.Late / before.Late:0.0} | {after.Late / before.Late:0.0} |");
            Console.WriteLine(row);
            table.AppendLine(row);
        }

        if (output is not null)
        {
            await File.WriteAllTextAsync(output, table.ToString());
        }

        return isGood ? 0 : 1;
    }

    private static string Join(Served[] all, Func<Served, double> value) => string.Join(", ", all.Select(served => value(served).ToString("0.0", CultureInfo.InvariantCulture)));
}

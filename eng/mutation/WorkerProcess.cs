using System.Diagnostics;
using System.Globalization;

namespace AgentAuth.Mutation;

/// <summary>A process that runs tests against mutants: <see cref="Worker"/>, in a copy of the folder of the built tests.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private bool _timedOut;

    /// <param name="folder">The copy, with the runtime that is to be tried.</param>
    /// <param name="active">The mutant that is active from the start; null: they are switched later.</param>
    public WorkerProcess(string folder, int? active = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "exec", "--depsfile", Path.Combine(folder, "AgentAuth.Runtime.Tests.deps.json"),
                "--runtimeconfig", Path.Combine(folder, "AgentAuth.Runtime.Tests.runtimeconfig.json"),
                Path.Combine(folder, "AgentAuth.Mutation.dll"), "--worker",
            },
        };
        if (active is { } mutant)
        {
            start.Environment[Schema.Variable] = mutant.ToString(CultureInfo.InvariantCulture);
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>True when the process answers no more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Runs tests until one fails, or takes far longer than without the mutant.</summary>
    /// <returns>
    /// The test that failed; empty when all passed; null when they did not end in time; <c>?</c> when the process broke off. A name behind an
    /// exclamation mark: that test fails without the mutant as well.
    /// </returns>
    public string? Try(int mutant, IReadOnlyCollection<TestCase> tests)
    {
        var question = $"{mutant.ToString(CultureInfo.InvariantCulture)} {string.Join(' ', tests.Select(test => test.Name))}";
        var limits = tests.ToDictionary(test => test.Name, test => TimeSpan.FromSeconds(20 + (10 * test.Seconds)));
        var answer = Ask(question, name => limits[name]).LastOrDefault();
        return answer is null || IsOnTheWay(answer) ? (_timedOut ? null : "?") : answer;
    }

    /// <summary>Runs its part of the tests once.</summary>
    /// <param name="mutants">How many mutants there are.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="wanted">Parts of the names of tests; none: all tests.</param>
    public IReadOnlyList<TestCase> Measure(int mutants, int part, int parts, IEnumerable<string> wanted)
    {
        var question = string.Create(CultureInfo.InvariantCulture, $"{Worker.Measuring} {mutants} {part} {parts} {string.Join(' ', wanted)}").TrimEnd();
        var answers = Ask(question, _ => TimeSpan.FromMinutes(5)).ToList();
        return answers is [.. var tests, ""]
            ? [.. tests.Select(TestCase.Parse)]
            : throw new InvalidOperationException($"The tests do not pass as they are: {answers.LastOrDefault()}");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool IsOnTheWay(string answer) => answer.Contains(' ', StringComparison.Ordinal);

    // All lines of an answer; its last is a name, or nothing. Those before it name a test, and more, and then the next line may take its time.
    private IEnumerable<string> Ask(string question, Func<string, TimeSpan> limitOf)
    {
        using var alarm = new Timer(
            _ =>
            {
                _timedOut = true;
                _process.Kill(entireProcessTree: true);
            },
            null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        try
        {
            _process.StandardInput.WriteLine(question);
        }
        catch (IOException)
        {
            IsGone = true;
            yield break;
        }

        while (_process.StandardOutput.ReadLine() is { } line)
        {
            // A test may leave the line unfinished.
            var mark = line.IndexOf(Worker.Mark, StringComparison.Ordinal);
            if (mark < 0)
            {
                continue;
            }

            var answer = line[(mark + Worker.Mark.Length)..];
            yield return answer;
            if (!IsOnTheWay(answer))
            {
                yield break;
            }

            alarm.Change(limitOf(answer.Split(' ')[0]), Timeout.InfiniteTimeSpan);
        }

        IsGone = true;
    }
}

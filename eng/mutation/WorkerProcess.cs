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

    /// <summary>Runs tests until one fails.</summary>
    /// <returns>
    /// The test that failed; empty when all passed; null when they did not end in time; <c>?</c> when the process broke off. A name behind an
    /// exclamation mark: that test fails without the mutant as well.
    /// </returns>
    public string? Try(int mutant, IEnumerable<string> tests, TimeSpan limit)
    {
        var answer = Ask($"{mutant.ToString(CultureInfo.InvariantCulture)} {string.Join(' ', tests)}", limit).LastOrDefault();
        return answer ?? (_timedOut ? null : "?");
    }

    /// <summary>Runs every test once.</summary>
    /// <param name="mutants">How many mutants there are.</param>
    public IReadOnlyList<TestCase> Measure(int mutants)
    {
        var answers = Ask(mutants.ToString(CultureInfo.InvariantCulture), TimeSpan.FromMinutes(30)).ToList();
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

    // All lines of an answer; its last is a name, or nothing.
    private IEnumerable<string> Ask(string question, TimeSpan limit)
    {
        using var alarm = new Timer(
            _ =>
            {
                _timedOut = true;
                _process.Kill(entireProcessTree: true);
            },
            null, limit, Timeout.InfiniteTimeSpan);
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
            if (!answer.Contains(' ', StringComparison.Ordinal))
            {
                yield break;
            }
        }

        IsGone = true;
    }
}

using System.Collections.Concurrent;

namespace AgentAuth.Mutation;

/// <summary>
/// Shows mutants to the tests that reach them, the quickest first. Switched mutants share a process; what runs only once in a process, and what
/// is compiled alone, has one for itself.
/// </summary>
/// <param name="compiler">Compiles what is compiled alone.</param>
/// <param name="reviewed">Survivors that are right.</param>
/// <param name="tests">All tests, with what they reach.</param>
/// <param name="schemas">The files, by name.</param>
/// <param name="switched">The mutants that are switched, by number.</param>
/// <param name="together">The folder of the tests with all switched mutants.</param>
/// <param name="alone">A folder for what is compiled alone.</param>
internal sealed class Trial(
    RuntimeCompiler compiler,
    ReviewedList reviewed,
    IReadOnlyList<TestCase> tests,
    IReadOnlyDictionary<string, Schema> schemas,
    IReadOnlySet<int> switched,
    string together,
    string alone) : IDisposable
{
    // What killed in a file before will kill there again. All trials know of it.
    private static readonly ConcurrentDictionary<(string File, string Test), int> s_kills = [];

    // What each mutant has seen. All trials know of it.
    private static readonly ConcurrentDictionary<Mutant, List<TestCase>> s_shown = [];

    private WorkerProcess? _worker;

    /// <summary>Shows it to tests.</summary>
    /// <param name="mutant">The mutant.</param>
    /// <param name="isFirst">True to show it to the quickest alone; false for the others.</param>
    /// <returns>Its fate; null when it is still alive, and there are others.</returns>
    public Verdict? Try(Mutant mutant, bool isFirst)
    {
        if (reviewed.KindOf(mutant) is not null)
        {
            return new Verdict(mutant, Fate.Reviewed, 0, "");
        }

        var reaching = Reaching(mutant);
        if (reaching.Count == 0)
        {
            return new Verdict(mutant, IsRefused(mutant) ? Fate.NotCompiled : Fate.Survived, 0, "");
        }

        // What has a process for itself sees all of them in it.
        var isAlone = !switched.Contains(mutant.Number) || schemas[mutant.File].IsOnlyOnce(mutant);
        var quick = isAlone ? reaching : isFirst ? Quickest(reaching) : s_shown[mutant];
        var shown = isFirst ? quick : [.. reaching.Except(quick)];
        if (isFirst)
        {
            s_shown[mutant] = quick;
        }

        string? answer;
        if (!switched.Contains(mutant.Number))
        {
            if (compiler.Emit(mutant) is not { } assembly)
            {
                return new Verdict(mutant, Fate.NotCompiled, 0, "");
            }

            File.WriteAllBytes(Path.Combine(alone, "AgentAuth.Runtime.dll"), assembly);
            using var worker = new WorkerProcess(alone);
            answer = worker.Try(mutant.Number, shown);
        }
        else
        {
            answer = schemas[mutant.File].IsOnlyOnce(mutant) ? TryFromTheStart(mutant, shown) : TryTogether(mutant, shown);
        }

        switch (answer)
        {
            case null:
                return new Verdict(mutant, Fate.TimedOut, reaching.Count, "");
            case "" when isFirst && shown.Count < reaching.Count:
                return null;
            case "":
                return new Verdict(mutant, Fate.Survived, reaching.Count, "");
            case "?":
                return new Verdict(mutant, Fate.Killed, reaching.Count, "the process broke off");
            default:
                s_kills.AddOrUpdate((mutant.File, answer), 1, (_, kills) => kills + 1);
                return new Verdict(mutant, Fate.Killed, reaching.Count, answer);
        }
    }

    public void Dispose() => _worker?.Dispose();

    private string? TryFromTheStart(Mutant mutant, List<TestCase> tests)
    {
        using var worker = new WorkerProcess(together, mutant.Number);
        return worker.Try(mutant.Number, tests);
    }

    private string? TryTogether(Mutant mutant, List<TestCase> tests)
    {
        _worker ??= new WorkerProcess(together);
        var answer = _worker.Try(mutant.Number, tests);
        var isSpoilt = answer is ['!', ..];
        if (isSpoilt || answer is null || _worker.IsGone)
        {
            _worker.Dispose();
            _worker = null;
        }

        // This mutant, or one before it, left something behind in the process. A process of its own will tell.
        return isSpoilt ? TryFromTheStart(mutant, tests) : answer;
    }

    private static List<TestCase> Quickest(List<TestCase> tests)
    {
        var seconds = 0.0;
        return [.. tests.TakeWhile(test => (seconds += test.Seconds) < 6)];
    }

    private bool IsRefused(Mutant mutant) => !switched.Contains(mutant.Number) && compiler.Emit(mutant) is null;

    // Whoever reads a field may reach what gives it its value: all tests, those of its file first.
    private List<TestCase> Reaching(Mutant mutant)
    {
        var schema = schemas[mutant.File];
        var numbers = schema.ReachedBy(mutant);
        return
        [
            .. tests.Where(test => numbers.Count == 0 || test.Reached.Overlaps(numbers))
                .OrderBy(test => numbers.Count == 0 && !test.Reached.Overlaps(schema.AllProbes))
                .ThenBy(test => test.Seconds / (1 + s_kills.GetValueOrDefault((mutant.File, test.Name)) + (IsOwn(test, mutant) ? 10 : 0))),
        ];
    }

    // Claims/ClaimPage.cs has its tests in ClaimPageTests.
    private static bool IsOwn(TestCase test, Mutant mutant) =>
        test.Name.Split('.') is [.., var type, _] && type.StartsWith(Path.GetFileNameWithoutExtension(mutant.File), StringComparison.Ordinal);
}

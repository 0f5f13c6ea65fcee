using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentAuth.Mutation;

/// <summary>A run, from the source to the report.</summary>
/// <param name="root">The folder of the repository.</param>
internal sealed class MutationRun(string root)
{
    private readonly string _folder = Path.Combine(root, "artifacts", "mutation");
    private readonly RuntimeCompiler _compiler = RuntimeCompiler.Load(root);
    private readonly ReviewedList _reviewed = ReviewedList.Read(Path.Combine(root, "eng", "mutation", "reviewed.tsv"));

    /// <summary>Runs.</summary>
    /// <param name="wanted">Folders or files; none: the folders that decide.</param>
    /// <param name="onlySurvivors">Only what survived the run before.</param>
    /// <param name="isContinued">What an earlier run killed is not tried again where the file is still the same.</param>
    /// <param name="since">Only lines that changed since this commit; null: all.</param>
    /// <param name="someTests">Parts of the names of tests: a short look at what these kill. Whoever survives them may still be killed by others. None: all tests.</param>
    /// <returns>The exit code.</returns>
    public int Run(IReadOnlyCollection<string> wanted, bool onlySurvivors, bool isContinued, string? since, IReadOnlyCollection<string> someTests)
    {
        Directory.CreateDirectory(_folder);
        var report = new Report(_folder);
        using var diary = new Diary(_folder, _compiler, isContinued);
        var changed = since is null ? null : ChangedLines.Since(root, since);
        var survivors = onlySurvivors ? report.LastSurvivors() : null;
        var trees = _compiler.Compilation.SyntaxTrees
            .Where(tree => RuntimeFiles.IsWanted(RuntimeFiles.NameOf(tree), wanted))
            .OrderBy(tree => RuntimeFiles.Place(RuntimeFiles.NameOf(tree)!, wanted)).ToDictionary(tree => RuntimeFiles.NameOf(tree)!);
        var all = new List<Mutant>();
        var known = new List<Verdict>();
        var mutants = new List<Mutant>();
        var schemas = new Dictionary<string, Schema>();
        var number = 1;
        foreach (var (name, tree) in trees)
        {
            var model = _compiler.Compilation.GetSemanticModel(tree);
            var found = new MutantFinder(name, model).Find(number);
            number += found.Count;
            all.AddRange(found);
            var wantedNow = found.Where(mutant => survivors?.Contains(mutant.Key) != false && changed?.Contains((mutant.File, mutant.LineNumber)) != false).ToLookup(diary.Known);
            known.AddRange(wantedNow.Select(verdicts => verdicts.Key).OfType<Verdict>());
            mutants.AddRange(wantedNow[null]);
            schemas[name] = new Schema(model, wantedNow[null], number);
            number += schemas[name].Probes;
        }

        var stale = _reviewed.Stale(trees.Keys, all).ToList();
        if (mutants.Count + known.Count == 0)
        {
            Console.Error.WriteLine("No mutants. Name folders or files below src/Runtime, for example Assertions/StrictJwt.cs.");
            return 2;
        }

        var runtime = CompileTogether(trees, schemas);
        var switched = schemas.Values.SelectMany(schema => schema.Switched).Select(mutant => mutant.Number).ToHashSet();
        var together = CopyTests("together");
        File.WriteAllBytes(Path.Combine(together, "AgentAuth.Runtime.dll"), runtime);

        Console.WriteLine($"{mutants.Count} mutants in {trees.Count} files, of which {mutants.Count(mutant => !switched.Contains(mutant.Number))} have to be compiled alone; {known.Count} more are known from earlier. Running {(someTests.Count > 0 ? "some" : "all")} tests once, to see which reach what …");
        var parts = Environment.ProcessorCount;
        var tests = Enumerable.Range(0, parts).AsParallel().WithDegreeOfParallelism(parts).SelectMany(part =>
        {
            using var worker = new WorkerProcess(together);
            return worker.Measure(number, part, parts, someTests);
        }).ToList();

        var trials = new ConcurrentBag<Trial>(Enumerable.Range(1, Environment.ProcessorCount).Select(
            one => new Trial(_compiler, _reviewed, tests, schemas, switched, together, CopyTests($"alone{one}"))));
        ConcurrentBag<Verdict> verdicts = [.. known];
        foreach (var folder in mutants.GroupBy(mutant => RuntimeFiles.Place(mutant.File, wanted) is var place && place < wanted.Count ? wanted.ElementAt(place) : mutant.File.Split('/')[0]))
        {
            Console.WriteLine($"{folder.Key}: {folder.Count()}");
            foreach (var verdict in TryAll([.. folder], trials, diary))
            {
                verdicts.Add(verdict);
            }
        }

        foreach (var trial in trials)
        {
            trial.Dispose();
        }

        report.Write(verdicts, _reviewed);
        foreach (var entry in stale)
        {
            Console.WriteLine($"Take it off eng/mutation/reviewed.tsv, there is no such code any more: {entry}");
        }

        Console.WriteLine(Report.Summary(verdicts));
        return stale.Count > 0 || verdicts.Any(verdict => verdict.Fate is Fate.Survived) ? 1 : 0;
    }

    // First all mutants, each shown to its quickest tests alone, and then those that are still alive to the others: so what lacks a test is told early.
    private static ConcurrentBag<Verdict> TryAll(List<Mutant> mutants, ConcurrentBag<Trial> trials, Diary diary)
    {
        var verdicts = new ConcurrentBag<Verdict>();
        var alive = new ConcurrentQueue<Mutant>();
        Each(mutants, (trial, mutant) =>
        {
            if (trial.Try(mutant, isFirst: true) is { } verdict)
            {
                Add(verdict);
                return;
            }

            alive.Enqueue(mutant);
            Console.WriteLine($"? {Report.Of(new Verdict(mutant, Fate.Survived, 0, ""))}");
        });
        Console.WriteLine($"{alive.Count} are still alive, and see the rest of the tests …");
        Each(alive, (trial, mutant) => Add(trial.Try(mutant, isFirst: false)!));
        return verdicts;

        void Each(IEnumerable<Mutant> some, Action<Trial, Mutant> action) => Parallel.ForEach(
            Partitioner.Create(some, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = trials.Count },
            mutant =>
            {
                trials.TryTake(out var trial);
                action(trial!, mutant);
                trials.Add(trial!);
            });

        void Add(Verdict verdict)
        {
            verdicts.Add(verdict);
            diary.Write(verdict);
            if (verdict.Fate is Fate.Survived)
            {
                Console.WriteLine(Report.Of(verdict));
            }

            if (verdicts.Count % 100 == 0)
            {
                Console.WriteLine($"… {verdicts.Count} of {mutants.Count}");
            }
        }
    }

    // What the compiler refuses among the others is left out, to be compiled alone, until it refuses nothing more.
    private byte[] CompileTogether(Dictionary<string, SyntaxTree> trees, Dictionary<string, Schema> schemas)
    {
        while (true)
        {
            var compilation = _compiler.Compilation;
            var written = new Dictionary<SyntaxTree, Schema>();
            foreach (var (name, tree) in trees)
            {
                var mutated = CSharpSyntaxTree.ParseText(schemas[name].Write(), (CSharpParseOptions)tree.Options, tree.FilePath);
                written[mutated] = schemas[name];
                compilation = compilation.ReplaceSyntaxTree(tree, mutated);
            }

            compilation = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(Schema.Source, (CSharpParseOptions)trees.Values.First().Options));
            if (_compiler.Emit(compilation, out var problems) is { } assembly)
            {
                return assembly;
            }

            var errors = problems.Where(problem => problem.Severity is DiagnosticSeverity.Error).ToList();
            if (!errors.ConvertAll(error => written[error.Location.SourceTree!].LeaveOut(error)).Contains(true)
                && !errors.Exists(error => written[error.Location.SourceTree!].LeaveOutAround(error.Location)))
            {
                throw new InvalidOperationException($"The mutants do not compile together: {errors[0]}");
            }
        }
    }

    /// <summary>Copies the built tests. This program goes with them, for the worker is part of it.</summary>
    private string CopyTests(string name)
    {
        var copy = Path.Combine(_folder, name);
        var built = Path.Combine(root, "tests", "Runtime", "bin", "Release", "net10.0");
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(copy, Path.GetRelativePath(built, file)));
        }

        Copy(typeof(Worker).Assembly.Location, Path.Combine(copy, "AgentAuth.Mutation.dll"));
        return copy;
    }

    private static void Copy(string file, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(file, to, overwrite: true);
    }
}

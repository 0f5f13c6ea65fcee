using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace AgentAuth.Mutation;

/// <summary>
/// The other side of <see cref="WorkerProcess"/>: runs among the built tests, with the mutants in the runtime's place. It is told a mutant and
/// tests, a line at a time, and runs them in that order until one fails. A failure counts only when the test passes again without the mutant.
/// </summary>
internal sealed class Worker : IMessageSink
{
    /// <summary>What a line of an answer begins with: tests write to the console too.</summary>
    public const string Mark = "##mutation ";

    /// <summary>The first word of a question for the time and the reach of tests.</summary>
    public const string Measuring = "measure";

    private static readonly TestAssemblyConfiguration s_configuration = new() { ParallelizeTestCollections = false };

    private readonly Dictionary<string, List<ITestCase>> _tests = [];
    private readonly ITestFrameworkExecutor _executor;
    private readonly FieldInfo? _active;
    private readonly FieldInfo? _reached;
    private bool _failed;

    private Worker(Assembly tests)
    {
        _executor = new XunitTestFramework().GetExecutor(tests);
        var mutants = Assembly.Load("AgentAuth.Runtime").GetType("AgentAuth.Mutation.Switch");
        _active = mutants?.GetField("Active");
        _reached = mutants?.GetField("Reached");
    }

    public static async Task RunAsync()
    {
        TestContext.SetForInitialization(diagnosticMessageSink: null, diagnosticMessages: false, internalDiagnosticMessages: false);
        var tests = Assembly.Load("AgentAuth.Runtime.Tests");

        // Where ASP.NET Core looks for pages.
        Assembly.SetEntryAssembly(tests);
        var worker = new Worker(tests);
        await new XunitTestFramework().GetDiscoverer(tests).Find(
            test =>
            {
                var name = $"{test.TestClassName}.{test.TestMethodName}";
                worker._tests.TryAdd(name, []);
                worker._tests[name].Add(test);
                return ValueTask.FromResult(true);
            },
            TestFrameworkOptions.ForDiscovery(s_configuration));

        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            Answer(words is [Measuring, var mutants, var part, var parts, .. var wanted]
                ? await worker.MeasureAsync(ToNumber(mutants), ToNumber(part), ToNumber(parts), wanted)
                : await worker.TryAsync(ToNumber(words[0]), words[1..]));
        }
    }

    public bool OnMessage(IMessageSinkMessage message)
    {
        _failed |= message is ITestFailed or IErrorMessage or ITestCleanupFailure or ITestClassCleanupFailure;
        return !_failed;
    }

    private static int ToNumber(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static void Answer(string text) => Console.WriteLine(Mark + text);

    private async Task<string> TryAsync(int number, string[] names)
    {
        foreach (var name in names)
        {
            // Its time begins. The space tells that this is not the answer yet, as in what is measured.
            Answer(name + " ");
            if (await PassesAsync(number, name))
            {
                continue;
            }

            // What is compiled alone cannot be switched off, and has this process to itself.
            return _active is null || Environment.GetEnvironmentVariable(Schema.Variable) is not null || await PassesAsync(0, name) ? name : "!" + name;
        }

        return "";
    }

    /// <summary>Each test with its seconds and the mutants that it reaches.</summary>
    private async Task<string> MeasureAsync(int mutants, int part, int parts, string[] wanted)
    {
        var names = _tests.Keys.Where(name => wanted.Length == 0 || wanted.Any(name.Contains)).Order(StringComparer.Ordinal);
        foreach (var name in names.Where((_, index) => index % parts == part))
        {
            var reached = new byte[mutants + 1];
            _reached!.SetValue(null, reached);
            var watch = Stopwatch.StartNew();
            if (!await PassesAsync(0, name) && !await PassesAsync(0, name))
            {
                return "!" + name;
            }

            var numbers = Enumerable.Range(0, reached.Length).Where(number => reached[number] != 0);
            Answer(string.Create(CultureInfo.InvariantCulture, $"{name} {watch.Elapsed.TotalSeconds} {string.Join(' ', numbers)}"));
        }

        return "";
    }

    private async Task<bool> PassesAsync(int number, string name)
    {
        _failed = false;
        _active?.SetValue(null, number);
        await _executor.RunTestCases(_tests[name], this, TestFrameworkOptions.ForExecution(s_configuration), CancellationToken.None);
        _active?.SetValue(null, 0);
        return !_failed;
    }
}

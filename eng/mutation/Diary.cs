using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentAuth.Mutation;

/// <summary>
/// Writes each fate down as soon as it is known, so that a run which was stopped can go on. A mutant is the same one as long as its whole file is.
/// </summary>
internal sealed class Diary : IDisposable
{
    private readonly Dictionary<string, string> _texts;
    private readonly Dictionary<string, (Fate Fate, int Tests, string By)> _known = [];
    private readonly StreamWriter _writer;
    private readonly Lock _lock = new();

    /// <param name="folder">Where it is written.</param>
    /// <param name="compiler">Knows the files.</param>
    /// <param name="isContinued">False for one that begins anew.</param>
    public Diary(string folder, RuntimeCompiler compiler, bool isContinued)
    {
        _texts = compiler.Compilation.SyntaxTrees.Where(tree => RuntimeFiles.NameOf(tree) is not null).ToDictionary(
            tree => RuntimeFiles.NameOf(tree)!, tree => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(tree.GetText().ToString()))));
        var path = Path.Combine(folder, "diary.tsv");
        foreach (var line in isContinued && File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (line.Split('\t') is [.. var name, var fate, var tests, var by])
            {
                _known[string.Join('\t', name)] = (Enum.Parse<Fate>(fate), int.Parse(tests, CultureInfo.InvariantCulture), by);
            }
        }

        _writer = new StreamWriter(path, append: isContinued) { AutoFlush = true };
    }

    /// <summary>The fate that a mutant has had; null when it has to be tried: a survivor has new tests to see, and what timed out may have had a busy machine.</summary>
    public Verdict? Known(Mutant mutant) =>
        _known.TryGetValue(Name(mutant), out var known) && known.Fate is Fate.Killed or Fate.NotCompiled
            ? new Verdict(mutant, known.Fate, known.Tests, known.By)
            : null;

    public void Write(Verdict verdict)
    {
        lock (_lock)
        {
            _writer.WriteLine(string.Join('\t', Name(verdict.Mutant), verdict.Fate, verdict.Tests.ToString(CultureInfo.InvariantCulture), verdict.By));
        }
    }

    public void Dispose() => _writer.Dispose();

    private string Name(Mutant mutant) => string.Create(
        CultureInfo.InvariantCulture, $"{mutant.File}\t{_texts[mutant.File]}\t{mutant.Span.Start}\t{mutant.Span.Length}\t{mutant.Replacement}");
}

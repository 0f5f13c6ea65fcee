using System.Text;
using AgentAuth.AuthMd;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Jobs;

namespace AgentAuth.Benchmarks;

/// <summary>
/// Reading an auth.md from 1 KB to 10 MB, beside Markdig alone on the same text: the time must grow as the text does, for documents as people
/// write them and for text made to be slow.
/// </summary>
[SimpleJob(RuntimeMoniker.Net10_0, launchCount: 1, warmupCount: 2, iterationCount: 5)]
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private const string Head = "# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Methods\n\n### verified_email\n- **Credentials:** `api_key`\n\n## Scopes\n\n| Scope | Description |\n| --- | --- |\n";

    private string _text = "";

    /// <summary>Kilobytes.</summary>
    [Params(1, 10, 100, 1_000, 10_000)]
    public int Size { get; set; }

    /// <summary>What the text is made of.</summary>
    [Params("scopes", "headings", "marks", "json")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var text = new StringBuilder(Head);
        for (var i = 0; text.Length < Size * 1024; i++)
        {
            text.Append(Kind switch
            {
                "scopes" => $"| `scope.{i}` | Reads number {i}. |\n",
                "headings" => $"\n## Scpoes {i}\n\n- **Labell {i}:** value\n",
                "marks" => "\n`*_[<!-- ``` ](`` **&{{ eyJ",
                _ => "\n```json\n{ \"agent_auth\": { \"identity_types_supported\": [\"anonymous\"], \"scopes_supported\": [\"a\"] } }\n```\n",
            });
        }

        _text = text.ToString();
    }

    /// <summary>Markdig alone, blocks and inlines.</summary>
    [Benchmark(Baseline = true)]
    public object Markdig() => global::Markdig.Markdown.Parse(_text);

    /// <summary>The parser.</summary>
    [Benchmark]
    public AuthMdParseResult AuthMd() => AuthMdParser.Parse(_text);
}

using System.Globalization;
using System.Text;

namespace AgentAuth.AuthMd.Corpus;

/// <summary>
/// What is read from real files, against what a person read in them. The table of results is docs/corpus.md; a change of the parser that reads
/// more or less of a file shows there.
/// </summary>
public sealed class CorpusTests
{
    [Theory]
    [InlineData("protocol")]
    [InlineData("newer")]
    [InlineData("unrelated")]
    public void Every_span_lies_in_the_file(string folder)
    {
        foreach (var file in FilesOf(folder))
        {
            var text = File.ReadAllText(file);
            Spans.AssertInside(text, AuthMdParser.Parse(text), Path.GetFileName(file));
        }
    }

    [Fact]
    public void Files_about_something_else_declare_nothing()
    {
        foreach (var file in FilesOf("unrelated"))
        {
            var document = AuthMdParser.Parse(File.ReadAllText(file)).Document;
            Assert.True(document.Scopes.IsEmpty && document.Methods.IsEmpty && document.AuthorizationCode is null && document.Endpoints == new EndpointDeclarations(), Path.GetFileName(file));
        }
    }

    [Fact]
    public void Nearly_all_scopes_and_methods_of_real_files_are_read_exactly()
    {
        var results = Results();

        Assert.Equal(68, results.Count);
        Assert.True(Share(results, result => result.Expected.Scopes, result => result.Scopes ?? "") >= 0.95);
        Assert.True(Share(results, result => result.Expected.Methods, result => result.Methods ?? "") >= 0.90);
        Assert.True(Share(results, result => Join(result.Expected.Endpoints), result => Join(result.Endpoints) ?? "") >= 0.85);
        Assert.All(results.Where(result => result.Expected.Scopes is null), result => Assert.Null(result.Scopes));
        Assert.All(results.Where(result => result.Expected.Methods is null), result => Assert.Null(result.Methods));
    }

    [Fact]
    public void The_table_in_the_docs_says_what_is_read()
    {
        var file = Path.Combine(Repository.Root, "docs", "corpus.md");
        var table = Table(Results());
        if (Environment.GetEnvironmentVariable("AGENTAUTH_WRITE_DOCS") == "1")
        {
            var text = File.ReadAllText(file);
            File.WriteAllText(file, text[..text.IndexOf("| File |", StringComparison.Ordinal)] + table);
        }

        Assert.EndsWith(table, File.ReadAllText(file).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static double Share(List<Result> results, Func<Result, string?> expected, Func<Result, string> read)
    {
        var named = results.Where(result => expected(result) is not null).ToList();
        return (double)named.Count(result => expected(result) == read(result)) / named.Count;
    }

    private static string? Join(string?[] endpoints) => endpoints.All(endpoint => endpoint is null) ? null : string.Join(' ', endpoints.Select(endpoint => endpoint ?? "-"));

    private static string Table(List<Result> results)
    {
        var table = new StringBuilder("| File | Scopes | Methods | Register · claim · revoke | Remarks |\n| --- | --- | --- | --- | --- |\n");
        foreach (var result in results)
        {
            var expected = result.Expected;
            var endpoints = string.Join(" · ", expected.Endpoints.Zip(result.Endpoints, Cell));
            table.Append(CultureInfo.InvariantCulture, $"| {expected.File} {result.Repository} | {Cell(expected.Scopes, result.Scopes)} | {Cell(expected.Methods, result.Methods)} | {(endpoints == " ·  · " ? "" : endpoints)} | {expected.Note} |\n");
        }

        return table.ToString();
    }

    private static string Cell(string? expected, string? read) => (expected, read) switch
    {
        (null, null) => "",
        ("", null) => "none",
        (_, null) => $"~~{Code(expected!)}~~",
        _ when expected == read => Code(read),
        _ => $"{Code(read)} instead of ~~{Code(expected ?? "none")}~~",
    };

    private static string Code(string words) => string.Join(' ', words.Split(' ').Select(word => $"`{word}`"));

    private static List<Result> Results()
    {
        IReadOnlyList<string> files = [.. FilesOf("protocol"), .. FilesOf("newer")];
        return
        [
            .. Expectation.All.Select(expected =>
            {
                var file = files.Single(file => Path.GetFileName(file).Split('_', '-')[0] == expected.File);
                var document = AuthMdParser.Parse(File.ReadAllText(file)).Document;
                List<string> names = [.. document.Methods.Select(method => Name(method.Kind)), .. document.AuthorizationCode is null ? [] : (string[])["authorization_code"]];
                return new Result(
                    expected,
                    string.Join('/', Path.GetFileNameWithoutExtension(file).Replace("-", file.Contains("__", StringComparison.Ordinal) ? "-" : "__", StringComparison.Ordinal).Split("__")[1..]),
                    document.Scopes.IsEmpty ? null : string.Join(' ', document.Scopes.Select(scope => scope.Name.Value)),
                    names.Count == 0 ? null : string.Join(' ', names.Order(StringComparer.Ordinal)),
                    [document.Endpoints.Register?.Value, document.Endpoints.Claim?.Value, document.Endpoints.Revoke?.Value]);
            }),
        ];
    }

    private static string Name(MethodKind kind) => kind switch
    {
        MethodKind.Anonymous => "anonymous",
        MethodKind.VerifiedEmail => "verified_email",
        _ => "identity_assertion",
    };

    private static IReadOnlyList<string> FilesOf(string folder)
    {
        var files = CorpusFiles.In(folder);
        if (files.Count == 0)
        {
            Assert.Skip("The corpus is not beside this working copy.");
        }

        return files;
    }

    private sealed record Result(Expectation Expected, string Repository, string? Scopes, string? Methods, string?[] Endpoints);
}

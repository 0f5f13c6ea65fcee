using System.Text.RegularExpressions;
using AgentAuth.Protocol.V01;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentAuth;

/// <summary>The source itself: which folder leans on which, and that what is said on the wire stands once.</summary>
public sealed partial class FoldersTests
{
    private static readonly string s_source = Path.Combine(Repository.Root, "src");
    private static readonly string s_runtime = Path.Combine(s_source, "Runtime");

    [Fact]
    public void Folders_of_the_runtime_form_no_cycle()
    {
        var edges = Files(s_runtime)
            .SelectMany(file => Root(file).DescendantNodes().OfType<UsingDirectiveSyntax>().Select(line => (From: FolderOf(file), To: FolderOf(line))))
            .Where(edge => edge.To is not null && edge.To != edge.From)
            .ToLookup(edge => edge.From, edge => edge.To!);

        Assert.True(edges.Count > 15);
        Assert.Empty(CycleIn(edges));
    }

    [Fact]
    public void Paths_URNs_and_error_codes_stand_in_Protocol_and_nowhere_else()
    {
        string[] codes = [.. ProtocolErrors.All.Select(error => error.Code).Where(code => code.Contains('_', StringComparison.Ordinal)).Except(s_alsoOthers)];
        var found = new[] { "AuthMd", "Generator", "Analyzers", "CodeFixes", "Tool", "Runtime" }
            .SelectMany(folder => Files(Path.Combine(s_source, folder)))
            .SelectMany(file => Texts(file).Where(text => codes.Contains(text.Text) || OnTheWire().IsMatch(text.Text))
                .Select(text => $"{Path.GetRelativePath(s_source, file)}:{text.Line}: {text.Text}"))
            .ToList();

        Assert.Empty(found);
    }

    [Fact]
    public void The_walk_of_the_architecture_page_has_at_most_twenty_files_and_all_are_there()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var walk = page[page.IndexOf("from the door to the disk", StringComparison.Ordinal)..page.IndexOf("The path of an auth.md has", StringComparison.Ordinal)];
        var files = FileName().Matches(walk).Select(match => match.Groups[1].Value).ToList();

        Assert.InRange(files.Count, 15, 20);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(s_runtime, file)), file));
    }

    // Registered for OAuth and bearer tokens (RFC 6749, 6750), and written in the challenge's own grammar.
    private static readonly string[] s_alsoOthers = ["invalid_token", "insufficient_scope", "insufficient_user_authentication", "invalid_request"];

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static SyntaxNode Root(string file) => CSharpSyntaxTree.ParseText(File.ReadAllText(file), new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();

    private static IEnumerable<(string Text, int Line)> Texts(string file) => Root(file).DescendantTokens()
        .Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken)
        .Select(token => (token.ValueText, token.GetLocation().GetLineSpan().StartLinePosition.Line + 1));

    // A folder of the runtime is one room, but for Wire: what all generations share and each generation are rooms of their own.
    private static string FolderOf(string file) => Room(Path.GetRelativePath(s_runtime, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar));

    private static string? FolderOf(UsingDirectiveSyntax line) =>
        line.Name?.ToString() is { } name && name.StartsWith("AgentAuth.", StringComparison.Ordinal)
        && Directory.Exists(Path.Combine(s_runtime, name.Split('.')[1]))
            ? Room(name.Split('.')[1..])
            : null;

    private static string Room(string[] parts) => parts is ["Wire", var generation, ..] ? $"Wire/{generation}" : parts[0];

    private static List<string> CycleIn(ILookup<string, string> edges)
    {
        HashSet<string> done = [];
        foreach (var start in edges.Select(group => group.Key))
        {
            if (Visit(start, []) is { } cycle)
            {
                return cycle;
            }
        }

        return [];

        List<string>? Visit(string folder, List<string> path)
        {
            if (path.Contains(folder))
            {
                return [.. path.SkipWhile(step => step != folder), folder];
            }

            return done.Contains(folder) ? null
                : edges[folder].Distinct().Select(next => Visit(next, [.. path, folder])).FirstOrDefault(cycle => cycle is not null)
                    ?? (done.Add(folder) ? null : null);
        }
    }

    [GeneratedRegex("`([A-Za-z0-9/.]+\\.cs)`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^/agent(/|$)|/agent/(auth|identity)|\.well-known/|urn:ietf:|^/oauth2/|^/(complete|view|view\.css|attempt)$|^/attempt/")]
    private static partial Regex OnTheWire();
}

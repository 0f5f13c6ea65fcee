using AgentAuth.AuthMd;
using CsCheck;

namespace AgentAuth.Generator.Render;

public sealed class ScopesRendererTests
{
    [Theory]
    [InlineData("tickets.read", "TicketsRead")]
    [InlineData("customers:read", "CustomersRead")]
    [InlineData("a-b_c/d", "ABCD")]
    [InlineData("class", "Class")]
    [InlineData("1st", "_1st")]
    [InlineData("https://api.example/scope", "HttpsApiExampleScope")]
    [InlineData("All", "All_2")]
    [InlineData("ToString", "ToString_2")]
    [InlineData("*/", "_")]
    [InlineData("{}[]()<>", "_")]
    public void A_scope_becomes_a_constant(string scope, string identifier)
    {
        var code = GeneratorHarness.Assemble(WithScopes($"- `{scope}` — It does things."), GeneratorHarness.Program).Sources["AgentScopes.g.cs"];

        Assert.Contains($"public const string {identifier} = \"{scope}\";", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Scopes_that_come_out_alike_are_told_apart_in_the_documents_order()
    {
        var code = GeneratorHarness.Assemble(WithScopes("- `a-b`\n- `a.b`\n- `a:b`")).Sources["AgentScopes.g.cs"];

        Assert.Contains("AB = \"a-b\"", code, StringComparison.Ordinal);
        Assert.Contains("AB_2 = \"a.b\"", code, StringComparison.Ordinal);
        Assert.Contains("AB_3 = \"a:b\"", code, StringComparison.Ordinal);
        Assert.Contains("All { get; } = [AB, AB_2, AB_3];", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_descriptions_stay_comments_and_literals()
    {
        var hostile = "</summary> \"; } evil(); // */ \\u000a #error \u2028 class X { <b> & 日本 🎫";
        var assembled = GeneratorHarness.Assemble(WithScopes($"- `a` — {hostile}"));

        Assert.DoesNotContain("evil", string.Concat(assembled.Compilation.GetSymbolsWithName(_ => true, cancellationToken: TestContext.Current.CancellationToken).Select(s => s.Name)), StringComparison.Ordinal);
        Assert.Contains("evil();", assembled.Manifest().Scopes[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_scope_and_ten_thousand_scopes_compile()
    {
        GeneratorHarness.Assemble(WithScopes($"- `{new string('x', 500)}`"));
        GeneratorHarness.Assemble(WithScopes(string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"- `scope.{i}`"))));
    }

    // Whatever the parser takes, the compiler takes: without a warning, as code that declares nothing but what the generator wrote.
    [Fact]
    public void Any_names_and_descriptions_compile_without_a_warning() =>
        Gen.Select(s_words.Array[1, 6], s_words.Array[0, 4], s_words.Array[0, 3]).Sample(
            (scopes, description, name) =>
            {
                var rows = scopes.Select((scope, i) => $"| `{scope.Replace("|", "\\|", StringComparison.Ordinal)}` | {string.Concat(description)} | {(i == 0 ? "pre-claim" : "post-claim")} |");
                var text = WithScopes("| Scope | Description | Granted |\n| --- | --- | --- |\n" + string.Join('\n', rows)).Replace("# X", "# X" + string.Concat(name), StringComparison.Ordinal);
                var declared = AuthMdParser.Parse(text).Document.Scopes;
                var manifest = GeneratorHarness.Assemble(text).Manifest();
                Assert.Equal(declared.Select(scope => (scope.Name.Value, scope.Description)), manifest.Scopes.Select(scope => (scope.Name, scope.Description)));
            },
            iter: 25,
            threads: 1);

    private static readonly Gen<string> s_words = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 1, 12],
        Gen.Const("class"), Gen.Const("1st"), Gen.Const("a-b"), Gen.Const("a.b"), Gen.Const("a:b"), Gen.Const("*/"), Gen.Const("\"\"\""), Gen.Const("\\u000a"), Gen.Const("//"),
        Gen.Const("#error"), Gen.Const("{0}"), Gen.Const("🎫"), Gen.Const("</summary>"), Gen.Const("&lt;"), Gen.Const("\u2028"), Gen.Const("AgentScopes"), Gen.Const("All"), Gen.Const("_"));

    private static string WithScopes(string scopes) =>
        $"# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n{scopes}\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_key`\n";
}

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
    public void A_long_scope_and_a_thousand_scopes_compile()
    {
        GeneratorHarness.Assemble(WithScopes($"- `{new string('x', 500)}`"));
        GeneratorHarness.Assemble(WithScopes(string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"- `scope.{i}`"))));
    }

    private static string WithScopes(string scopes) =>
        $"# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n{scopes}\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_key`\n";
}

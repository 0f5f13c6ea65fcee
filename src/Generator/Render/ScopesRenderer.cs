using AgentAuth.Generator.Model;

namespace AgentAuth.Generator.Render;

/// <summary>Renders <c>AgentScopes</c>.</summary>
internal static class ScopesRenderer
{
    public static string Render(ServiceModel model, string rootNamespace)
    {
        var code = new CSharpWriter();
        code.Line($"namespace {rootNamespace};");
        code.Line();
        code.Summary("The scopes that auth.md declares.");
        code.Line(CSharpWriter.GeneratedCode);
        code.Open("public static partial class AgentScopes");
        foreach (var scope in model.Scopes)
        {
            code.Summary(scope.Description.Length > 0 ? scope.Description : $"The scope {scope.Name}.");
            code.Line($"public const string {scope.Identifier} = {CSharpWriter.Literal(scope.Name)};{CSharpWriter.From(scope.Line)}");
            code.Line();
        }

        code.Summary("Every scope, in the order of auth.md.");
        code.Line($"public static global::System.Collections.Immutable.ImmutableArray<string> All {{ get; }} = [{Names(model.Scopes)}];");
        code.Line();
        code.Summary("What an anonymous registration holds before anybody claimed it.");
        code.Line($"public static global::System.Collections.Immutable.ImmutableArray<string> PreClaim {{ get; }} = [{Names(model.Scopes.Where(s => s.IsPreClaim))}];");
        code.Close();
        return code.ToString();
    }

    private static string Names(IEnumerable<ScopeModel> scopes) => string.Join(", ", scopes.Select(scope => scope.Identifier));
}

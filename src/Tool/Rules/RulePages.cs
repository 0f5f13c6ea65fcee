using System.Reflection;
using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Rules;

/// <summary>The pages of docs/rules, which the tool carries with it.</summary>
internal static class RulePages
{
    /// <summary>The page of a rule. A test sees to it that none is without.</summary>
    /// <param name="rule">The rule.</param>
    public static string Of(AuthMdRule rule)
    {
        var name = $"AgentAuth.Tool.Rules.{rule.Id}.md";
        using var page = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The tool was built without the resource {name}.");
        using var reader = new StreamReader(page);
        return reader.ReadToEnd();
    }
}

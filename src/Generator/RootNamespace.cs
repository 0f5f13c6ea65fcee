using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentAuth.Generator;

/// <summary>The namespace that generated types go to.</summary>
internal static class RootNamespace
{
    private const string Fallback = "AgentAuthGenerated";

    /// <summary>The build property as a C# namespace: odd characters become underscores, keywords are escaped.</summary>
    public static string Of(string? property)
    {
        var segments = (property ?? "").Split(['.'], StringSplitOptions.RemoveEmptyEntries).Select(Identifier).ToArray();
        return segments.Length == 0 ? Fallback : string.Join(".", segments);
    }

    private static string Identifier(string segment)
    {
        var name = new StringBuilder();
        foreach (var c in segment)
        {
            name.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        }

        var text = SyntaxFacts.IsIdentifierStartCharacter(name[0]) ? name.ToString() : "_" + name;
        return SyntaxFacts.GetKeywordKind(text) == SyntaxKind.None ? text : "@" + text;
    }
}

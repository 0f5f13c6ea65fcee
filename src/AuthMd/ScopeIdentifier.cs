using System.Collections.Immutable;
using System.Text;

namespace AgentAuth.AuthMd;

/// <summary>How a scope is called in C#. The generator writes these names and the analyzer speaks of them.</summary>
public static class ScopeIdentifier
{
    private static readonly string[] s_reserved = ["All", "PreClaim", "AgentScopes", "Equals", "ReferenceEquals", "ToString", "GetType", "GetHashCode", "MemberwiseClone", "Finalize"];

    /// <summary>
    /// The identifiers of scopes, in their order: each word capitalised, everything else dropped, an underscore before a digit. Two scopes that
    /// come out alike get <c>_2</c>, <c>_3</c> … in the order of the document.
    /// </summary>
    /// <param name="scopes">Scope-tokens.</param>
    public static ImmutableArray<string> All(IEnumerable<string> scopes)
    {
        var taken = new HashSet<string>(s_reserved, StringComparer.Ordinal);
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var scope in scopes)
        {
            var name = Of(scope);
            var unique = name;
            for (var n = 2; !taken.Add(unique); n++)
            {
                unique = $"{name}_{n}";
            }

            names.Add(unique);
        }

        return names.ToImmutable();
    }

    /// <summary>The identifier of one scope, before clashes are resolved. Never empty, never a keyword.</summary>
    /// <param name="scope">A scope-token.</param>
    public static string Of(string scope)
    {
        var name = new StringBuilder(scope.Length + 1);
        var startsWord = true;
        foreach (var c in scope)
        {
            if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'))
            {
                name.Append(startsWord ? char.ToUpperInvariant(c) : c);
                startsWord = false;
            }
            else
            {
                startsWord = true;
            }
        }

        // Capitalised or prefixed, so no keyword is ever met.
        return name.Length == 0 ? "_" : char.IsDigit(name[0]) ? "_" + name : name.ToString();
    }
}

using Microsoft.AspNetCore.Authorization;

namespace AgentAuth;

/// <summary>The scopes an endpoint asks of an agent.</summary>
/// <param name="Scopes">All of them are needed.</param>
/// <param name="AllowsUsers">True when the app's own signed-in user will do as well.</param>
internal sealed record AgentScopeRequirement(IReadOnlyList<string> Scopes, bool AllowsUsers) : IAuthorizationRequirement
{
    /// <summary>As logs of refusals name it.</summary>
    public override string ToString() => $"agent scope {string.Join(' ', Scopes)}{(AllowsUsers ? ", or a signed-in user" : "")}";

    /// <summary>An annotation without a scope would let every agent in; it is refused where it is written.</summary>
    public static string[] Checked(string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Length == 0 || scopes.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException(
                "Name at least one scope that auth.md declares, for example AgentScopes.TicketsRead.", nameof(scopes));
        }

        return scopes;
    }
}

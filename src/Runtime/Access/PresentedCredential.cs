using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>
/// What became of the agent credential that a request presented. It is kept for the request, and copied with its items when SignalR keeps a request
/// for a connection.
/// </summary>
internal static class PresentedCredential
{
    private static readonly object s_key = new();

    /// <summary>Nobody: what whoever presents an agent credential is where nothing says that agents may come.</summary>
    public static ClaimsPrincipal Nobody => new(new ClaimsIdentity());

    public static async ValueTask<AuthenticateResult> OfAsync(HttpContext context) =>
        KeptOf(context) ?? await context.AuthenticateAsync(AgentAuthDefaults.AuthenticationScheme);

    /// <summary>What became of it, if somebody has asked; null otherwise.</summary>
    public static AuthenticateResult? KeptOf(HttpContext context) =>
        context.Items.TryGetValue(s_key, out var kept) ? kept as AuthenticateResult : null;

    public static void Keep(HttpContext context, AuthenticateResult result) => context.Items[s_key] = result;
}

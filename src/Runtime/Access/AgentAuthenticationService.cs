using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>
/// Stands before the app's schemes. Whoever presents an agent credential is that agent or nobody: no cookie, certificate or token beside it counts,
/// whatever scheme is asked, and claims that the app adds to its people are not added to agents. So the two never become one principal.
/// </summary>
internal sealed class AgentAuthenticationService(IAuthenticationService inner, IAuthenticationHandlerProvider handlers) : IAuthenticationService
{
    public async Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        var presented = await PresentedAsync(context);
        if (scheme == AgentAuthDefaults.AuthenticationScheme)
        {
            return presented;
        }

        return presented.None ? await inner.AuthenticateAsync(context, scheme) : AuthenticateResult.NoResult();
    }

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => inner.ChallengeAsync(context, scheme, properties);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => inner.ForbidAsync(context, scheme, properties);

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        inner.SignInAsync(context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => inner.SignOutAsync(context, scheme, properties);

    // The handler itself is asked: behind the inner service stands IClaimsTransformation, which adds to the app's people what is theirs.
    private async ValueTask<AuthenticateResult> PresentedAsync(HttpContext context)
    {
        if (PresentedCredential.KeptOf(context) is { } kept)
        {
            return kept;
        }

        if (context.Request.Headers.Authorization.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        var handler = await handlers.GetHandlerAsync(context, AgentAuthDefaults.AuthenticationScheme);
        var presented = handler is null
            ? await inner.AuthenticateAsync(context, AgentAuthDefaults.AuthenticationScheme)
            : await handler.AuthenticateAsync();
        if (!presented.None)
        {
            PresentedCredential.Keep(context, presented);
        }

        return presented;
    }
}

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>
/// The default scheme of an app that has none of its own: it finds nobody. Were the scheme of agent credentials the default, every agent would be a
/// signed-in user to whatever looks at <c>HttpContext.User</c> before, or without, an endpoint.
/// </summary>
internal sealed class NobodyHandler : IAuthenticationHandler
{
    public const string SchemeName = "AgentAuth.Nobody";

    private HttpContext _context = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

    public Task ChallengeAsync(AuthenticationProperties? properties) => _context.ChallengeAsync(AgentAuthDefaults.AuthenticationScheme, properties);

    public Task ForbidAsync(AuthenticationProperties? properties) => _context.ForbidAsync(AgentAuthDefaults.AuthenticationScheme, properties);
}

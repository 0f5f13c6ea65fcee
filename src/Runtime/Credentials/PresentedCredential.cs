using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Credentials;

/// <summary>What became of the agent credential that a request presented. Our own decisions ask once a request: ASP.NET Core logs every asking.</summary>
internal static class PresentedCredential
{
    public static async ValueTask<AuthenticateResult> OfAsync(HttpContext context)
    {
        if (context.Features.Get<Kept>() is { } kept)
        {
            return kept.Result;
        }

        var result = await context.AuthenticateAsync(AgentAuthDefaults.AuthenticationScheme);
        context.Features.Set(new Kept(result));
        return result;
    }

    private sealed record Kept(AuthenticateResult Result);
}

using AgentAuth.Audit;
using AgentAuth.Refusals;
using AgentAuth.Registrations;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.V01;

/// <summary><c>POST /agent/auth/revoke</c>: a logout token as the body (v0.1), or as a form field (OpenID Connect Back-Channel Logout 1.0 §2.5).</summary>
internal sealed class RevocationEndpoint(LogoutTokenRevocation revocation, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var origin = RequestOrigin.Of(context, time);
        Outcome<string> token = RequestBody.MediaTypeOf(context.Request) switch
        {
            RequestBody.LogoutToken => await RequestBody.ReadTextAsync(context.Request),
            RequestBody.Form => await RequestBody.ReadFormValueAsync(context.Request, "logout_token"),
            _ => RequestRefusals.UnsupportedMediaType(RequestBody.LogoutToken),
        };
        if (token.Value is not { } value)
        {
            await V01Profile.Instance.WriteAsync(context.Response, token.Refusal!);
            return;
        }

        var outcome = await revocation.RevokeAsync(value, origin, context.RequestAborted);
        await (outcome.Value is { } revoked
            ? WireJson.WriteAsync(context.Response, json => json.WriteNumber("revoked", revoked.Credentials))
            : V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!));
    }
}

using AgentAuth.Audit;
using AgentAuth.Clients;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.OAuth;

/// <summary>
/// <c>POST /oauth2/revoke</c> (RFC 7009): ends the credential that is sent, an access token or an API key. The delegation stays: it is the person's
/// and not the agent's.
/// </summary>
internal sealed class TokenRevocationEndpoint(ClientAuthentication clients, ClientList registered, IAgentAuthStore store, ServiceUrls urls, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        OAuthAnswer.Prepare(context.Response);
        var read = await OAuthForm.ReadAsync(context.Request);
        if ((read.Value is { } form ? await RevokeAsync(form, context) : read.Refusal) is { } refusal)
        {
            await OAuthAnswer.RefuseAsync(context.Response, refusal, urls);
        }
    }

    private async ValueTask<Refusal?> RevokeAsync(OAuthForm form, HttpContext context)
    {
        if (form.Text("token") is not { } token)
        {
            return RequestRefusals.InvalidRequest("'token' is missing (RFC 7009 §2.1).");
        }

        var presented = form.Client(context.Request);
        if (presented.Value is not { } sender)
        {
            return presented.Refusal;
        }

        var authenticated = await clients.AuthenticateAsync(sender, context.RequestAborted);
        if (authenticated.Value is not { } client)
        {
            return authenticated.Refusal;
        }

        // RFC 7009 §2.2: what is unknown, or over, is answered as if it had been ended now.
        if (CredentialFormat.ShapeOf(token) != CredentialShape.WellFormed)
        {
            return null;
        }

        var hash = SecretHash.Of(token);
        if (await store.FindCredentialAsync(hash, context.RequestAborted) is not { } credential)
        {
            return null;
        }

        // Whoever holds the token of a public client is its client. A registered client has to say who it is, and ends its own.
        var owner = credential.Agent?.ClientId is { } id ? registered.Find(id) : null;
        if (owner is not null && client.Registered is null)
        {
            return new Refusal(RefusalReason.ClientAuthenticationFailed, "The token is a registered client's, which authenticates to end it.");
        }

        if (client.Registered is { } own && own.Id != credential.Agent?.ClientId)
        {
            return new Refusal(RefusalReason.TokenOfAnotherClient, "The token was not issued to this client.");
        }

        var origin = RequestOrigin.Of(context, time);
        await store.RevokeCredentialAsync(
            hash,
            AuditTrail.Of(AgentAuditEvents.TokenRevoked, credential.RegistrationId, credential.RegistrationType, origin, credential.Agent) with { AccountId = credential.AccountId },
            context.RequestAborted);
        return null;
    }
}

using AgentAuth.Assertions;
using AgentAuth.Audit;
using AgentAuth.Clients;
using AgentAuth.Configuration;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Limits;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Refusals;
using AgentAuth.Registrations;
using AgentAuth.Trust;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.OAuth;

/// <summary><c>POST /oauth2/token</c> (RFC 6749 §3.2): an ID-JAG as a JWT bearer grant (RFC 7523 §2.1) becomes an access token, and never a refresh token.</summary>
internal sealed class TokenEndpoint(
    ClientAuthentication clients, AssertionRegistration assertions, RequestLimits limits, AgentAuthSettings settings, ServiceUrls urls, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        OAuthAnswer.Prepare(context.Response);
        var origin = RequestOrigin.Of(context, time);
        var read = await OAuthForm.ReadAsync(context.Request);
        var outcome = read.Value is { } form ? await IssueAsync(form, context.Request, origin) : read.Refusal!;
        await (outcome.Value is { } credential
            ? WriteAsync(context.Response, credential, origin.ReceivedAt)
            : OAuthAnswer.RefuseAsync(context.Response, outcome.Refusal!, urls));
    }

    private async ValueTask<Outcome<IssuedCredential>> IssueAsync(OAuthForm form, HttpRequest request, RequestOrigin origin)
    {
        if (form.Text("grant_type") is not { } grant)
        {
            return RequestRefusals.InvalidRequest("'grant_type' is missing (RFC 6749 §4).");
        }

        if (grant != OAuthNames.JwtBearerGrant)
        {
            return new Refusal(RefusalReason.UnsupportedGrantType, $"The grant type must be {OAuthNames.JwtBearerGrant}. grant_types_supported lists those that there are.");
        }

        if (form.Text("assertion") is not { } assertion)
        {
            return RequestRefusals.InvalidRequest("'assertion' is missing: the ID-JAG (RFC 7523 §2.1).");
        }

        if (form.Text("authorization_details") is not null)
        {
            return RequestRefusals.InvalidRequest("'authorization_details' is not supported. Ask for scopes.");
        }

        if (form.Text("resource") is { } resource && !ServiceIdentifier.AreSame(resource, settings.Resource))
        {
            return new Refusal(RefusalReason.InvalidTarget, $"'resource' is not this service's, which is {settings.Resource} (RFC 8707 §2).");
        }

        var presented = form.Client(request);
        if (presented.Value is not { } sender)
        {
            return presented.Refusal!;
        }

        if (limits.Assertion(origin.Address) is { } limited)
        {
            return limited;
        }

        var authenticated = await clients.AuthenticateAsync(sender, request.HttpContext.RequestAborted);
        if (authenticated.Value is not { } client)
        {
            return authenticated.Refusal!;
        }

        var terms = new IdJagTerms
        {
            IsTokenEndpoint = true,
            ClientId = client.Id,
            Client = client.Registered,
            Scopes = form.Text("scope") is { } scope ? [.. scope.Split(' ', StringSplitOptions.RemoveEmptyEntries)] : null,
        };
        var outcome = await assertions.RegisterAsync(assertion, CredentialType.AccessToken, terms, origin, request.HttpContext.RequestAborted);
        return outcome.Value is { } registered ? registered.Credential! : outcome.Refusal!;
    }

    private Task WriteAsync(HttpResponse response, IssuedCredential credential, DateTimeOffset now) => WireJson.WriteAsync(response, json =>
    {
        json.WriteString("access_token", credential.Secret);
        json.WriteString("token_type", "Bearer");
        if (credential.Record.ExpiresAt is { } expires)
        {
            json.WriteNumber("expires_in", (long)(expires - now).TotalSeconds);
        }

        json.WriteString("scope", string.Join(' ', credential.Record.Scopes));
        json.WriteString("resource", settings.Resource);
    });
}

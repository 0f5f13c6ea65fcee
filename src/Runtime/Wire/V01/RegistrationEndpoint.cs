using System.Text.Json;
using AgentAuth.Assertions;
using AgentAuth.Audit;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Manifest;
using AgentAuth.Protocol;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Registrations;
using AgentAuth.Telemetry;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.V01;

/// <summary><c>POST /agent/auth</c>: reads which of the three methods is meant and answers in its form.</summary>
internal sealed class RegistrationEndpoint(
    AnonymousRegistration anonymous,
    EmailRegistration email,
    AssertionRegistration assertion,
    ServiceUrls urls,
    TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var origin = RequestOrigin.Of(context, time);
        var body = await RequestBody.ReadJsonAsync(context.Request);
        var outcome = body.Value is { } members ? await RegisterAsync(members, origin, context.RequestAborted) : body.Refusal!;
        await (outcome.Value is { } registered
            ? WriteAsync(context.Response, registered)
            : V01Profile.Instance.WriteAsync(context.Response, outcome.Refusal!));
    }

    private async ValueTask<Outcome<Registered>> RegisterAsync(JsonMembers members, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var type = members.RequiredString("type");
        var requestedName = members.OptionalString("requested_credential_type");
        if ((type.Refusal ?? requestedName.Refusal) is { } malformed)
        {
            return malformed;
        }

        CredentialType? requested = null;
        if (requestedName.Value is { } name)
        {
            requested = WireNames.CredentialTypeOf(name);
            if (requested is null)
            {
                return new Refusal(RefusalReason.UnsupportedCredentialType, "requested_credential_type is 'access_token' or 'api_key'.");
            }
        }

        switch (type.Value)
        {
            case V01Names.Anonymous:
                return await anonymous.RegisterAsync(requested, origin, cancellationToken);
            case V01Names.IdentityAssertion:
                break;
            default:
                return RequestRefusals.InvalidRequest("The member 'type' must be 'anonymous' or 'identity_assertion'.");
        }

        var assertionType = members.RequiredString("assertion_type");
        var value = members.RequiredString("assertion");
        if ((assertionType.Refusal ?? value.Refusal) is { } incomplete)
        {
            return incomplete;
        }

        return assertionType.Value switch
        {
            OAuthNames.IdJag => await assertion.RegisterAsync(value.Value!, requested, IdJagTerms.AgentDoor, origin, cancellationToken),
            V01Names.VerifiedEmail => await email.RegisterAsync(value.Value!, requested, origin, cancellationToken),
            _ => RequestRefusals.InvalidRequest($"The member 'assertion_type' must be '{OAuthNames.IdJag}' or '{V01Names.VerifiedEmail}'."),
        };
    }

    private Task WriteAsync(HttpResponse response, Registered registered)
    {
        if (registered.NeedsConfirmation)
        {
            response.StatusCode = ProtocolErrors.InteractionRequired.Status;
            ProtocolOperation.Failed(response.HttpContext, ProtocolErrors.InteractionRequired.Code);
        }

        return WireJson.WriteAsync(response, json =>
        {
            if (registered.NeedsConfirmation)
            {
                const string message = "An account with this address exists. Its owner has been mailed: ask for the code on the page behind the link, and complete the claim with it.";
                json.WriteString("error", ProtocolErrors.InteractionRequired.Code);
                json.WriteString("message", message);
                json.WriteString("error_description", message);
            }

            json.WriteString("registration_id", registered.RegistrationId);
            json.WriteString("registration_type", WireNames.Of(registered.Type));
            if (registered.Credential is { } credential)
            {
                json.WriteCredential(credential);
            }

            if (registered.Claim is { } claim)
            {
                json.WriteString("claim_url", urls.Claim);
                json.WriteString("claim_token", claim.ClaimToken);
                json.WriteInstant("claim_token_expires", claim.ExpiresAt);
                json.WriteStrings("post_claim_scopes", claim.PostClaimScopes);
            }
        });
    }
}

/// <summary>The members that carry a credential, the same wherever one is answered.</summary>
internal static class CredentialJson
{
    public static void WriteCredential(this Utf8JsonWriter json, IssuedCredential credential)
    {
        json.WriteString("credential_type", WireNames.Of(credential.Record.Type));
        json.WriteString("credential", credential.Secret);
        json.WriteInstant("credential_expires", credential.Record.ExpiresAt);
        json.WriteStrings("scopes", credential.Record.Scopes);
    }
}

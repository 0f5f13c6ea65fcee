using System.Security.Claims;
using System.Text.Json;
using AgentAuth.Text;
using AgentAuth.Wire.Http;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.Operators;

/// <summary>The endpoints of <c>MapAgentAccess</c>.</summary>
internal sealed class AccessEndpoints(IAgentAccess access)
{
    private const string NoName = "(no name)";

    /// <summary><c>GET</c>: a page of registrations.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var query = AccessRequests.ReadQuery(context.Request.Query);
        if (query.Value is not { } known)
        {
            await V01Profile.Instance.WriteAsync(context.Response, query.Refusal!);
            return;
        }

        var page = await access.ListAsync(known, context.RequestAborted);
        await WireJson.WriteAsync(context.Response, json =>
        {
            json.WriteStartArray("registrations");
            foreach (var registration in page.Registrations)
            {
                Write(json, registration);
            }

            json.WriteEndArray();
            json.WriteString("next", page.Next);
        });
    }

    /// <summary><c>POST …/revoke</c>. JSON only: a form of another site, which brings the operator's cookies along, cannot send that.</summary>
    public async Task RevokeAsync(HttpContext context)
    {
        var body = await RequestBody.ReadJsonAsync(context.Request);
        var request = body.Value is { } members ? AccessRequests.ReadRevocation(members, NameOf(context.User)) : body.Refusal!;
        if (request.Value is not { } asked)
        {
            await V01Profile.Instance.WriteAsync(context.Response, request.Refusal!);
            return;
        }

        var note = asked.Note with { RemoteAddress = context.Connection.RemoteIpAddress };
        var revoked = await access.RevokeAsync(asked.Target, note, context.RequestAborted);
        await WireJson.WriteAsync(context.Response, json =>
        {
            json.WriteNumber("registrations", revoked.Registrations);
            json.WriteNumber("credentials", revoked.Credentials);
        });
    }

    // Of the signed-in person and never of the request. Cut to fit: no name is too long to end access.
    private static string NameOf(ClaimsPrincipal user)
    {
        var name = user.Identity?.Name ?? user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.FindFirstValue("sub") ?? "";
        name = PlainText.Cleaned(name, AgentRevocationNote.MaxByLength);
        return string.IsNullOrWhiteSpace(name) ? NoName : name;
    }

    private static void Write(Utf8JsonWriter json, AgentRegistration registration)
    {
        json.WriteStartObject();
        json.WriteString("registration_id", registration.Id);
        json.WriteString("registration_type", WireNames.Of(registration.Type));
        json.WriteString("status", WireNames.Of(registration.Status));
        json.WriteString("account_id", registration.AccountId);
        json.WriteInstant("created_at", registration.CreatedAt);
        json.WriteInstant("expires_at", registration.ExpiresAt);
        json.WriteInstant("claimed_at", registration.ClaimedAt);
        json.WriteInstant("revoked_at", registration.RevokedAt);
        json.WriteInstant("last_issued_at", registration.LastIssuedAt);
        json.WriteNumber("live_credentials", registration.LiveCredentials);
        json.WriteStrings("scopes", registration.Scopes);
        if (registration.Agent is { } agent)
        {
            Write(json, agent);
        }

        if (registration.Authentication is { } authentication)
        {
            json.WriteStartObject("authentication");
            json.WriteInstant("auth_time", authentication.At);
            json.WriteString("acr", authentication.Context);
            json.WriteStrings("amr", authentication.Methods);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AgentIdentity agent)
    {
        json.WriteStartObject("agent");
        json.WriteString("iss", agent.Delegation.Issuer);
        json.WriteString("sub", agent.Delegation.Subject);
        json.WriteString("client_id", agent.ClientId);
        json.WriteString("agent_platform", agent.AgentPlatform);
        json.WriteString("agent_context_id", agent.AgentContextId);
        if (agent.Act is { } act)
        {
            json.WritePropertyName("act");
            json.WriteRawValue(act);
        }

        json.WriteEndObject();
    }
}

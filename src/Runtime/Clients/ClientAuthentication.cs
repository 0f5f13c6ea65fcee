using System.Text.Json;
using AgentAuth.Assertions;
using AgentAuth.Configuration;
using AgentAuth.Discovery;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Clients;

/// <summary>Who sent a request, as far as that is proved.</summary>
/// <param name="Id">The <c>client_id</c>; null: it named none.</param>
/// <param name="Registered">The registered client that has proved who it is; null: a public client.</param>
internal sealed record AuthenticatedClient(string? Id, RegisteredClient? Registered);

/// <summary>
/// Authenticates OAuth clients (RFC 6749 §2.3, RFC 7523 §3). A client that is registered here is believed only with its secret or its key; any other
/// is a public one, whatever it is called.
/// </summary>
internal sealed class ClientAuthentication(AgentAuthSettings settings, ClientList clients, ServiceUrls urls, IAgentAuthStore store, TimeProvider time)
{
    private static readonly TimeSpan s_longestLife = TimeSpan.FromMinutes(15);

    // One sentence for all, so that nobody learns which clients there are.
    private static readonly Refusal s_failed = new(
        RefusalReason.ClientAuthenticationFailed,
        "The client is not known here, or its secret or assertion is not the right one. Check the client's entry with the service's operator.");

    /// <summary>Authenticates a client.</summary>
    /// <param name="presented">What came with the request.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async ValueTask<Outcome<AuthenticatedClient>> AuthenticateAsync(PresentedClient presented, CancellationToken cancellationToken)
    {
        if (presented.Assertion is { } assertion)
        {
            return await AuthenticateAsync(assertion, presented.Id, cancellationToken);
        }

        if (presented.Id is not { } id)
        {
            return presented.Secret is null ? new AuthenticatedClient(null, null) : s_failed;
        }

        var client = clients.Find(id);
        if (presented.Secret is { } secret)
        {
            return client?.HasSecret(secret) == true ? new AuthenticatedClient(id, client) : s_failed;
        }

        return client is null ? new AuthenticatedClient(id, null) : s_failed;
    }

    private async ValueTask<Outcome<AuthenticatedClient>> AuthenticateAsync(string assertion, string? id, CancellationToken cancellationToken)
    {
        if (StrictJwt.ReadClientAssertion(assertion).Value is not { } jwt
            || jwt.Claims.TextOf("sub") is not { } subject || jwt.Claims.TextOf("iss") != subject || (id ?? subject) != subject
            || clients.Find(subject) is not { Keys: { } keys } client
            || !KeyName.IsUsable(jwt.KeyId)
            || keys.Find(jwt.KeyId!, jwt.Algorithm)?.Verify(jwt.Algorithm, jwt.SigningInput, jwt.Signature) != true)
        {
            return s_failed;
        }

        var now = time.GetUtcNow();
        if (!jwt.Claims.TryGetText("jti", out var jwtId)
            || !jwt.Claims.TryGetInstant("exp", out var expires) || expires + settings.ClockSkew <= now || expires > now + s_longestLife + settings.ClockSkew
            || !jwt.Claims.TryGetOptionalInstant("nbf", out var notBefore) || notBefore > now + settings.ClockSkew
            || !IsForUs(jwt.Claims.Member("aud")))
        {
            return s_failed;
        }

        var use = await store.UseTokenAsync(new ReplayKey(AssertionKind.ClientAssertion, subject, jwtId, expires + settings.ClockSkew), cancellationToken);
        return use == TokenUse.First ? new AuthenticatedClient(subject, client) : s_failed;
    }

    // RFC 7523 §3 lets the token endpoint's URL stand for the authorization server; newer clients send the issuer alone.
    private bool IsForUs(JsonElement audience) => audience.ValueKind is JsonValueKind.Array
        ? audience.GetArrayLength() == 1 && IsOurs(audience[0])
        : IsOurs(audience);

    private bool IsOurs(JsonElement audience) =>
        ServiceIdentifier.Names(audience, settings.Issuer) || audience.ValueEqualsText(urls.Token) || audience.ValueEqualsText(urls.RevokeToken);
}

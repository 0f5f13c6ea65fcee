using System.Text.Json;
using AgentAuth.Configuration;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Telemetry;
using AgentAuth.Text;
using AgentAuth.Trust;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Assertions;

/// <summary>
/// Verifies tokens of providers. The stages come in this order, and a token goes no further than its first mistake: the form
/// (<see cref="StrictJwt"/>), the trust list (<see cref="TrustList"/>), the key (<see cref="ProviderKeys"/>), the signature
/// (<see cref="VerificationKey"/>), the claims (<see cref="IdJagClaims"/>, <see cref="LogoutTokenClaims"/>), and last the client's
/// document (<see cref="ClientDocuments"/>). Nothing is fetched before the issuer is known to be trusted. Single use is not decided
/// here: the store does that, in the transaction that uses the token up.
/// </summary>
internal sealed partial class AssertionVerifier(
    AgentAuthSettings settings,
    TrustList trust,
    ProviderKeys keys,
    ClientList registered,
    ClientDocuments clients,
    AgentAuthMetrics metrics,
    TimeProvider clock,
    ILogger<AssertionVerifier> logger)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(30);

    /// <summary>Verifies an ID-JAG.</summary>
    /// <param name="token">The assertion as it came.</param>
    /// <param name="terms">What the door asks for.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async ValueTask<Outcome<VerifiedAssertion>> VerifyIdJagAsync(string token, IdJagTerms terms, CancellationToken cancellationToken)
    {
        using var verification = new TokenVerification(metrics, clock, StrictJwt.IdJagType);
        var signed = await VerifySignatureAsync(token, StrictJwt.IdJagType, verification, cancellationToken).ConfigureAwait(false);
        if (signed.Refusal is { } unsigned)
        {
            return Refuse(verification, unsigned);
        }

        var (claims, provider) = signed.Value!;
        var assertion = IdJagClaims.Check(claims, provider, settings, terms, clock.GetUtcNow());
        if (assertion.Refusal is { } refusal)
        {
            return Refuse(verification, refusal);
        }

        return await CheckClientAsync(assertion.Value!, terms, cancellationToken).ConfigureAwait(false) is { } stranger
            ? Refuse(verification, stranger)
            : assertion;
    }

    /// <summary>Verifies a logout token.</summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async ValueTask<Outcome<VerifiedLogoutToken>> VerifyLogoutTokenAsync(string token, CancellationToken cancellationToken)
    {
        using var verification = new TokenVerification(metrics, clock, StrictJwt.LogoutType);
        var signed = await VerifySignatureAsync(token, StrictJwt.LogoutType, verification, cancellationToken).ConfigureAwait(false);
        if (signed.Refusal is { } unsigned)
        {
            return Refuse(verification, unsigned);
        }

        var (claims, provider) = signed.Value!;
        var logout = LogoutTokenClaims.Check(claims, provider, settings, clock.GetUtcNow());
        return logout.Refusal is { } refusal ? Refuse(verification, refusal) : logout;
    }

    private async ValueTask<Outcome<SignedClaims>> VerifySignatureAsync(
        string token, string type, TokenVerification verification, CancellationToken cancellationToken)
    {
        var read = StrictJwt.Read(token, type);
        if (read.Value is not { } jwt)
        {
            return read.Refusal!;
        }

        if (jwt.Claims.TextOf("iss") is not { } issuer)
        {
            return new Refusal(RefusalReason.MalformedAssertion, "`iss` is missing or is not a string. Mint a token that names its issuer.");
        }

        if (trust.Find(issuer) is not { } provider)
        {
            return new Refusal(RefusalReason.InvalidIssuer,
                "This service does not trust the token's issuer. Register by another method, or ask the service's operator to add the provider.");
        }

        verification.Provider = provider;
        if (!provider.Algorithms.Contains(jwt.Algorithm, StringComparer.Ordinal))
        {
            return BadSignature($"The token's `alg` is not one that this provider may use: {string.Join(", ", provider.Algorithms)}.");
        }

        if (!KeyName.IsUsable(jwt.KeyId))
        {
            return BadSignature("The token's `kid` is missing, or is not 1 to 256 characters that names of keys are made of.");
        }

        var lookup = await keys.FindAsync(provider, jwt.KeyId!, jwt.Algorithm, cancellationToken).ConfigureAwait(false);
        if (lookup.IsUnavailable)
        {
            return Unavailable("The provider's keys cannot be fetched at the moment. Try again shortly.");
        }

        if (lookup.Key is null)
        {
            return BadSignature("The provider publishes no usable key of the token's `kid` for its `alg`. Sign with a published key.");
        }

        return lookup.Key.Verify(jwt.Algorithm, jwt.SigningInput, jwt.Signature)
            ? new SignedClaims(jwt.Claims, provider)
            : BadSignature("The token's signature is not one by the key that its `kid` names, with that key's algorithm.");
    }

    /// <summary>
    /// Null when the client is a registered one that has proved who it is, or the provider itself, or one that the operator vouches for, or, where
    /// the operator names none, one whose metadata document names the keys the token was verified with.
    /// </summary>
    private async ValueTask<Refusal?> CheckClientAsync(VerifiedAssertion assertion, IdJagTerms terms, CancellationToken cancellationToken)
    {
        var (clientId, provider) = (assertion.Agent.ClientId, assertion.Provider);
        if (terms.ClientId is { } sender && sender != clientId)
        {
            return new Refusal(RefusalReason.InvalidClient, "The ID-JAG's `client_id` is another client than the one that sent it. Mint one for this client.");
        }

        if (registered.Find(clientId) is { } client)
        {
            return terms.Client?.Id != clientId
                ? new Refusal(RefusalReason.ClientAuthenticationFailed, "The ID-JAG is for a registered client, which alone may redeem it: at the token endpoint, with its secret or its key.")
                : client.Provider is { } issuer && issuer != provider.Issuer
                    ? new Refusal(RefusalReason.InvalidClient, "This client does not redeem ID-JAGs of this provider. Ask the service's operator to change the client's Provider.")
                    : null;
        }

        if (clientId == provider.Issuer || provider.Clients.Contains(clientId, StringComparer.Ordinal))
        {
            return null;
        }

        // With pinned keys there may be no URL of theirs, and then there is nothing that a document could name.
        if (!provider.Clients.IsEmpty || provider.KeysUri is not { } keysUri)
        {
            return new Refusal(RefusalReason.InvalidClient,
                "`client_id` is neither the issuer nor one of the clients that this service accepts from it. Ask the service's operator to add the client.");
        }

        return await clients.CheckAsync(clientId, keysUri.OriginalString, assertion.Agent.Delegation, cancellationToken).ConfigureAwait(false) switch
        {
            ClientStanding.Vouched => null,
            ClientStanding.Unavailable => Unavailable("The client's metadata document cannot be fetched at the moment. Try again shortly."),
            _ => new Refusal(RefusalReason.InvalidClient,
                "`client_id` is neither the issuer nor the https URL of a client metadata document that names itself as `client_id` and the "
                + "provider's key set as `jwks_uri`."),
        };
    }

    private static Refusal Unavailable(string message) => new(RefusalReason.TemporarilyUnavailable, message, s_retry);

    private static Refusal BadSignature(string message) => new(RefusalReason.InvalidSignature, message);

    private Refusal Refuse(TokenVerification verification, Refusal refusal)
    {
        verification.Failure = refusal.Reason;
        LogRefused(verification.TokenType, refusal.Reason, refusal.Message);
        return refusal;
    }

    // The sentence is ours from first to last: refusals never echo the token.
    [LoggerMessage(Level = LogLevel.Information, Message = "Refused a token of type {Type}: {Failure}. {Reason}")]
    private partial void LogRefused(string type, RefusalReason failure, string reason);

    /// <summary>The claims of a token with a good signature, and who signed it.</summary>
    private sealed record SignedClaims(JsonElement Claims, TrustedProvider Provider);
}

using System.Text.Json;
using AgentAuth.Configuration;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>
/// What a logout token must say (OpenID Connect Back-Channel Logout §2.4, §2.6, with auth.md's event). A pure function of the claims,
/// the provider and the clock.
/// </summary>
internal static class LogoutTokenClaims
{
    /// <summary>The oldest <c>iat</c>, to which the clock skew is added. It bounds tokens without <c>exp</c>, which v0.1 sends.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <summary>The refusal of a token that comes too late.</summary>
    public static readonly Refusal Expired =
        new(RefusalReason.AssertionExpired, "The logout token is older than 5 minutes or has expired. Send a new one.");

    /// <summary>Checks the claims of a logout token whose signature is good.</summary>
    /// <param name="claims">The payload.</param>
    /// <param name="provider">Who signed it: its <c>iss</c>.</param>
    /// <param name="settings">Who this service is.</param>
    /// <param name="now">Now.</param>
    public static Outcome<VerifiedLogoutToken> Check(
        JsonElement claims, TrustedProvider provider, AgentAuthSettings settings, DateTimeOffset now)
    {
        if (!claims.TryGetText("sub", out var subject) || !claims.TryGetText("jti", out var jwtId))
        {
            return Malformed("`sub` or `jti` is missing, or is not a text of 1 to 255 characters. Mint a logout token with both.");
        }

        if (claims.Has("nonce"))
        {
            return Malformed("A logout token must not have a `nonce` (OpenID Connect Back-Channel Logout §2.4).");
        }

        if (!claims.IsStringOrAbsent("azp"))
        {
            return Malformed("`azp` is not a string (OpenID Connect Core §2). Mint a logout token without it.");
        }

        if (claims.Has("tenant"))
        {
            return Malformed("`tenant` is not supported by this service. Mint a logout token without it.");
        }

        if (claims.Member("events") is not { ValueKind: JsonValueKind.Object } events
            || events.Member(V01Names.RevokedEvent).ValueKind is not JsonValueKind.Object)
        {
            return Malformed($"`events` must be an object with the member {V01Names.RevokedEvent}, whose value is an object.");
        }

        if (!claims.TryGetInstant("iat", out var issuedAt)
            || !claims.TryGetOptionalInstant("exp", out var expires)
            || !claims.TryGetOptionalInstant("nbf", out var notBefore))
        {
            return Malformed("`iat` and, when given, `exp` and `nbf` must be JSON numbers: seconds since 1970 (RFC 7519 §2).");
        }

        if (expires <= issuedAt)
        {
            return Malformed("`exp` must lie after `iat`.");
        }

        if (issuedAt > now + settings.ClockSkew || notBefore > now + settings.ClockSkew)
        {
            return Malformed("`iat` or `nbf` lies in the future. Check the provider's clock, or wait.");
        }

        var rememberUntil = issuedAt + MaxAge + settings.ClockSkew;
        if (rememberUntil <= now || expires + settings.ClockSkew <= now)
        {
            return Expired;
        }

        if (!claims.IsForThisService(settings))
        {
            return new Refusal(RefusalReason.InvalidAudience,
                $"The logout token is not for this service. Mint one whose `aud` is {settings.Issuer} and nothing else.");
        }

        return new VerifiedLogoutToken
        {
            Delegation = new AgentDelegationKey(provider.Issuer, subject),
            JwtId = jwtId,
            IssuedAt = issuedAt,
            RememberUntil = rememberUntil,
        };
    }

    private static Refusal Malformed(string message) => new(RefusalReason.MalformedAssertion, message);
}

using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentAuth.Assertions;

/// <summary>
/// The library's own way to verify tokens, as one would use it without us: issuers with their keys, audiences, lifetime, type, algorithms.
/// It knows nothing of ID-JAGs, so it accepts more than we do; it must never accept less.
/// </summary>
internal sealed class ReferenceVerifier
{
    private readonly JsonWebTokenHandler _handler = new();
    private readonly Dictionary<string, ILookup<string, SecurityKey>> _keys;
    private readonly TokenValidationParameters _idJag;
    private readonly TokenValidationParameters _logout;

    /// <param name="keySets">JWK sets by issuer.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="skew">How wrong clocks may be.</param>
    public ReferenceVerifier(IReadOnlyDictionary<string, string> keySets, TimeProvider clock, TimeSpan skew)
    {
        _keys = keySets.ToDictionary(set => set.Key, set => new JsonWebKeySet(set.Value).GetSigningKeys().ToLookup(key => key.KeyId));
        _idJag = Parameters(StrictJwt.IdJagType, requireExpiry: true, clock, skew);
        _logout = Parameters(StrictJwt.LogoutType, requireExpiry: false, clock, skew);
    }

    /// <summary>What the library reads out of a good token; null when it refuses it, by an answer or by an exception.</summary>
    /// <param name="token">The token.</param>
    /// <param name="type">Its type.</param>
    public async Task<JsonWebToken?> VerifyAsync(string token, string type)
    {
        try
        {
            var result = await _handler.ValidateTokenAsync(token, type == StrictJwt.IdJagType ? _idJag : _logout);
            return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
        }
        catch (Exception failure) when (failure is ArgumentException or SecurityTokenException or System.Text.Json.JsonException or FormatException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(string type, bool requireExpiry, TimeProvider clock, TimeSpan skew) => new()
    {
        ValidIssuers = _keys.Keys,
        ValidAudiences = [VerifierBench.Service, VerifierBench.Resource],
        ValidAlgorithms = ["ES256", "ES384", "RS256", "PS256"],
        IssuerSigningKeyResolver = (_, token, keyId, _) => _keys.TryGetValue(token.Issuer ?? "", out var keys) ? keys[keyId ?? ""] : [],
        TryAllIssuerSigningKeys = false,

        // Its own comparison takes letters as they are; RFC 7515 §4.1.9 does not, and lets the prefix be left out.
        TypeValidator = (typ, _, _) => IsType(typ, type) ? typ : throw new SecurityTokenInvalidTypeException("Not this type."),

        // Its own comparison takes the time of the machine.
        LifetimeValidator = (notBefore, expires, _, _) =>
            (expires is null ? !requireExpiry : expires > (clock.GetUtcNow() - skew).UtcDateTime)
            && (notBefore is null || notBefore <= (clock.GetUtcNow() + skew).UtcDateTime),
    };

    private static bool IsType(string? typ, string expected) =>
        string.Equals(typ, expected, StringComparison.OrdinalIgnoreCase)
        || string.Equals(typ, $"application/{expected}", StringComparison.OrdinalIgnoreCase);
}

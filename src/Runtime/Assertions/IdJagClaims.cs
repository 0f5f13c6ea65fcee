using System.Collections.Immutable;
using System.Text.Json;
using AgentAuth.Configuration;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>
/// What an ID-JAG must say (draft-ietf-oauth-identity-assertion-authz-grant §3.1, §4.4.1, narrowed by auth.md v0.1). A pure function of
/// the claims, the provider and the clock. Whether <c>client_id</c> is who it says takes a look at a document and is not decided here.
/// </summary>
internal static class IdJagClaims
{
    /// <summary>The longest life of an ID-JAG, from <c>iat</c> to <c>exp</c>.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Claims that would have to be acted on, and are not yet. To ignore one would grant more than the provider said: <c>cnf</c> binds the
    /// assertion to a key, <c>authorization_details</c> narrows it, under <c>tenant</c> two users may share a <c>sub</c>, and <c>aud_tenant</c> is
    /// for one tenant of a service that has several.
    /// </summary>
    private static readonly string[] s_unsupportedClaims = ["cnf", "authorization_details", "tenant", "aud_tenant"];

    /// <summary>The refusal of an assertion that comes too late.</summary>
    public static readonly Refusal Expired = new(RefusalReason.AssertionExpired, "The ID-JAG has expired. Ask the provider for a new one.");

    /// <summary>Checks the claims of an ID-JAG whose signature is good.</summary>
    /// <param name="claims">The payload.</param>
    /// <param name="provider">Who signed it: its <c>iss</c>.</param>
    /// <param name="settings">Who this service is.</param>
    /// <param name="terms">What the door asks for.</param>
    /// <param name="now">Now.</param>
    public static Outcome<VerifiedAssertion> Check(
        JsonElement claims, TrustedProvider provider, AgentAuthSettings settings, IdJagTerms terms, DateTimeOffset now)
    {
        if (!claims.TryGetText("sub", out var subject) || !claims.TryGetText("jti", out var jwtId))
        {
            return Malformed("`sub` or `jti` is missing, or is not a text of 1 to 255 characters. Mint an ID-JAG with both.");
        }

        if (!claims.TryGetText("client_id", out var clientId, TrustedProvider.MaxClientIdLength))
        {
            return Malformed("`client_id` is missing or is not a text of 1 to 1024 characters. Mint an ID-JAG that names its client.");
        }

        if (!claims.IsStringOrAbsent("azp"))
        {
            return Malformed("`azp` is not a string (OpenID Connect Core §2). Mint an ID-JAG without it.");
        }

        foreach (var name in s_unsupportedClaims)
        {
            if (claims.Has(name))
            {
                return Malformed($"`{name}` is not supported by this service. Mint an ID-JAG without it.");
            }
        }

        if (!claims.TryGetInstant("iat", out var issuedAt)
            || !claims.TryGetInstant("exp", out var expires)
            || !claims.TryGetOptionalInstant("nbf", out var notBefore))
        {
            return Malformed("`iat`, `exp` and, when given, `nbf` must be JSON numbers: seconds since 1970 (RFC 7519 §2).");
        }

        if (expires <= issuedAt || expires - issuedAt > MaxLifetime)
        {
            return Malformed("`exp` must lie after `iat`, by 15 minutes at the most. Mint a short-lived ID-JAG.");
        }

        if (issuedAt > now + settings.ClockSkew || notBefore > now + settings.ClockSkew)
        {
            return Malformed("`iat` or `nbf` lies in the future. Check the provider's clock, or wait.");
        }

        if (expires + settings.ClockSkew <= now)
        {
            return Expired;
        }

        if (!(terms.IsTokenEndpoint ? claims.IsForIssuer(settings) : claims.IsForThisService(settings)))
        {
            return new Refusal(RefusalReason.InvalidAudience,
                $"The ID-JAG is not for this service. Mint one whose `aud` is {settings.Issuer} and nothing else.");
        }

        if (!IsForThisResource(claims, settings))
        {
            return new Refusal(RefusalReason.InvalidTarget,
                $"The ID-JAG's `aud` is right, but its `resource` names another resource. Mint one whose `resource` is {settings.Resource}, or that has none.");
        }

        if (!TryReadScopes(claims, out var scopes))
        {
            return Malformed("`scope` is not a list of scope names separated by single spaces (RFC 6749 §3.3). Leave it out to ask for all.");
        }

        if (!claims.TryGetOptionalText("agent_platform", out var platform)
            || !claims.TryGetOptionalText("agent_context_id", out var context))
        {
            return Malformed("`agent_platform` and `agent_context_id` must be texts of 1 to 255 characters.");
        }

        if (!TryReadActor(claims, out var actor))
        {
            return Malformed(
                $"`act` must be an object (RFC 8693 §4.1) of at most {ActorClaim.MaxLength} bytes, nested at most {ActorClaim.MaxDepth} deep. Name fewer actors.");
        }

        if ((ReadAuthentication(claims, out var authentication) ?? CheckAuthentication(authentication, provider, settings, now)) is { } insufficient)
        {
            return insufficient;
        }

        var email = VerifiedEmail(claims) ?? (terms.IsTokenEndpoint ? VouchedEmail(claims, provider) : null);
        if (email is null && !terms.IsTokenEndpoint && !HasVerifiedPhone(claims))
        {
            return new Refusal(RefusalReason.MissingVerifiedEmail,
                "The ID-JAG has neither an `email` with `email_verified` true nor a `phone_number` with `phone_number_verified` true.");
        }

        return new VerifiedAssertion
        {
            Provider = provider,
            Agent = new AgentIdentity
            {
                Delegation = new AgentDelegationKey(provider.Issuer, subject),
                ClientId = clientId,
                JwtId = jwtId,
                AgentPlatform = platform,
                AgentContextId = context,
                Act = actor,
            },
            Authentication = authentication,
            IssuedAt = issuedAt,
            RememberUntil = expires + settings.ClockSkew,
            Email = email,
            Scopes = scopes,
        };
    }

    /// <summary>When the provider narrowed the assertion to resources (RFC 8707), ours must be among them.</summary>
    private static bool IsForThisResource(JsonElement claims, AgentAuthSettings settings)
    {
        if (!claims.TryGetProperty("resource", out var resource))
        {
            return true;
        }

        return resource.ValueKind is JsonValueKind.Array
            ? resource.EnumerateArray().Any(one => ServiceIdentifier.Names(one, settings.Resource))
            : ServiceIdentifier.Names(resource, settings.Resource);
    }

    private static bool TryReadScopes(JsonElement claims, out ImmutableArray<string>? scopes)
    {
        scopes = null;
        if (!claims.TryGetProperty("scope", out var scope))
        {
            return true;
        }

        if (scope.ValueKind is not JsonValueKind.String)
        {
            return false;
        }

        ImmutableArray<string> names = [.. scope.GetString()!.Split(' ')];
        scopes = names;
        return names.All(IsScopeToken);
    }

    /// <summary>RFC 6749 §3.3: visible ASCII but for the quotation mark and the backslash.</summary>
    private static bool IsScopeToken(string name) => name.Length > 0 && name.All(c => c is >= '!' and <= '~' and not ('"' or '\\'));

    private static bool TryReadActor(JsonElement claims, out string? actor)
    {
        actor = null;
        return !claims.TryGetProperty("act", out var act) || ActorClaim.TryCanonicalize(act, out actor);
    }

    /// <summary>
    /// How and when the user signed in (<c>amr</c>, <c>acr</c>, <c>auth_time</c>). A claim of the wrong kind is a mistake whether or not anything
    /// is required; one of the right kind that cannot be kept says nothing.
    /// </summary>
    private static Refusal? ReadAuthentication(JsonElement claims, out AgentUserAuthentication authentication)
    {
        authentication = AgentUserAuthentication.Unknown;
        if (!TryReadMethods(claims, out var methods))
        {
            return Malformed("`amr` is not an array of strings (RFC 8176).");
        }

        if (!claims.IsStringOrAbsent("acr"))
        {
            return Malformed("`acr` is not a string (OpenID Connect Core §2).");
        }

        if (claims.TryGetProperty("auth_time", out var time) && time.ValueKind is not JsonValueKind.Number)
        {
            return Malformed("`auth_time` is not a number (OpenID Connect Core §2).");
        }

        // Nobody signed in before 1970: 0 is what a provider sends that does not know.
        authentication = new AgentUserAuthentication
        {
            At = claims.TryGetInstant("auth_time", out var at) && at > DateTimeOffset.UnixEpoch ? at : null,
            Context = claims.TextOf("acr") is { } context && AgentUserAuthentication.IsValue(context) ? context : null,
            Methods = methods,
        };
        return null;
    }

    private static Refusal? CheckAuthentication(
        AgentUserAuthentication authentication, TrustedProvider provider, AgentAuthSettings settings, DateTimeOffset now)
    {
        var required = RequiredAuthentication.Of(provider);
        if (required.IsMetBy(authentication, settings.ClockSkew, now))
        {
            return null;
        }

        // All that is required, not only what is missing: one more sign-in is to be enough.
        return new Refusal(RefusalReason.InsufficientUserAuthentication,
            $"The user's authentication is not enough. Have them sign in again at the provider, then mint an ID-JAG that has {required}.")
        {
            RequiredAuthentication = required,
        };
    }

    private static bool TryReadMethods(JsonElement claims, out ImmutableArray<string> methods)
    {
        methods = [];
        if (!claims.TryGetProperty("amr", out var amr))
        {
            return true;
        }

        if (amr.ValueKind is not JsonValueKind.Array || amr.EnumerateArray().Any(method => method.ValueKind is not JsonValueKind.String))
        {
            return false;
        }

        methods =
        [
            .. amr.EnumerateArray().Select(method => method.GetString()!).Where(AgentUserAuthentication.IsValue)
                .Distinct(StringComparer.Ordinal).Take(AgentUserAuthentication.MaxMethods),
        ];
        return true;
    }

    /// <summary>Enterprise providers leave <c>email_verified</c> away where all their addresses are: so it is where the trust list takes their word for the address.</summary>
    private static string? VouchedEmail(JsonElement claims, TrustedProvider provider) =>
        !claims.Has("email_verified") && claims.TextOf("email") is { } text && EmailAddress.TryNormalize(text, out var email) && provider.TrustsAddress(email)
            ? email
            : null;

    /// <summary>The address, when the provider says with JSON <c>true</c> that it verified it, and it is one. Never a made-up address.</summary>
    private static string? VerifiedEmail(JsonElement claims) =>
        IsTrue(claims, "email_verified") && EmailAddress.TryNormalize(claims.TextOf("email"), out var normalized)
            ? normalized
            : null;

    /// <summary>A number is not kept, so all that is asked of it is to be one: E.164 allows 15 digits, however they are written.</summary>
    private static bool HasVerifiedPhone(JsonElement claims) =>
        IsTrue(claims, "phone_number_verified")
        && claims.TryGetText("phone_number", out var number, maxLength: 64)
        && number.Count(char.IsAsciiDigit) is >= 5 and <= 15;

    private static bool IsTrue(JsonElement claims, string name) =>
        claims.Member(name).ValueKind is JsonValueKind.True;

    private static Refusal Malformed(string message) => new(RefusalReason.MalformedAssertion, message);
}

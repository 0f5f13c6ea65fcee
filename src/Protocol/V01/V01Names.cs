namespace AgentAuth.Protocol.V01;

/// <summary>The values that protocol v0.1 gives names, as they are spelled on the wire.</summary>
internal static class V01Names
{
    /// <summary><c>type</c> of an anonymous registration.</summary>
    public const string Anonymous = "anonymous";

    /// <summary><c>type</c> of a registration with an assertion.</summary>
    public const string IdentityAssertion = "identity_assertion";

    /// <summary><c>assertion_type</c> of a mail address that its owner has yet to confirm.</summary>
    public const string VerifiedEmail = "verified_email";

    /// <summary><c>credential_type</c> of a key that lives until it is revoked, if auth.md says nothing else.</summary>
    public const string ApiKey = "api_key";

    /// <summary><c>credential_type</c> of a token that expires.</summary>
    public const string AccessToken = "access_token";

    /// <summary><c>registration_type</c> of a registration by email.</summary>
    public const string EmailVerification = "email-verification";

    /// <summary><c>registration_type</c> of a registration by an ID-JAG.</summary>
    public const string AgentProvider = "agent-provider";

    /// <summary><c>status</c> of a registration that nobody has claimed.</summary>
    public const string Unclaimed = "unclaimed";

    /// <summary><c>status</c> of a registration that belongs to an account.</summary>
    public const string Claimed = "claimed";

    /// <summary><c>status</c> of a registration whose access was ended.</summary>
    public const string Revoked = "revoked";

    /// <summary>The event of a logout token by which a provider ends what a user's agents have here.</summary>
    public const string RevokedEvent = "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";
}

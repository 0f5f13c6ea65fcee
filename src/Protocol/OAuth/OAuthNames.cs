namespace AgentAuth.Protocol.OAuth;

/// <summary>Names that the OAuth RFCs give.</summary>
internal static class OAuthNames
{
    /// <summary>The token type of an ID-JAG (draft-ietf-oauth-identity-assertion-authz-grant).</summary>
    public const string IdJag = "urn:ietf:params:oauth:token-type:id-jag";

    /// <summary>The grant type of RFC 7523 §2.1.</summary>
    public const string JwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary><c>client_assertion_type</c> of a JWT (RFC 7523 §2.2).</summary>
    public const string JwtBearerClient = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The grant profile of ID-JAGs (draft-ietf-oauth-identity-assertion-authz-grant §7.2).</summary>
    public const string IdJagProfile = "urn:ietf:params:oauth:grant-profile:id-jag";

    /// <summary>How clients prove who they are at the token and revocation endpoints; some clients take the first (RFC 8414 §2).</summary>
    public static readonly string[] ClientAuthenticationMethods = ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"];

    /// <summary>What clients may sign their assertions with (RFC 7518 §3.1).</summary>
    public static readonly string[] SigningAlgorithms = ["ES256", "ES384", "RS256", "PS256"];
}

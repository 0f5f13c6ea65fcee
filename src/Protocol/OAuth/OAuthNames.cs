namespace AgentAuth.Protocol.OAuth;

/// <summary>Names that the OAuth RFCs give.</summary>
internal static class OAuthNames
{
    /// <summary>The token type of an ID-JAG (draft-ietf-oauth-identity-assertion-authz-grant).</summary>
    public const string IdJag = "urn:ietf:params:oauth:token-type:id-jag";

    /// <summary>The grant type of RFC 7523 §2.1.</summary>
    public const string JwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
}

namespace AgentAuth.Protocol.OAuth;

/// <summary>The paths of the OAuth endpoints under the issuer.</summary>
internal static class OAuthPaths
{
    /// <summary>The token endpoint (RFC 6749 §3.2).</summary>
    public const string Token = "/oauth2/token";

    /// <summary>The revocation endpoint (RFC 7009 §2).</summary>
    public const string Revoke = "/oauth2/revoke";

    /// <summary>The authorization endpoint (RFC 6749 §3.1).</summary>
    public const string Authorize = "/oauth2/authorize";
}

using System.Collections.Immutable;

namespace AgentAuth.Trust;

/// <summary>The signature algorithms there are for us (RFC 7518 §3.1). Everything else, <c>none</c> and every HMAC included, does not exist.</summary>
internal static class SignatureAlgorithm
{
    public const string Es256 = "ES256";
    public const string Es384 = "ES384";
    public const string Rs256 = "RS256";
    public const string Ps256 = "PS256";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Es256, Es384, Rs256, Ps256];
}

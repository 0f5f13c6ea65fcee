using System.Collections.Immutable;
using AgentAuth.Assertions;
using AgentAuth.Manifest;

namespace AgentAuth.Hosting;

/// <summary>What the service runs with: manifest and options merged and checked, once, at start. Nothing reads options after that.</summary>
public sealed record AgentAuthSettings
{
    /// <summary>The compiled auth.md.</summary>
    public required AgentAuthManifest Manifest { get; init; }

    /// <summary>The authorization server's identifier, byte for byte.</summary>
    public required string Issuer { get; init; }

    /// <summary>The resource identifier, byte for byte.</summary>
    public required string Resource { get; init; }

    /// <summary>See <see cref="AgentAuthOptions.AllowLoopbackHttp"/>.</summary>
    public bool AllowLoopbackHttp { get; init; }

    /// <summary>The trust list.</summary>
    public ImmutableArray<TrustedProvider> TrustedProviders { get; init; } = [];

    /// <summary>Clock difference tolerated between us and a provider.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>False when rate limits are switched off.</summary>
    public bool LimitsEnabled { get; init; } = true;
}

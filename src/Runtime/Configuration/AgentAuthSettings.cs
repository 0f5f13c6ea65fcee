using System.Collections.Immutable;
using AgentAuth.Manifest;
using AgentAuth.Trust;

namespace AgentAuth.Configuration;

/// <summary>What the service runs with: manifest and options merged and checked, once, at start. Nothing reads options after that.</summary>
internal sealed record AgentAuthSettings
{
    private ImmutableArray<string>? _allScopes;
    private ImmutableArray<string>? _preClaimScopes;

    /// <summary>The compiled auth.md.</summary>
    public required AgentAuthManifest Manifest { get; init; }

    /// <summary>The authorization server's identifier, byte for byte.</summary>
    public required string Issuer { get; init; }

    /// <summary>The resource identifier, byte for byte.</summary>
    public required string Resource { get; init; }

    /// <summary>See <see cref="AgentAuthOptions.AllowLoopbackHttp"/>.</summary>
    public bool AllowLoopbackHttp { get; init; }

    /// <summary>See <see cref="AgentAuthOptions.RequireScopes"/>.</summary>
    public AgentScopesMode RequireScopes { get; init; }

    /// <summary>The trust list.</summary>
    public ImmutableArray<TrustedProvider> TrustedProviders { get; init; } = [];

    /// <summary>The OAuth clients that prove who they are.</summary>
    public ImmutableArray<RegisteredClient> Clients { get; init; } = [];

    /// <summary>Clock difference tolerated between us and a provider.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>False when rate limits are switched off.</summary>
    public bool LimitsEnabled { get; init; } = true;

    /// <summary>Path of the SQLite database.</summary>
    public string StoragePath { get; init; } = "";

    /// <summary>Folder for mails.</summary>
    public string MailFolder { get; init; } = "";

    /// <summary>Sender of mails.</summary>
    public string MailFrom { get; init; } = "";

    /// <summary>Every declared scope.</summary>
    internal ImmutableArray<string> AllScopes => _allScopes ??= [.. Manifest.Scopes.Select(s => s.Name)];

    /// <summary>The scopes of an anonymous registration that nobody has claimed.</summary>
    internal ImmutableArray<string> PreClaimScopes => _preClaimScopes ??= [.. Manifest.Scopes.Where(s => s.IsPreClaim).Select(s => s.Name)];
}

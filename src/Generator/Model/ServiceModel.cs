using AgentAuth.AuthMd;

namespace AgentAuth.Generator.Model;

/// <summary>What is rendered: facts of an auth.md with the protocol's defaults, compared by value. No spans, no symbols, no texts of Roslyn's.</summary>
internal sealed record ServiceModel
{
    public required Fact Name { get; init; }

    public required Fact Resource { get; init; }

    public required Fact Issuer { get; init; }

    public Fact? Logo { get; init; }

    public Fact? Documentation { get; init; }

    public Fact? Terms { get; init; }

    public Fact? Privacy { get; init; }

    public Fact? Contact { get; init; }

    public required EquatableArray<ScopeModel> Scopes { get; init; }

    public MethodModel? Anonymous { get; init; }

    public MethodModel? VerifiedEmail { get; init; }

    public MethodModel? IdentityAssertion { get; init; }

    public required EquatableArray<ProviderModel> Providers { get; init; }

    public required bool MatchesVerifiedEmail { get; init; }

    public required bool Provisions { get; init; }

    public required EquatableArray<LifetimeModel> Lifetimes { get; init; }

    public required EquatableArray<LimitModel> Limits { get; init; }

    public required string RegisterPath { get; init; }

    public required string ClaimPath { get; init; }

    public required string RevokePath { get; init; }

    public required EquatableArray<PublishedPart> Published { get; init; }

    /// <summary>Claims are needed where a person must confirm: also for an ID-JAG whose address belongs to an account.</summary>
    public bool HasClaims => Anonymous is not null || VerifiedEmail is not null || (IdentityAssertion is not null && MatchesVerifiedEmail);

    /// <summary>An ID-JAG buys an access token at the token endpoint, where auth.md gives access tokens for ID-JAGs.</summary>
    public bool HasTokenEndpoint => IdentityAssertion?.Credentials.Contains("AccessToken") == true;
}

/// <summary>A value and the line of auth.md it stands on, counted from one; 0 for a default.</summary>
internal sealed record Fact(string Value, int Line);

/// <summary>A scope.</summary>
internal sealed record ScopeModel(string Name, string Identifier, string Description, bool IsPreClaim, int Line);

/// <summary>A method that is on.</summary>
internal sealed record MethodModel(EquatableArray<string> Credentials, bool RotateOnClaim, bool MailsCode, int Line);

/// <summary>A trusted provider.</summary>
internal sealed record ProviderModel(
    string Issuer,
    string? Name,
    string? Keys,
    EquatableArray<string> Algorithms,
    EquatableArray<string> Requires,
    EquatableArray<string> AcceptedContexts,
    long? MaxAgeSeconds,
    bool TrustsEmail,
    EquatableArray<string> EmailDomains,
    int Line);

/// <summary>A lifetime that auth.md gives, under its name in the manifest; null seconds: no expiry.</summary>
internal sealed record LifetimeModel(string Property, long? Seconds, int Line);

/// <summary>A rate that auth.md gives, under its name in the manifest.</summary>
internal sealed record LimitModel(string Property, int Permits, long WindowSeconds, int Line);

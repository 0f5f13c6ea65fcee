namespace AgentAuth.Testing;

/// <summary>How a <see cref="DemoIdentityProvider"/> behaves.</summary>
public sealed record DemoIdentityProviderOptions
{
    /// <summary>What it signs with: ES256, ES384, RS256 or PS256.</summary>
    public string Algorithm { get; init; } = "ES256";

    /// <summary>
    /// True adds the endpoints of a demo page: <c>GET /users</c>, <c>POST /id-jag</c>, <c>POST /logout</c>. They mint for anybody who asks, so
    /// they are for a developer's own machine.
    /// </summary>
    public bool MintsForAnybody { get; init; }

    /// <summary>Whom it knows. The first is who a token is about when the request does not say.</summary>
    public IReadOnlyList<DemoUser> Users { get; init; } =
    [
        new("alice", "user-alice", "alice@example.com"),
        new("bob", "user-bob", "bob@example.com"),
        new("carol", "user-carol", "carol@example.com", EmailVerified: false),
    ];

    /// <summary>Where <c>iat</c> and <c>exp</c> come from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

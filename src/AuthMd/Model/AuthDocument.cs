using System.Collections.Immutable;

namespace AgentAuth.AuthMd;

/// <summary>
/// The facts that an auth.md declares, each with its span. A fact that is absent in the text is null or empty here: defaults are
/// applied by whoever compiles the document, so that "not said" and "said as the default" stay different things.
/// </summary>
public sealed record AuthDocument
{
    /// <summary>The service's name: the first heading without its "auth.md".</summary>
    public Located<string>? Name { get; init; }

    /// <summary>The first paragraph under the title, as plain text; null when there is none.</summary>
    public string? Summary { get; init; }

    /// <summary>The API's identifier (RFC 9728 <c>resource</c>), exactly as written.</summary>
    public Located<string>? Resource { get; init; }

    /// <summary>The authorization server's identifier (RFC 8414 <c>issuer</c>), exactly as written; null means: the resource's origin.</summary>
    public Located<string>? AuthorizationServer { get; init; }

    /// <summary>Logo URL.</summary>
    public Located<string>? Logo { get; init; }

    /// <summary>URL of documentation for developers.</summary>
    public Located<string>? Documentation { get; init; }

    /// <summary>URL of the terms of service.</summary>
    public Located<string>? Terms { get; init; }

    /// <summary>URL of the privacy policy.</summary>
    public Located<string>? Privacy { get; init; }

    /// <summary>Mail address or URL of people who answer for the service.</summary>
    public Located<string>? Contact { get; init; }

    /// <summary>The scopes, in the author's order, each name once.</summary>
    public ImmutableArray<ScopeDeclaration> Scopes { get; init; } = [];

    /// <summary>The registration methods, in the author's order, each kind once.</summary>
    public ImmutableArray<MethodDeclaration> Methods { get; init; } = [];

    /// <summary>
    /// Where <c>authorization_code</c> (RFC 6749 §4.1: a person signs in and consents in a browser) is named as a method; null when it is not. It is read
    /// and not among <see cref="Methods"/>, which are those that can be served.
    /// </summary>
    public Located<string>? AuthorizationCode { get; init; }

    /// <summary>The generations whose doors the author wants: <c>v0.1</c>, <c>v0.7</c>, <c>oauth</c>; empty when nothing is said.</summary>
    public ImmutableArray<Located<string>> Protocols { get; init; } = [];

    /// <summary>The providers whose ID-JAGs are trusted.</summary>
    public ImmutableArray<ProviderDeclaration> TrustedProviders { get; init; } = [];

    /// <summary>The steps of account matching in order; empty when the section is absent.</summary>
    public ImmutableArray<Located<MatchingStep>> AccountMatching { get; init; } = [];

    /// <summary>Lifetimes, each null when not given.</summary>
    public LifetimeDeclarations Lifetimes { get; init; } = new();

    /// <summary>Rate limits, in the author's order.</summary>
    public ImmutableArray<LimitDeclaration> Limits { get; init; } = [];

    /// <summary>Endpoints, each null when not given.</summary>
    public EndpointDeclarations Endpoints { get; init; } = new();

    /// <summary>Ranges that are compiled but not published: what <c>&lt;!-- auth.md:private --&gt;</c> marks, the comment included.</summary>
    public ImmutableArray<SourceSpan> PrivateParts { get; init; } = [];

    /// <summary>The comment <c>&lt;!-- auth.md:steps --&gt;</c> that says where generated sections go; null when absent.</summary>
    public SourceSpan? StepsMarker { get; init; }

    /// <summary>The comment <c>&lt;!-- auth.md:no-steps --&gt;</c> that switches generated sections off; null when absent.</summary>
    public SourceSpan? NoStepsMarker { get; init; }

    /// <summary>The steps that the author describes in sections of their own, in the order of <see cref="StepKind"/>; the others are generated.</summary>
    public ImmutableArray<StepKind> WrittenSteps { get; init; } = [];
}

/// <summary>The steps that a published auth.md walks an agent through.</summary>
public enum StepKind
{
    /// <summary>From a 401 to the metadata.</summary>
    Discover,

    /// <summary>Which method is for whom.</summary>
    PickMethod,

    /// <summary>The registration request of each method.</summary>
    Register,

    /// <summary>How a person takes a registration over.</summary>
    Claim,

    /// <summary>How the credential is presented.</summary>
    Use,

    /// <summary>What each error means, and what to do.</summary>
    Errors,

    /// <summary>How access ends.</summary>
    Revocation,
}

/// <summary>A scope.</summary>
/// <param name="Name">The RFC 6749 scope-token.</param>
/// <param name="Description">What it allows, as plain text; empty when the author gave none.</param>
/// <param name="IsPreClaim">True when an anonymous registration holds it before anybody claimed it.</param>
public sealed record ScopeDeclaration(Located<string> Name, string Description, bool IsPreClaim);

/// <summary>The registration methods of the protocol.</summary>
public enum MethodKind
{
    /// <summary>Anonymous start; limited scopes until a person claims the registration.</summary>
    Anonymous,

    /// <summary>Email first; no credential until the person confirmed.</summary>
    VerifiedEmail,

    /// <summary>The agent's provider signs an ID-JAG.</summary>
    IdentityAssertion,
}

/// <summary>Credential types of the protocol.</summary>
public enum CredentialKind
{
    /// <summary><c>access_token</c>: short-lived.</summary>
    AccessToken,

    /// <summary><c>api_key</c>: lives until revoked, unless a lifetime is given.</summary>
    ApiKey,
}

/// <summary>A registration method that auth.md enables.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="NameSpan">Where its name stands.</param>
/// <param name="Credentials">The credential types it issues, in the author's order; empty when the author listed none.</param>
/// <param name="RotateOnClaim">Labelled <c>Rotation: on claim</c>: the key an anonymous agent held before the claim dies with it and a new one is returned.</param>
/// <param name="MailsCode">Labelled <c>Mail: code</c>: the mail holds the one-time code itself instead of a link to it.</param>
public sealed record MethodDeclaration(
    MethodKind Kind,
    SourceSpan NameSpan,
    ImmutableArray<Located<CredentialKind>> Credentials,
    bool RotateOnClaim = false,
    bool MailsCode = false);

/// <summary>A row of Trusted providers.</summary>
/// <param name="Issuer">The provider's issuer identifier, exactly as written.</param>
/// <param name="Name">The name to show to people; null when none is given.</param>
/// <param name="Keys">URL of its JWK set; null means <c>&lt;issuer&gt;/.well-known/jwks.json</c>.</param>
/// <param name="Requires">Authentication methods (RFC 8176 <c>amr</c> values) that every assertion must name.</param>
/// <param name="TrustsEmail">True when its verified emails link to an existing account without asking the account's owner.</param>
public sealed record ProviderDeclaration(
    Located<string> Issuer,
    string? Name,
    Located<string>? Keys,
    ImmutableArray<Located<string>> Requires,
    bool TrustsEmail)
{
    /// <summary>The signature algorithms (RFC 7518 §3.1) that it may use; empty: all that the runtime knows.</summary>
    public ImmutableArray<Located<string>> Algorithms { get; init; } = [];

    /// <summary>The <c>acr</c> values (OpenID Connect Core §2) of which every assertion must have one; empty: none is asked for.</summary>
    public ImmutableArray<Located<string>> AcceptedContexts { get; init; } = [];

    /// <summary>How long ago the user may have signed in at the most (<c>auth_time</c>); null when that does not matter.</summary>
    public Located<TimeSpan>? MaxAge { get; init; }

    /// <summary>The domains whose addresses it is trusted with, in lower case; empty, where <see cref="TrustsEmail"/>: all.</summary>
    public ImmutableArray<Located<string>> EmailDomains { get; init; } = [];
}

/// <summary>Steps of account matching.</summary>
public enum MatchingStep
{
    /// <summary>An earlier registration of the same (issuer, subject).</summary>
    PriorDelegation,

    /// <summary>An account whose confirmed email is the assertion's verified email.</summary>
    VerifiedEmail,

    /// <summary>Final: make a new account.</summary>
    Provision,

    /// <summary>Final: refuse.</summary>
    Reject,
}

/// <summary>The Lifetimes section. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> stands for "never".</summary>
public sealed record LifetimeDeclarations
{
    /// <summary>How long an access token lives.</summary>
    public Located<TimeSpan>? AccessToken { get; init; }

    /// <summary>How long an API key lives.</summary>
    public Located<TimeSpan>? ApiKey { get; init; }

    /// <summary>How long a registration waits to be claimed.</summary>
    public Located<TimeSpan>? UnclaimedRegistration { get; init; }

    /// <summary>How long a one-time code is good for; at most 10 minutes.</summary>
    public Located<TimeSpan>? OneTimeCode { get; init; }

    /// <summary>How long the link in a claim mail is good for.</summary>
    public Located<TimeSpan>? ClaimLink { get; init; }
}

/// <summary>A bullet of Limits: at most two rates, per remote address and in all.</summary>
/// <param name="Operation">What is limited: <c>anonymous</c>, <c>verified_email</c>, <c>identity_assertion</c>, <c>claim</c> or <c>complete</c>.</param>
/// <param name="PerAddress">Permits for each remote address; null when not given.</param>
/// <param name="Total">Permits in all; null when not given.</param>
public sealed record LimitDeclaration(Located<string> Operation, Rate? PerAddress, Rate? Total);

/// <summary>So many in so much time, over a sliding window.</summary>
/// <param name="Permits">How many.</param>
/// <param name="Window">In which time.</param>
public readonly record struct Rate(int Permits, TimeSpan Window);

/// <summary>The Endpoints section: paths or absolute URLs as written, without the HTTP method.</summary>
public sealed record EndpointDeclarations
{
    /// <summary>Registration; by default <c>/agent/auth</c>.</summary>
    public Located<string>? Register { get; init; }

    /// <summary>The claim ceremony; by default <c>/agent/auth/claim</c>.</summary>
    public Located<string>? Claim { get; init; }

    /// <summary>Revocation by providers; by default <c>/agent/auth/revoke</c>.</summary>
    public Located<string>? Revoke { get; init; }

    /// <summary>Where an assertion or a code is exchanged for an access token. Read, not served.</summary>
    public Located<string>? Token { get; init; }

    /// <summary>Where a person's browser is sent to consent (RFC 6749 §3.1). Read, not served.</summary>
    public Located<string>? Authorize { get; init; }

    /// <summary>Where providers post security events (RFC 8935). Read, not served.</summary>
    public Located<string>? Events { get; init; }
}

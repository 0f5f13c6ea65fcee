namespace AgentAuth;

/// <summary>
/// Deployment settings: the configuration section <c>AgentAuth</c>, then what the app says in code, by the delegate given to <c>AddAgentAuth</c>, by
/// <c>Configure</c> and by <c>PostConfigure</c>. Unknown keys and weak values stop the start with a sentence that says what to change.
/// </summary>
public sealed class AgentAuthOptions
{
    /// <summary>Overrides the authorization server's identifier of auth.md; null: as auth.md has it.</summary>
    public string? Issuer { get; set; }

    /// <summary>Overrides the resource identifier of auth.md; null: as auth.md has it.</summary>
    public string? Resource { get; set; }

    /// <summary>
    /// Permits <c>http://</c> identifiers and key URLs on the loopback interface, and fetching from it. For development only: loopback is
    /// where a server's own secrets listen.
    /// </summary>
    public bool AllowLoopbackHttp { get; set; }

    /// <summary>
    /// What becomes of a start with endpoints that say nothing about agents, or that ask for a scope that auth.md does not declare. Agents get
    /// 403 there in any case.
    /// </summary>
    public AgentScopesMode RequireScopes { get; set; }

    /// <summary>
    /// Providers trusted in addition to those of auth.md. An entry with the issuer of one of those adds requirements to it and narrows it; what would
    /// widen it stops the start.
    /// </summary>
    public IList<AgentAuthTrustedProviderOptions> TrustedProviders { get; } = [];

    /// <summary>
    /// The OAuth clients that prove who they are at the token endpoint. An ID-JAG that names one of them is worth nothing in anybody else's hands.
    /// </summary>
    public IList<AgentAuthClientOptions> Clients { get; } = [];

    /// <summary>Where the embedded store keeps its data.</summary>
    public AgentAuthStorageOptions Storage { get; } = new();

    /// <summary>Where mail goes.</summary>
    public AgentAuthMailOptions Mail { get; } = new();

    /// <summary>Rate limits.</summary>
    public AgentAuthLimitsOptions Limits { get; } = new();

    /// <summary>What the configuration section has that cannot be read: a sentence each, told with everything else that stops the start.</summary>
    internal List<string> ReadingProblems { get; } = [];
}

/// <summary>What becomes of a start with endpoints that have something to mend: see <see cref="AgentAuthOptions.RequireScopes"/>.</summary>
public enum AgentScopesMode
{
    /// <summary>The log names them.</summary>
    Warn,

    /// <summary>The service does not start, and one exception names them all.</summary>
    Fail,
}

/// <summary>A trusted provider: the section <c>AgentAuth:TrustedProviders:n</c>.</summary>
public sealed class AgentAuthTrustedProviderOptions
{
    /// <summary>Issuer identifier, compared byte for byte with the token's <c>iss</c>. Required.</summary>
    public string? Issuer { get; set; }

    /// <summary>The name shown to people; null: as auth.md has it, or else the issuer's host.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// URL of the JWK set; null: as auth.md has it, or else <c>&lt;issuer&gt;/.well-known/jwks.json</c>. With <see cref="KeysFile"/> or
    /// <see cref="PinnedKeys"/> nothing is fetched from it: it is what a client's metadata document must name as <c>jwks_uri</c>, and where neither this
    /// nor auth.md says it, no document can vouch for a client.
    /// </summary>
    public string? Keys { get; set; }

    /// <summary>Path of a JWK set, relative to the content root, that is read at start instead of fetching keys; every key in it must be usable.</summary>
    public string? KeysFile { get; set; }

    /// <summary>The provider's keys, each a public JWK (RFC 7517) as JSON, instead of fetching them; every one must be usable.</summary>
    public IList<string> PinnedKeys { get; } = [];

    /// <summary>Accepted algorithms; empty: as auth.md has it, or else ES256, ES384, RS256, PS256.</summary>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Authentication methods (RFC 8176) that every assertion must name in <c>amr</c>, beside those that auth.md requires.</summary>
    public IList<string> Requires { get; } = [];

    /// <summary>Authentication contexts of which every assertion must name one in <c>acr</c>; of those that auth.md accepts, only these stay.</summary>
    public IList<string> Acr { get; } = [];

    /// <summary>How long ago the user may have signed in (<c>auth_time</c>) at the most; the smaller of this and auth.md's counts.</summary>
    public TimeSpan? MaxAuthenticationAge { get; set; }

    /// <summary>
    /// Values of <c>client_id</c> that the operator vouches for: they are accepted without a look at their documents, and nobody else but the provider
    /// itself is. Empty: those for whom their documents vouch.
    /// </summary>
    public IList<string> Clients { get; } = [];

    /// <summary>
    /// True when its verified email links to an existing account without asking the account's owner; false: it does not, whatever auth.md says; null:
    /// as auth.md has it.
    /// </summary>
    public bool? TrustsEmail { get; set; }

    /// <summary>The domains whose addresses it is trusted with, without those below them; empty: as auth.md has it, or else all.</summary>
    public IList<string> EmailDomains { get; } = [];
}

/// <summary>The store: the section <c>AgentAuth:Storage</c>.</summary>
public sealed class AgentAuthStorageOptions
{
    /// <summary>Path of the SQLite database, relative to the content root; its folder is created. The server secret lies beside it as <c>&lt;path&gt;.key</c>.</summary>
    public string Path { get; set; } = "App_Data/agentauth.db";

    /// <summary>
    /// Connection string of a PostgreSQL database, for apps that hand it to <c>AddPostgreSql</c> of the package AgentAuth.PostgreSql; null: there is none. A
    /// service that has it set and keeps its data in SQLite all the same does not start.
    /// </summary>
    public string? PostgreSql { get; set; }
}

/// <summary>Mail: the section <c>AgentAuth:Mail</c>.</summary>
public sealed class AgentAuthMailOptions
{
    /// <summary>Folder that mails are written to as .eml files, relative to the content root.</summary>
    public string Folder { get; set; } = "App_Data/mail";

    /// <summary>Sender address; null: <c>no-reply@</c> and the issuer's host.</summary>
    public string? From { get; set; }
}

/// <summary>Rate limits: the section <c>AgentAuth:Limits</c>. The rates themselves stand in auth.md.</summary>
public sealed class AgentAuthLimitsOptions
{
    /// <summary>False switches all rate limits off, for load tests.</summary>
    public bool Enabled { get; set; } = true;
}

using System.Collections.Immutable;
using System.Security.Claims;
using AgentAuth.Access;
using AgentAuth.Storage;

namespace AgentAuth;

/// <summary>The agent behind a request, as its credential says. Get it with <see cref="AgentClaimsPrincipalExtensions.GetAgent"/>.</summary>
public sealed class AuthenticatedAgent
{
    private readonly CredentialRecord _credential;
    private readonly CredentialWatch? _watch;
    private readonly SecretHash _hash;
    private WatchedCredential? _watched;

    internal AuthenticatedAgent(CredentialRecord credential, CredentialWatch? watch = null, SecretHash hash = default)
    {
        _credential = credential;
        _watch = watch;
        _hash = hash;
    }

    /// <summary>The registration that the credential belongs to: <c>reg_…</c></summary>
    public string RegistrationId => _credential.RegistrationId;

    /// <summary>How the registration came about.</summary>
    public AgentRegistrationType RegistrationType => _credential.RegistrationType;

    /// <summary>The account that the agent acts for; null while nobody has claimed its registration.</summary>
    public string? AccountId => _credential.AccountId;

    /// <summary>The scopes it holds.</summary>
    public ImmutableArray<string> Scopes => _credential.Scopes;

    /// <summary>The user at the agent's provider and the client, for a registration by ID-JAG; otherwise null.</summary>
    public AgentIdentity? Identity => _credential.Agent;

    /// <summary>
    /// How and when the user behind it signed in at the provider, for a registration by ID-JAG; otherwise null. An endpoint that wants a recent or
    /// strong sign-in asks for it with <c>RequireAgentStepUp</c>.
    /// </summary>
    public AgentUserAuthentication? Authentication => _credential.Authentication;

    /// <summary>
    /// Is cancelled when the credential ends: when it, its registration, its account or its provider is revoked, when a claim replaces it, and when
    /// it expires. A request is judged when it comes in, so what goes on for long (a stream, a WebSocket, a task in the background) has to watch
    /// this. Connections to hubs are closed without it. Nothing is watched until it is read, and from then on while the request runs and for as long as
    /// somebody holds the token; a callback that is registered with it does not hold it.
    /// </summary>
    public CancellationToken Revoked
    {
        get
        {
            if (_watch is null)
            {
                return CancellationToken.None;
            }

            if (_watched is null)
            {
                var watched = _watch.Watch(_hash);
                if (Interlocked.CompareExchange(ref _watched, watched, null) is not null)
                {
                    watched.Dispose();
                }
            }

            return _watched.Token;
        }
    }

    /// <summary>Whether it holds a scope.</summary>
    /// <param name="scope">The scope-token.</param>
    public bool Has(string scope) => _credential.Scopes.Contains(scope);
}

/// <summary>How an app asks who is calling.</summary>
public static class AgentClaimsPrincipalExtensions
{
    /// <summary>
    /// The agent behind a request; null when a person, or nobody, is behind it. <c>HttpContext.User</c> is an agent at endpoints that ask for scopes,
    /// and nowhere else. An endpoint that is open to everybody asks for the agent with
    /// <c>HttpContext.AuthenticateAsync(AgentAuthDefaults.AuthenticationScheme)</c>.
    /// </summary>
    /// <param name="principal">Usually <c>HttpContext.User</c>.</param>
    public static AuthenticatedAgent? GetAgent(this ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        foreach (var identity in principal.Identities)
        {
            if (identity is AgentClaimsIdentity agent)
            {
                return agent.Agent;
            }
        }

        return null;
    }
}

/// <summary>
/// An agent's identity. Only our authentication handler makes one, so its type is the proof: a claim that some other scheme brings along
/// cannot make a user look like an agent, or widen an agent's scopes.
/// </summary>
internal sealed class AgentClaimsIdentity : ClaimsIdentity
{
    /// <summary>Names the registration.</summary>
    public const string RegistrationClaim = "agent_registration";

    public AgentClaimsIdentity(CredentialRecord credential, SecretHash hash = default, CredentialWatch? watch = null)
        : base(ClaimsOf(credential), AgentAuthDefaults.AuthenticationScheme, ClaimTypes.NameIdentifier, ClaimTypes.Role)
    {
        Agent = new AuthenticatedAgent(credential, watch, hash);
        Hash = hash;
    }

    private AgentClaimsIdentity(AgentClaimsIdentity other)
        : base(other)
    {
        Agent = other.Agent;
        Hash = other.Hash;
    }

    public AuthenticatedAgent Agent { get; }

    /// <summary>By which the credential is found again: a connection outlives the request that was judged.</summary>
    public SecretHash Hash { get; }

    /// <summary>A clone (claims transformations make them) is still an agent.</summary>
    public override ClaimsIdentity Clone() => new AgentClaimsIdentity(this);

    private static IEnumerable<Claim> ClaimsOf(CredentialRecord credential)
    {
        yield return new Claim(RegistrationClaim, credential.RegistrationId);

        // Every agent has one, also one that no account is behind: an MCP server ties its sessions to it.
        yield return new Claim("sub", credential.RegistrationId);
        foreach (var scope in credential.Scopes)
        {
            yield return new Claim("scope", scope);
        }

        if (credential.AccountId is { } account)
        {
            yield return new Claim(ClaimTypes.NameIdentifier, account);
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentAuth.Testing;

/// <summary>
/// What an agent does with a service: discovers how to register, registers, has its registration claimed, and calls the API. It knows
/// nothing that the service's metadata does not say.
/// </summary>
/// <param name="http">Carries the requests. It stays the caller's.</param>
/// <param name="service">The service, as <see cref="DiscoverAsync"/> finds it.</param>
public sealed partial class AgentClient(HttpClient http, DiscoveredService service)
{
    /// <summary><c>assertion_type</c> of an ID-JAG.</summary>
    public const string IdJagAssertionType = "urn:ietf:params:oauth:token-type:id-jag";

    /// <summary>What the service says about itself.</summary>
    public DiscoveredService Service { get; } = service;

    /// <summary>
    /// Walks from a refused request to the service's endpoints: 401, <c>WWW-Authenticate</c>, protected-resource metadata (RFC 9728),
    /// authorization-server metadata (RFC 8414). The identifiers on the way must be those that were asked for.
    /// </summary>
    /// <param name="http">Carries the requests.</param>
    /// <param name="protectedUrl">Any URL of the API that wants a credential.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AgentDiscoveryException">A step of the way is missing or contradicts the one before.</exception>
    public static async Task<AgentClient> DiscoverAsync(HttpClient http, Uri protectedUrl, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(protectedUrl);
        var url = protectedUrl.IsAbsoluteUri ? protectedUrl : new Uri(http.BaseAddress!, protectedUrl);
        var metadataUrl = await FindResourceMetadataAsync(http, url, cancellationToken).ConfigureAwait(false);
        var resourceMetadata = await GetAsync(http, metadataUrl, cancellationToken).ConfigureAwait(false);
        var resource = resourceMetadata.Text("resource") ?? throw new AgentDiscoveryException($"{metadataUrl} has no `resource`.");
        if (!IsWithin(url, resource))
        {
            throw new AgentDiscoveryException($"{metadataUrl} speaks for {resource}, which {url} is not part of.");
        }

        var issuer = resourceMetadata.Texts("authorization_servers") is [var first, ..]
            ? first
            : throw new AgentDiscoveryException($"{metadataUrl} has no `authorization_servers`.");
        var serverUrl = WellKnown(issuer);
        var server = await GetAsync(http, serverUrl, cancellationToken).ConfigureAwait(false);
        if (server.Text("issuer") != issuer)
        {
            throw new AgentDiscoveryException($"{serverUrl} speaks for {server.Text("issuer")}, not for {issuer}.");
        }

        var agentAuth = server["agent_auth"] as JsonObject ?? throw new AgentDiscoveryException($"{serverUrl} has no `agent_auth`.");
        return new AgentClient(http, new DiscoveredService
        {
            Resource = resource,
            Issuer = issuer,
            Scopes = server.Texts("scopes_supported"),
            Skill = agentAuth.Url("skill"),
            RegisterUri = agentAuth.Url("register_uri") ?? throw new AgentDiscoveryException($"{serverUrl} has no `register_uri`."),
            ClaimUri = agentAuth.Url("claim_uri"),
            RevocationUri = agentAuth.Url("revocation_uri"),
            IdentityTypes = agentAuth.Texts("identity_types_supported"),
        });
    }

    /// <summary>Registers with an ID-JAG.</summary>
    /// <param name="assertion">The ID-JAG.</param>
    /// <param name="credentialType">What to ask for: <c>access_token</c> or <c>api_key</c>; null: what the service gives by itself.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<AgentAnswer<RegisteredAgent>> RegisterWithIdJagAsync(
        string assertion, string? credentialType = null, CancellationToken cancellationToken = default) =>
        RegisterAsync(Registration("identity_assertion", IdJagAssertionType, assertion, credentialType), cancellationToken);

    /// <summary>Registers for a person by their address; they confirm by mail.</summary>
    /// <param name="email">The address.</param>
    /// <param name="credentialType">What to ask for: <c>access_token</c> or <c>api_key</c>; null: what the service gives by itself.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<AgentAnswer<RegisteredAgent>> RegisterByEmailAsync(
        string email, string? credentialType = null, CancellationToken cancellationToken = default) =>
        RegisterAsync(Registration("identity_assertion", "verified_email", email, credentialType), cancellationToken);

    /// <summary>Registers for nobody yet.</summary>
    /// <param name="credentialType">What to ask for; null: what the service gives by itself.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<AgentAnswer<RegisteredAgent>> RegisterAnonymouslyAsync(
        string? credentialType = "api_key", CancellationToken cancellationToken = default) =>
        RegisterAsync(Registration("anonymous", null, null, credentialType), cancellationToken);

    /// <summary>Posts any registration, for requests that must be refused.</summary>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<AgentAnswer<RegisteredAgent>> RegisterAsync(JsonObject body, CancellationToken cancellationToken = default) =>
        PostAsync(Service.RegisterUri, body, ReadRegistration, cancellationToken);

    /// <summary>Asks that a person claims the registration: they get a mail.</summary>
    /// <param name="claimToken">From the registration.</param>
    /// <param name="email">Their address.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<AgentAnswer<ClaimAttempt>> ClaimAsync(string claimToken, string email, CancellationToken cancellationToken = default) =>
        PostAsync(
            Required(Service.ClaimUri),
            new JsonObject { ["claim_token"] = claimToken, ["email"] = email },
            body => new ClaimAttempt(body.Text("registration_id")!, body.Text("claim_attempt_id")!, body.Text("status")!, body.Instant("expires_at")),
            cancellationToken);

    /// <summary>Completes a claim with the code that the person read out.</summary>
    /// <param name="claimToken">From the registration.</param>
    /// <param name="code">The one-time code.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<AgentAnswer<CompletedClaim>> CompleteAsync(string claimToken, string code, CancellationToken cancellationToken = default) =>
        PostAsync(
            Required(Service.CompleteUri),
            new JsonObject { ["claim_token"] = claimToken, ["otp"] = code },
            body => new CompletedClaim
            {
                RegistrationId = body.Text("registration_id")!,
                Status = body.Text("status")!,
                CredentialType = body.Text("credential_type"),
                Credential = body.Text("credential"),
                CredentialExpires = body.Instant("credential_expires"),
                Scopes = body.Texts("scopes"),
            },
            cancellationToken);

    /// <summary>Calls the API.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="url">The URL; relative ones are resolved against <see cref="DiscoveredService.Resource"/>, whose origin it must have.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="json">A body; null: none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The answer, to be disposed of by the caller.</returns>
    /// <exception cref="ArgumentException">The URL is not of the resource's origin: a credential goes nowhere else.</exception>
    public async Task<HttpResponseMessage> CallAsync(
        HttpMethod method, Uri url, string credential, JsonNode? json = null, CancellationToken cancellationToken = default)
    {
        var target = new Uri(new Uri(Service.Resource), url);
        if (!IsWithin(target, new Uri(Service.Resource).GetLeftPart(UriPartial.Authority)))
        {
            throw new ArgumentException($"{target} is not of {Service.Resource}: the credential is for that service only.", nameof(url));
        }

        using var request = new HttpRequestMessage(method, target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        request.Content = json is null ? null : Json(json);
        return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Uri> FindResourceMetadataAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        using var got = await http.GetAsync(url, cancellationToken).ConfigureAwait(false);

        // An MCP endpoint without sessions takes POST alone.
        using var posted = got.StatusCode is HttpStatusCode.MethodNotAllowed ? await http.PostAsync(url, Json(new JsonObject()), cancellationToken).ConfigureAwait(false) : null;
        var refused = posted ?? got;
        if (refused.StatusCode is not HttpStatusCode.Unauthorized)
        {
            throw new AgentDiscoveryException($"{url} answered {(int)refused.StatusCode}; expected 401 with a WWW-Authenticate header.");
        }

        var challenge = refused.Headers.WwwAuthenticate.ToString();
        return ResourceMetadataPattern().Match(challenge) is { Success: true } match && Uri.TryCreate(match.Groups[1].Value, UriKind.Absolute, out var found)
            ? found
            : throw new AgentDiscoveryException($"{url} answered 401 without `resource_metadata` in WWW-Authenticate: \"{challenge}\".");
    }

    private static async Task<JsonObject> GetAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(url, cancellationToken).ConfigureAwait(false);
        return answer.StatusCode is HttpStatusCode.OK
            ? await ReadObjectAsync(answer, cancellationToken).ConfigureAwait(false)
                ?? throw new AgentDiscoveryException($"{url} is not a JSON object.")
            : throw new AgentDiscoveryException($"{url} answered {(int)answer.StatusCode}; expected 200.");
    }

    /// <summary>True when a URL has the resource's origin and lies below its path.</summary>
    private static bool IsWithin(Uri url, string resource) =>
        (url.AbsoluteUri + "/").StartsWith(resource.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>Puts the well-known part between the host and the path of an issuer (RFC 8414 §3.1).</summary>
    private static Uri WellKnown(string issuer)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri))
        {
            throw new AgentDiscoveryException($"The authorization server {issuer} is not an absolute URL.");
        }

        return new Uri($"{uri.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-authorization-server{uri.AbsolutePath.TrimEnd('/')}");
    }

    private static JsonObject Registration(string type, string? assertionType, string? assertion, string? credentialType)
    {
        var body = new JsonObject { ["type"] = type };
        if (assertionType is not null)
        {
            body["assertion_type"] = assertionType;
            body["assertion"] = assertion;
        }

        if (credentialType is not null)
        {
            body["requested_credential_type"] = credentialType;
        }

        return body;
    }

    private static RegisteredAgent ReadRegistration(JsonObject body) => new()
    {
        RegistrationId = body.Text("registration_id")!,
        RegistrationType = body.Text("registration_type"),
        CredentialType = body.Text("credential_type"),
        Credential = body.Text("credential"),
        CredentialExpires = body.Instant("credential_expires"),
        Scopes = body.Texts("scopes"),
        ClaimUrl = body.Url("claim_url"),
        ClaimToken = body.Text("claim_token"),
        ClaimTokenExpires = body.Instant("claim_token_expires"),
        PostClaimScopes = body.Texts("post_claim_scopes"),
    };

    private static AgentError ReadError(HttpResponseMessage answer, JsonObject body) => new(
        body.Text("error") ?? "",
        body.Text("message") ?? "",
        answer.Headers.RetryAfter?.Delta,
        body.Text("claim_token") is null ? null : ReadRegistration(body));

    private static Uri Required(Uri? uri) => uri ?? throw new InvalidOperationException("The service's metadata has no `claim_uri`: nothing can be claimed there.");

    private static StringContent Json(JsonNode json) => new(json.ToJsonString(), Encoding.UTF8, "application/json");

    private static async Task<JsonObject?> ReadObjectAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<AgentAnswer<T>> PostAsync<T>(Uri url, JsonObject body, Func<JsonObject, T> read, CancellationToken cancellationToken)
        where T : class
    {
        using var content = Json(body);
        using var answer = await http.PostAsync(url, content, cancellationToken).ConfigureAwait(false);
        var json = await ReadObjectAsync(answer, cancellationToken).ConfigureAwait(false) ?? [];
        return answer.IsSuccessStatusCode
            ? new AgentAnswer<T>(answer.StatusCode, read(json), null, json)
            : new AgentAnswer<T>(answer.StatusCode, null, ReadError(answer, json), json);
    }

    [GeneratedRegex("resource_metadata\\s*=\\s*\"([^\"]+)\"", RegexOptions.IgnoreCase)]
    private static partial Regex ResourceMetadataPattern();
}

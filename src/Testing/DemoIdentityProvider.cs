using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Testing;

/// <summary>
/// An agent provider in this process: a web server with signing keys, a JWK set at <c>/.well-known/jwks.json</c>, a client metadata
/// document at <c>/clients/demo-agent.json</c>, and a few users who never have to sign in. It mints ID-JAGs and logout tokens, good ones by
/// default and bad ones on request. Trust it in a service under test by <see cref="Issuer"/>, with loopback http allowed.
/// </summary>
public sealed class DemoIdentityProvider : IAsyncDisposable
{
    private const string KeysPath = "/.well-known/jwks.json";
    private const string ClientPath = "/clients/demo-agent.json";
    private const string RevokedEvent = "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";

    private readonly WebApplication _server;
    private readonly DemoIdentityProviderOptions _options;
    private readonly HttpClient _http = new();
    private ImmutableArray<SigningKey> _keys;
    private int _keyRequests;

    private DemoIdentityProvider(WebApplication server, DemoIdentityProviderOptions options)
    {
        _server = server;
        _options = options;
        _keys = [new SigningKey(options.Algorithm)];
        Issuer = "";
    }

    /// <summary>The issuer identifier: the server's origin, without a trailing slash.</summary>
    public string Issuer { get; private set; }

    /// <summary>Where the JWK set is.</summary>
    public Uri KeysUri => new(Issuer + KeysPath);

    /// <summary>The <c>client_id</c> of the demo agent: the URL of its metadata document.</summary>
    public string ClientId => Issuer + ClientPath;

    /// <summary>Whom the provider knows.</summary>
    public IReadOnlyList<DemoUser> Users => _options.Users;

    /// <summary>How often the JWK set has been fetched.</summary>
    public int KeyRequests => Volatile.Read(ref _keyRequests);

    /// <summary>Starts a provider.</summary>
    /// <param name="url">Where it listens; port 0 takes a free one.</param>
    /// <param name="options">How it behaves; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<DemoIdentityProvider> StartAsync(
        string url = "http://127.0.0.1:0", DemoIdentityProviderOptions? options = null, CancellationToken cancellationToken = default)
    {
        // An empty builder: the settings and variables of the host are meant for the service under test, not for this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        var server = builder.Build();
        server.Urls.Add(url);
        var provider = new DemoIdentityProvider(server, options ?? new DemoIdentityProviderOptions());
        server.Run(provider.AnswerAsync);
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await provider.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        provider.Issuer = server.Urls.First().TrimEnd('/');
        return provider;
    }

    /// <summary>Finds a user by name.</summary>
    /// <param name="name">One of the names in <see cref="Users"/>.</param>
    /// <exception cref="ArgumentException">There is no such user.</exception>
    public DemoUser User(string name) =>
        Users.FirstOrDefault(user => user.Name == name)
        ?? throw new ArgumentException($"There is no user {name}. There are: {string.Join(", ", Users.Select(user => user.Name))}.", nameof(name));

    /// <summary>Mints an ID-JAG.</summary>
    /// <param name="request">What it shall say.</param>
    /// <returns>The token in compact form.</returns>
    public string MintIdJag(IdJagRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Sign(Header("oauth-id-jag+jwt", request.Header), IdJagClaims(request));
    }

    /// <summary>Mints a logout token.</summary>
    /// <param name="request">What it shall say.</param>
    /// <returns>The token in compact form.</returns>
    public string MintLogoutToken(LogoutTokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = (request.User ?? Users[0]).Subject,
            ["aud"] = request.Audience,
            ["jti"] = request.JwtId ?? Guid.NewGuid().ToString("N"),
            ["iat"] = _options.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["events"] = new JsonObject { [RevokedEvent] = new JsonObject() },
        };
        request.Claims?.Invoke(claims);
        return Sign(Header("logout+jwt", request.Header), claims);
    }

    /// <summary>Mints a logout token and posts it as <c>application/logout+jwt</c>.</summary>
    /// <param name="revocationUri">The service's <c>revocation_uri</c>.</param>
    /// <param name="request">What the token shall say.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The service's answer, to be disposed of by the caller.</returns>
    public async Task<HttpResponseMessage> SendLogoutAsync(
        Uri revocationUri, LogoutTokenRequest request, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(MintLogoutToken(request), Encoding.ASCII);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/logout+jwt");
        return await _http.PostAsync(revocationUri, content, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Signs whatever it is given with the current key.</summary>
    /// <param name="header">The header as it shall be.</param>
    /// <param name="claims">The payload as it shall be.</param>
    /// <returns>The token in compact form.</returns>
    public string Sign(JsonObject header, JsonObject claims)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(claims);
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(_keys[^1].Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Signs with a new key from now on.</summary>
    /// <param name="keepOld">True: the old keys stay published, as in an orderly rotation. False: they are gone, as after a theft.</param>
    public void RotateKeys(bool keepOld = true)
    {
        var fresh = new SigningKey(_options.Algorithm);
        _keys = keepOld ? _keys.Add(fresh) : [fresh];
    }

    /// <summary>Stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private JsonObject Header(string type, Action<JsonObject>? change)
    {
        var key = _keys[^1];
        var header = new JsonObject { ["alg"] = key.Algorithm, ["typ"] = type, ["kid"] = key.KeyId };
        change?.Invoke(header);
        return header;
    }

    private JsonObject IdJagClaims(IdJagRequest request)
    {
        var user = request.User ?? Users[0];
        var now = _options.Clock.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = user.Subject,
            ["aud"] = request.Audience,
            ["client_id"] = request.ClientId ?? Issuer,
            ["jti"] = request.JwtId ?? Guid.NewGuid().ToString("N"),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + request.Lifetime).ToUnixTimeSeconds(),
            ["email"] = user.Email,
            ["email_verified"] = user.EmailVerified,
        };
        AddIfGiven(claims, "scope", request.Scope);
        AddIfGiven(claims, "agent_platform", request.AgentPlatform);
        AddIfGiven(claims, "agent_context_id", request.AgentContextId);
        if (request.AuthenticationMethods.Count > 0)
        {
            claims["amr"] = new JsonArray([.. request.AuthenticationMethods.Select(method => JsonValue.Create(method))]);
        }

        AddIfGiven(claims, "acr", request.AuthenticationContext);
        if (request.AuthenticationTime is { } signedIn)
        {
            claims["auth_time"] = signedIn.ToUnixTimeSeconds();
        }

        request.Claims?.Invoke(claims);
        return claims;
    }

    private static void AddIfGiven(JsonObject claims, string name, string? value)
    {
        if (value is not null)
        {
            claims[name] = value;
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        return (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", KeysPath) => AnswerKeysAsync(context),
            ("GET", ClientPath) => AnswerClientAsync(context),
            ("GET", "/users") when _options.MintsForAnybody => AnswerUsersAsync(context),
            ("POST", "/id-jag") when _options.MintsForAnybody => AnswerIdJagAsync(context),
            ("POST", "/logout") when _options.MintsForAnybody => AnswerLogoutAsync(context),
            ("OPTIONS", "/users" or "/id-jag" or "/logout") when _options.MintsForAnybody => AnswerPreflightAsync(context),
            _ => WriteAsync(context, Problem("not_found", "There is nothing here."), StatusCodes.Status404NotFound),
        };
    }

    private Task AnswerKeysAsync(HttpContext context)
    {
        Interlocked.Increment(ref _keyRequests);
        context.Response.Headers.CacheControl = "public, max-age=600";
        return WriteAsync(context, new JsonObject { ["keys"] = new JsonArray([.. _keys.Select(key => key.ToJwk())]) });
    }

    private Task AnswerClientAsync(HttpContext context) => WriteAsync(context, new JsonObject
    {
        ["client_id"] = ClientId,
        ["client_name"] = "Demo agent",
        ["jwks_uri"] = KeysUri.OriginalString,
        ["grant_types"] = new JsonArray("urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ["token_endpoint_auth_method"] = "private_key_jwt",
    });

    private Task AnswerUsersAsync(HttpContext context) => WriteAsync(context, new JsonArray(
        [.. Users.Select(user => new JsonObject { ["name"] = user.Name, ["email"] = user.Email, ["email_verified"] = user.EmailVerified })]));

    private static Task AnswerPreflightAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.AccessControlAllowMethods = "GET, POST";
        context.Response.Headers.AccessControlAllowHeaders = "content-type";
        return Task.CompletedTask;
    }

    private async Task AnswerIdJagAsync(HttpContext context)
    {
        if (await ReadAskedAsync(context).ConfigureAwait(false) is not { } asked)
        {
            return;
        }

        var claims = IdJagClaims(new IdJagRequest { Audience = asked.Audience, User = asked.User, Scope = asked.Text("scope") });
        var answer = new JsonObject { ["assertion"] = Sign(Header("oauth-id-jag+jwt", null), claims), ["claims"] = claims };
        await WriteAsync(context, answer).ConfigureAwait(false);
    }

    private async Task AnswerLogoutAsync(HttpContext context)
    {
        if (await ReadAskedAsync(context).ConfigureAwait(false) is not { } asked)
        {
            return;
        }

        if (!Uri.TryCreate(asked.Text("revocation_uri"), UriKind.Absolute, out var revocationUri) || !revocationUri.Scheme.StartsWith("http", StringComparison.Ordinal))
        {
            await WriteAsync(context, Problem("invalid_request", "`revocation_uri` is not an absolute URL."), StatusCodes.Status400BadRequest)
                .ConfigureAwait(false);
            return;
        }

        var request = new LogoutTokenRequest { Audience = asked.Audience, User = asked.User };
        try
        {
            using var answer = await SendLogoutAsync(revocationUri, request, context.RequestAborted).ConfigureAwait(false);
            await WriteAsync(context, new JsonObject
            {
                ["sub"] = asked.User.Subject,
                ["revocation_uri"] = revocationUri.OriginalString,
                ["status"] = (int)answer.StatusCode,
                ["answer"] = await answer.Content.ReadAsStringAsync(context.RequestAborted).ConfigureAwait(false),
            }).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            await WriteAsync(context, Problem("unreachable", failure.Message), StatusCodes.Status502BadGateway).ConfigureAwait(false);
        }
    }

    /// <summary>Reads what both demo endpoints take. Null: it was not that, and the refusal has been written.</summary>
    private async Task<Asked?> ReadAskedAsync(HttpContext context)
    {
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false) as JsonObject;
            if (body is not null
                && Text(body, "audience") is { } audience
                && Users.FirstOrDefault(user => user.Name == Text(body, "user")) is { } user)
            {
                return new Asked(user, audience, body);
            }
        }
        catch (JsonException)
        {
            // Answered below like any other body that does not say who and where to.
        }

        await WriteAsync(context, Problem("invalid_request", "Send a JSON object with `user` (see GET /users) and `audience`."), StatusCodes.Status400BadRequest)
            .ConfigureAwait(false);
        return null;
    }

    private static string? Text(JsonObject body, string name) => body[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject Problem(string code, string message) => new() { ["error"] = code, ["message"] = message };

    private static Task WriteAsync(HttpContext context, JsonNode json, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }

    private sealed record Asked(DemoUser User, string Audience, JsonObject Body)
    {
        public string? Text(string name) => DemoIdentityProvider.Text(Body, name);
    }
}

using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Testing;

namespace AgentAuth.Wire.OAuth;

/// <summary>A service with a registered client, which has a secret and a key, and what such a client sends.</summary>
internal sealed class OAuthClient : IAsyncDisposable
{
    public const string Id = "enterprise-agent";
    public const string Secret = "lnTv1sQ2XWcbPZp0mC4hVYq8yEo7RkGd";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private OAuthClient(ServiceWithProvider pair) => Pair = pair;

    public ServiceWithProvider Pair { get; private set; }

    public static async Task<OAuthClient> StartAsync(Action<AgentAuthClientOptions>? change = null, bool trustsEmail = false, bool limits = false)
    {
        var client = new OAuthClient(null!);
        client.Pair = await ServiceWithProvider.StartAsync(trustsEmail: trustsEmail, limits: limits, configure: options =>
        {
            var entry = new AgentAuthClientOptions { Id = Id };
            entry.SecretHashes.Add("sha256:" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Secret))));
            entry.Keys.Add(client.PublicKey());
            change?.Invoke(entry);
            options.Clients.Add(entry);
        });
        return client;
    }

    /// <summary>An ID-JAG for the registered client.</summary>
    public string Mint(Func<IdJagRequest, IdJagRequest>? change = null) =>
        Pair.Mint(request => (change?.Invoke(request) ?? request) is var changed && changed.ClientId is null ? changed with { ClientId = Id } : changed);

    /// <summary>Redeems an ID-JAG with the secret in the body, unless the parameters say something else.</summary>
    public Task<Answer> RedeemAsync(string assertion, params (string Name, string? Value)[] more) =>
        PostAsync(OAuthPaths.Token, null, [("grant_type", OAuthNames.JwtBearerGrant), ("assertion", assertion), ("client_id", Id), ("client_secret", Secret), .. more]);

    /// <summary>Posts a form; a later parameter of one name replaces an earlier one, and one that is null takes it away.</summary>
    public Task<Answer> PostAsync(string path, string? authorization, params (string Name, string? Value)[] parameters)
    {
        var form = new Dictionary<string, string?>();
        foreach (var (name, value) in parameters)
        {
            form[name] = value;
        }

        return SendAsync(path, authorization, string.Join('&', form.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}")));
    }

    /// <summary>Posts a form as it is.</summary>
    public Task<Answer> SendAsync(string path, string? authorization, string form) => Pair.Service.SendAsync(
        HttpMethod.Post,
        path,
        null,
        new StringContent(form, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        request =>
        {
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }
        });

    public static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    /// <summary>The client's assertion about itself.</summary>
    public string ClientAssertion(Action<JsonObject>? change = null)
    {
        var now = Pair.Service.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Id,
            ["sub"] = Id,
            ["aud"] = TestService.Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now,
            ["exp"] = now + 60,
        };
        change?.Invoke(claims);
        var input = $"{Segment("""{"alg":"ES256","kid":"client-key"}""")}.{Segment(claims.ToJsonString())}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public async ValueTask DisposeAsync()
    {
        await Pair.DisposeAsync();
        _key.Dispose();
    }

    private static string Segment(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private string PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        return JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = "client-key",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        });
    }
}

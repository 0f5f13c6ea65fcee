using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Testing;

public class DemoIdentityProviderTests
{
    private const string Audience = "https://auth.service.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Token_verifies_with_the_published_key(string algorithm)
    {
        await using var provider = await StartAsync(new DemoIdentityProviderOptions { Algorithm = algorithm });
        var parts = provider.MintIdJag(new IdJagRequest { Audience = Audience }).Split('.');

        var header = Decode(parts[0]);
        var jwk = (await GetKeysAsync(provider)).Single(key => key.Text("kid") == header.Text("kid"));

        Assert.Equal(algorithm, header.Text("alg"));
        Assert.Equal("oauth-id-jag+jwt", header.Text("typ"));
        Assert.True(Verify(jwk, $"{parts[0]}.{parts[1]}", Base64Url.DecodeFromChars(parts[2])));
        Assert.False(Verify(jwk, $"{parts[0]}.{parts[1]}x", Base64Url.DecodeFromChars(parts[2])));
    }

    [Fact]
    public async Task Defaults_make_a_good_ID_JAG()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 21, 12, 0, 0, TimeSpan.Zero));
        await using var provider = await StartAsync(new DemoIdentityProviderOptions { Clock = clock });

        var claims = ClaimsOf(provider.MintIdJag(new IdJagRequest { Audience = Audience }));
        var next = ClaimsOf(provider.MintIdJag(new IdJagRequest { Audience = Audience }));

        Assert.Equal(provider.Issuer, claims.Text("iss"));
        Assert.Equal(provider.Issuer, claims.Text("client_id"));
        Assert.Equal(Audience, claims.Text("aud"));
        Assert.Equal("user-alice", claims.Text("sub"));
        Assert.Equal("alice@example.com", claims.Text("email"));
        Assert.True(claims["email_verified"]!.GetValue<bool>());
        Assert.Equal(clock.GetUtcNow().ToUnixTimeSeconds(), claims["iat"]!.GetValue<long>());
        Assert.Equal(clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(), claims["exp"]!.GetValue<long>());
        Assert.NotEqual(claims.Text("jti"), next.Text("jti"));
        Assert.All(["scope", "amr", "acr", "auth_time"], name => Assert.False(claims.ContainsKey(name)));
    }

    [Fact]
    public async Task Everything_can_be_asked_for_and_overridden()
    {
        await using var provider = await StartAsync();

        var token = provider.MintIdJag(new IdJagRequest
        {
            Audience = Audience,
            User = provider.User("bob"),
            ClientId = provider.ClientId,
            JwtId = "jti-1",
            Scope = "a b",
            AuthenticationMethods = ["mfa"],
            AuthenticationContext = "urn:example:strong",
            AuthenticationTime = DateTimeOffset.FromUnixTimeSeconds(1_780_000_000),
            AgentPlatform = "platform",
            AgentContextId = "context",
            Header = header => header["alg"] = "none",
            Claims = claims => claims["email_verified"] = "true",
        });

        var read = ClaimsOf(token);
        Assert.Equal("none", Decode(token.Split('.')[0]).Text("alg"));
        Assert.Equal(
            ["user-bob", provider.ClientId, "jti-1", "a b", "platform", "context", "true"],
            new[] { "sub", "client_id", "jti", "scope", "agent_platform", "agent_context_id", "email_verified" }.Select(name => read.Text(name)!));
        Assert.Equal(["mfa"], read.Texts("amr"));
        Assert.Equal("urn:example:strong", read.Text("acr"));
        Assert.Equal(1_780_000_000, read["auth_time"]!.GetValue<long>());
    }

    [Fact]
    public async Task Rotation_keeps_the_old_key_or_drops_it()
    {
        await using var provider = await StartAsync();
        var first = KeyIdOf(provider);

        provider.RotateKeys();
        var second = KeyIdOf(provider);
        Assert.Equal([first, second], (await GetKeysAsync(provider)).Select(key => key.Text("kid")!));

        provider.RotateKeys(keepOld: false);
        Assert.Equal([KeyIdOf(provider)], (await GetKeysAsync(provider)).Select(key => key.Text("kid")!));
        Assert.Equal(2, provider.KeyRequests);
        Assert.NotEqual(second, KeyIdOf(provider));
    }

    [Fact]
    public async Task Published_keys_hold_nothing_private()
    {
        await using var provider = await StartAsync(new DemoIdentityProviderOptions { Algorithm = "RS256" });

        var key = Assert.Single(await GetKeysAsync(provider));

        Assert.Equal(["alg", "e", "kid", "kty", "n", "use"], key.Select(member => member.Key).Order());
    }

    [Fact]
    public async Task Client_document_names_itself_and_the_keys()
    {
        await using var provider = await StartAsync();
        using var http = new HttpClient();

        var document = (await http.GetFromJsonAsync<JsonObject>(provider.ClientId, Cancellation))!;

        Assert.Equal(provider.ClientId, document.Text("client_id"));
        Assert.Equal(provider.KeysUri.OriginalString, document.Text("jwks_uri"));
        Assert.False(document.ContainsKey("client_secret"));
    }

    [Fact]
    public async Task Logout_token_is_posted_as_its_media_type()
    {
        await using var provider = await StartAsync();
        var (contentType, body) = ("", "");
        await using var service = await TestApp.StartAsync(async context =>
        {
            contentType = context.Request.ContentType!;
            body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            await context.Response.WriteAsync("{\"revoked\":1}", context.RequestAborted);
        });

        using var answer = await provider.SendLogoutAsync(
            service.Url("/agent/auth/revoke"), new LogoutTokenRequest { Audience = Audience, User = provider.User("bob") }, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/logout+jwt", contentType);
        Assert.Equal("logout+jwt", Decode(body.Split('.')[0]).Text("typ"));
        Assert.Equal("user-bob", ClaimsOf(body).Text("sub"));
        Assert.True(ClaimsOf(body)["events"]!.AsObject().ContainsKey("https://schemas.workos.com/events/agent/auth/identity/assertion/revoked"));
    }

    [Theory]
    [InlineData("GET", "/users")]
    [InlineData("POST", "/id-jag")]
    [InlineData("POST", "/logout")]
    public async Task Nobody_gets_tokens_from_a_provider_that_was_not_told_to_mint_for_anybody(string method, string path)
    {
        await using var provider = await StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), provider.Issuer + path);
        request.Content = new StringContent($$"""{"user":"alice","audience":"{{Audience}}"}""");

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Demo_page_lists_users_mints_and_logs_out()
    {
        await using var provider = await StartAsync(new DemoIdentityProviderOptions { MintsForAnybody = true });
        await using var service = await TestApp.StartAsync(context =>
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync("no");
        });
        using var http = new HttpClient { BaseAddress = new Uri(provider.Issuer) };

        using var users = await http.GetAsync("/users", Cancellation);
        Assert.Equal("*", users.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(["alice", "bob", "carol"], (await users.Content.ReadFromJsonAsync<JsonArray>(Cancellation))!.Select(user => user!["name"]!.GetValue<string>()));

        var minted = await PostAsync(http, "/id-jag", new JsonObject { ["user"] = "bob", ["audience"] = Audience }, HttpStatusCode.OK);
        Assert.Equal(ClaimsOf(minted.Text("assertion")!).ToJsonString(), minted["claims"]!.ToJsonString());
        Assert.Equal("user-bob", minted["claims"]!["sub"]!.GetValue<string>());

        var logout = await PostAsync(
            http,
            "/logout",
            new JsonObject { ["user"] = "bob", ["audience"] = Audience, ["revocation_uri"] = service.Url("/revoke").OriginalString },
            HttpStatusCode.OK);
        Assert.Equal(400, logout["status"]!.GetValue<int>());
        Assert.Equal("no", logout.Text("answer"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"user\":\"mallory\",\"audience\":\"https://a.example\"}")]
    [InlineData("{\"user\":1,\"audience\":[]}")]
    public async Task Demo_page_is_told_what_is_missing(string body)
    {
        await using var provider = await StartAsync(new DemoIdentityProviderOptions { MintsForAnybody = true });
        using var http = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync(new Uri(provider.Issuer + "/id-jag"), content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_request", (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!.Text("error"));
    }

    [Fact]
    public async Task Demo_page_of_another_origin_may_ask()
    {
        await using var provider = await StartAsync(new DemoIdentityProviderOptions { MintsForAnybody = true });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, provider.Issuer + "/id-jag");

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("content-type", answer.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_user_and_algorithm_are_named()
    {
        await using var provider = await StartAsync();

        Assert.Contains("alice, bob, carol", Assert.Throws<ArgumentException>(() => provider.User("mallory")).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new DemoIdentityProviderOptions { Algorithm = "HS256" }));
    }

    private static Task<DemoIdentityProvider> StartAsync(DemoIdentityProviderOptions? options = null) =>
        DemoIdentityProvider.StartAsync(options: options, cancellationToken: Cancellation);

    private static string KeyIdOf(DemoIdentityProvider provider) =>
        Decode(provider.MintIdJag(new IdJagRequest { Audience = Audience }).Split('.')[0]).Text("kid")!;

    private static JsonObject ClaimsOf(string token) => Decode(token.Split('.')[1]);

    private static JsonObject Decode(string segment) => JsonNode.Parse(Base64Url.DecodeFromChars(segment))!.AsObject();

    private static async Task<List<JsonObject>> GetKeysAsync(DemoIdentityProvider provider)
    {
        using var http = new HttpClient();
        var set = await http.GetFromJsonAsync<JsonObject>(provider.KeysUri, Cancellation);
        return [.. set!["keys"]!.AsArray().Select(key => key!.AsObject())];
    }

    private static async Task<JsonObject> PostAsync(HttpClient http, string path, JsonObject body, HttpStatusCode expected)
    {
        using var answer = await http.PostAsJsonAsync(path, body, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }

    private static bool Verify(JsonObject jwk, string input, byte[] signature)
    {
        byte[] Bytes(string name) => Base64Url.DecodeFromChars(jwk.Text(name));
        var algorithm = jwk.Text("alg");
        var data = Encoding.ASCII.GetBytes(input);
        if (jwk.Text("kty") == "RSA")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes("n"), Exponent = Bytes("e") });
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }

        var isP256 = algorithm == "ES256";
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = isP256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = Bytes("x"), Y = Bytes("y") },
        });
        return ecdsa.VerifyData(data, signature, isP256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
    }
}

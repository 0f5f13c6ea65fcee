using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Duende.IdentityModel.Client;
using ModelContextProtocol.Authentication;

namespace AgentAuth.EndToEnd.Clients;

/// <summary>OAuth clients that others have written, unchanged, from the 401 to a call of the API with the scopes that they asked for.</summary>
public sealed class OAuthClientsTests(ServiceWithClients service) : IClassFixture<ServiceWithClients>
{
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("oauth4webapi client_secret_post")]
    [InlineData("oauth4webapi client_secret_basic")]
    [InlineData("oauth4webapi private_key_jwt")]
    [InlineData("oauth4webapi none")]
    [InlineData("openid-client client_secret_post")]
    [InlineData("openid-client client_secret_basic")]
    [InlineData("openid-client private_key_jwt")]
    [InlineData("openid-client none")]
    [InlineData("@modelcontextprotocol/sdk discovery")]
    [InlineData("@modelcontextprotocol/client discovery")]
    [InlineData("@modelcontextprotocol/client exchangeJwtAuthGrant client_secret_basic")]
    [InlineData("@modelcontextprotocol/client exchangeJwtAuthGrant client_secret_post")]
    [InlineData("@modelcontextprotocol/client exchangeJwtAuthGrant none")]
    [InlineData("@modelcontextprotocol/client CrossAppAccessProvider")]
    [InlineData("metadata")]
    public async Task A_client_from_npm_gets_in(string name)
    {
        var results = await service.NodeAsync();

        Assert.True(results.TryGetValue(name, out var error), $"clients.mjs has no case '{name}'.");
        Assert.True(error is null, error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_basic")]
    public async Task The_IdentityAssertionGrantProvider_of_the_MCP_SDK_gets_in(string? method)
    {
        var agent = await service.DiscoverAsync();
        var provider = new IdentityAssertionGrantProvider(
            new IdentityAssertionGrantProviderOptions
            {
                ClientId = ServiceWithClients.Id,
                ClientSecret = service.Secret,
                TokenEndpointAuthMethod = method,
                Scope = "tickets.read",
                IdpTokenEndpoint = service.Exchange,
                IdpClientId = $"idp-{ServiceWithClients.Id}",
                IdTokenCallback = (_, _) => Task.FromResult("a session"),
            },
            service.Http);

        var token = await provider.GetAccessTokenAsync(new Uri(service.Url), new Uri(agent.Service.Issuer), Cancelled);

        Assert.Equal("tickets.read", token.Scope);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(HttpMethod.Get, token.AccessToken));
        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(HttpMethod.Post, token.AccessToken));
    }

    [Theory]
    [InlineData(ClientCredentialStyle.PostBody)]
    [InlineData(ClientCredentialStyle.AuthorizationHeader)]
    public async Task Duende_IdentityModel_gets_a_token_and_ends_it(ClientCredentialStyle style)
    {
        var metadata = await service.Http.GetDiscoveryDocumentAsync(
            new DiscoveryDocumentRequest
            {
                Address = service.Url,
                Policy = { RequireHttps = false, RequireKeySet = false, DiscoveryDocumentPath = ".well-known/oauth-authorization-server" },
            },
            Cancelled);
        Assert.False(metadata.IsError, metadata.Error);
        var request = new TokenRequest
        {
            Address = metadata.TokenEndpoint,
            GrantType = JwtBearer,
            ClientId = ServiceWithClients.Id,
            ClientSecret = service.Secret,
            ClientCredentialStyle = style,
            Parameters =
            {
                { "assertion", service.Mint(ServiceWithClients.Id, service.Url, service.Url, null) },
                { "scope", "tickets.read tickets.write customers.read" },
            },
        };

        var token = await service.Http.RequestTokenAsync(request, Cancelled);

        Assert.False(token.IsError, token.Error + token.ErrorDescription);
        Assert.Equal("tickets.read tickets.write", token.Scope);
        Assert.Equal(HttpStatusCode.Created, await CallAsync(HttpMethod.Post, token.AccessToken!));
        var ended = await service.Http.RevokeTokenAsync(
            new TokenRevocationRequest
            {
                Address = metadata.RevocationEndpoint,
                ClientId = ServiceWithClients.Id,
                ClientSecret = service.Secret,
                ClientCredentialStyle = style,
                Token = token.AccessToken!,
                TokenTypeHint = "access_token",
            },
            Cancelled);
        Assert.False(ended.IsError, ended.Error);
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(HttpMethod.Get, token.AccessToken!));
    }

    [Fact]
    public async Task The_commands_of_the_page_make_a_secret_and_its_hash()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "how-to", "oauth-clients.md"), Cancelled);
        var commands = page.Split("```bash\n")[1].Split("```")[0];

        var (exitCode, output) = await Command.RunAsync(Repository.Root, "bash", "-euc", commands);

        Assert.True(exitCode == 0, output);
        var made = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToDictionary(line => line.Split(": ")[0], line => line.Split(": ")[1]);
        Assert.Equal(64, made["secret"].Length);
        Assert.Equal($"sha256:{Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(made["secret"])))}", made["hash"]);
    }

    private async Task<HttpStatusCode> CallAsync(HttpMethod method, string token)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/tickets", UriKind.Relative)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        request.Content = method == HttpMethod.Post ? JsonContent.Create(new { title = "From a client of OAuth" }) : null;
        using var answer = await service.Http.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }
}

using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentAuth.EndToEnd.Sample;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.EndToEnd.Clients;

/// <summary>
/// The sample with a registered OAuth client, which has a secret and a key, and beside it the token exchange (RFC 8693) by which a company's
/// provider gives ID-JAGs to its clients.
/// </summary>
public sealed class ServiceWithClients : RunningSample
{
    public const string Id = "enterprise-agent";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private WebApplication? _exchange;
    private Task<IReadOnlyDictionary<string, string?>>? _node;

    /// <summary>The client's secret: base64url, which Basic authentication has two ways to write.</summary>
    public string Secret { get; } = "-_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where ID-JAGs are given. A client <c>X</c> of the service is <c>idp-X</c> there.</summary>
    public string Exchange { get; private set; } = "";

    /// <summary>What became of each case of <c>clients.mjs</c>; null is success. It runs once.</summary>
    public Task<IReadOnlyDictionary<string, string?>> NodeAsync() => _node ??= RunNodeAsync();

    protected override IEnumerable<string> Settings =>
    [
        $"--AgentAuth:Clients:0:Id={Id}",
        $"--AgentAuth:Clients:0:SecretHashes:0=sha256:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)))}",
        $"--AgentAuth:Clients:0:Keys:0={Jwk(isPrivate: false).ToJsonString()}",
        $"--AgentAuth:Clients:0:Provider={Provider.Issuer}",
        "--AgentAuth:Clients:0:Scopes:0=tickets.read",
        "--AgentAuth:Clients:0:Scopes:1=tickets.write",
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        _exchange = builder.Build();
        _exchange.Urls.Add("http://127.0.0.1:0");
        _exchange.Run(ExchangeAsync);
        await _exchange.StartAsync(TestContext.Current.CancellationToken);
        Exchange = _exchange.Urls.First() + "/token";
    }

    /// <summary>An ID-JAG for a client of the service.</summary>
    public string Mint(string client, string audience, string? resource, string? scope) => Provider.MintIdJag(new IdJagRequest
    {
        Audience = audience,
        ClientId = client,
        Scope = scope,
        User = new DemoUser("carol", "user-of-clients", "carol@clients.example"),
        Claims = claims =>
        {
            if (resource is not null)
            {
                claims["resource"] = resource;
            }
        },
    });

    public override async ValueTask DisposeAsync()
    {
        if (_exchange is not null)
        {
            await _exchange.DisposeAsync();
        }

        _key.Dispose();
        var output = Output;
        await base.DisposeAsync();
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(Secret), output, StringComparison.Ordinal);
    }

    private async Task ExchangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        Assert.Equal("urn:ietf:params:oauth:grant-type:token-exchange", form["grant_type"]);
        Assert.Equal("urn:ietf:params:oauth:token-type:id-jag", form["requested_token_type"]);
        var answer = new JsonObject
        {
            ["issued_token_type"] = "urn:ietf:params:oauth:token-type:id-jag",
            ["access_token"] = Mint(form["client_id"].ToString()["idp-".Length..], form["audience"]!, form["resource"], form["scope"]),
            ["token_type"] = "N_A",
            ["expires_in"] = 300,
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private JsonObject Jwk(bool isPrivate)
    {
        var parameters = _key.ExportParameters(isPrivate);
        var jwk = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = "client-key",
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
        };
        if (isPrivate)
        {
            jwk["d"] = Base64Url.EncodeToString(parameters.D);
        }

        return jwk;
    }

    private async Task<IReadOnlyDictionary<string, string?>> RunNodeAsync()
    {
        // A script from the standard input finds modules from the working directory: eng/test installs them there.
        var folder = Path.Combine(Repository.Root, "artifacts", "oauth-clients");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "oauth4webapi")))
        {
            const string Missing = "The npm packages of OAuth clients are not in artifacts/oauth-clients; eng/test puts them there.";
            Assert.False(Environment.GetEnvironmentVariable("AGENTAUTH_TESTS_REQUIRE_SERVERS") == "1", Missing);
            Assert.Skip(Missing);
        }

        var argument = new JsonObject
        {
            ["service"] = Url,
            ["exchange"] = Exchange,
            ["id"] = Id,
            ["secret"] = Secret,
            ["publicId"] = Provider.Issuer,
            ["key"] = Jwk(isPrivate: true),
        };
        var start = new ProcessStartInfo("node", ["--input-type=module", "-", argument.ToJsonString()])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        await using (var script = typeof(ServiceWithClients).Assembly.GetManifestResourceStream("clients.mjs")!)
        {
            await script.CopyToAsync(node.StandardInput.BaseStream, TestContext.Current.CancellationToken);
        }

        node.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var problems = node.StandardError.ReadToEndAsync(patience.Token);
        var output = await node.StandardOutput.ReadToEndAsync(patience.Token);
        await node.WaitForExitAsync(patience.Token);
        Assert.True(node.ExitCode == 0, await problems);
        return JsonElement.Parse(output).EnumerateArray().ToDictionary(
            result => result.GetProperty("name").GetString()!,
            result => result.TryGetProperty("error", out var error) ? error.GetString() : null);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using AgentAuth.Testing;
using global::Mcp.App;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentAuth.EndToEnd.Mcp;

/// <summary>The app with MCP servers on real Kestrel, a provider that it trusts, and clients of the real SDK.</summary>
internal sealed class RunningMcp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly DemoIdentityProvider _provider;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false });

    private RunningMcp(WebApplication app, string url, string folder, DemoIdentityProvider provider)
    {
        _app = app;
        Url = url;
        _folder = folder;
        _provider = provider;
        _http.BaseAddress = new Uri(url);
    }

    public string Url { get; }

    /// <summary>What has run.</summary>
    public IReadOnlyList<string> Ran => _app.Services.GetRequiredService<Runs>().Names;

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<RunningMcp> StartAsync(McpAppSetup? setup = null, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("mcp-").FullName;
        var provider = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { MintsForAnybody = true }, cancellationToken: Cancelled);
        var url = $"http://127.0.0.1:{FreePort()}";
        var app = McpApp.Build(
            [
                $"--urls={url}",
                $"--AgentAuth:Issuer={url}",
                $"--AgentAuth:Resource={url}",
                "--AgentAuth:AllowLoopbackHttp=true",
                $"--AgentAuth:TrustedProviders:0:Issuer={provider.Issuer}",
                "--AgentAuth:TrustedProviders:0:Name=Demo Agents",
                $"--AgentAuth:Storage:Path={Path.Combine(folder, "agentauth.db")}",
                $"--AgentAuth:Mail:Folder={Path.Combine(folder, "mail")}",
                "--Logging:LogLevel:Default=None",
                .. arguments,
            ],
            setup ?? new McpAppSetup());
        var running = new RunningMcp(app, url, folder, provider);
        try
        {
            await app.StartAsync(Cancelled);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>The key of an agent that somebody stands behind.</summary>
    public async Task<string> KeyAsync(string scope = "tickets.read tickets.write", DateTimeOffset? signedInAt = null, string user = "alice")
    {
        var agent = await AgentClient.DiscoverAsync(_http, new Uri("/api/tickets", UriKind.Relative), Cancelled);
        var assertion = _provider.MintIdJag(new IdJagRequest
        {
            Audience = agent.Service.Issuer,
            User = new DemoUser(user, "sub-" + user, user + "@desk.example"),
            Scope = scope,
            AuthenticationTime = signedInAt,
        });
        return (await agent.RegisterWithIdJagAsync(assertion, "api_key", Cancelled)).Required.Credential!;
    }

    /// <summary>A client of one of the three places, with a credential or as a person.</summary>
    public async Task<McpClient> ConnectAsync(string path, Caller caller, HttpTransportMode mode = HttpTransportMode.StreamableHttp)
    {
        var http = new HttpClient(caller) { BaseAddress = new Uri(Url) };
        return await McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions { Endpoint = new Uri(Url + path), TransportMode = mode },
                http,
                ownsHttpClient: true),
            cancellationToken: Cancelled);
    }

    /// <summary>Ends all access, as an operator does.</summary>
    public Task RevokeEverythingAsync() => Services.GetRequiredService<IAgentAccess>().RevokeAsync(AgentAccessTarget.Everything, new AgentRevocationNote("test"), Cancelled).AsTask();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What a call is answered: what the tool said, or the error.</summary>
    public static async Task<string> CallAsync(McpClient client, string tool)
    {
        try
        {
            var result = await client.CallToolAsync(tool, cancellationToken: Cancelled);
            return string.Concat(result.Content.OfType<TextContentBlock>().Select(c => c.Text));
        }
        catch (McpProtocolException e)
        {
            return $"{(int)e.ErrorCode}: {e.Message}";
        }
        catch (HttpRequestException e) when (e.StatusCode is { } status)
        {
            return $"{(int)status}: {MessageIn(e.Message)}";
        }
    }

    /// <summary>The same of anything else that is asked.</summary>
    public static async Task<string> AskAsync<T>(Func<ValueTask<T>> ask, Func<T, string> read)
    {
        try
        {
            return read(await ask());
        }
        catch (McpProtocolException e)
        {
            return $"{(int)e.ErrorCode}: {e.Message}";
        }
        catch (HttpRequestException e) when (e.StatusCode is { } status)
        {
            return $"{(int)status}: {MessageIn(e.Message)}";
        }
    }

    // The SDK quotes the body of an answer that is none of its own.
    private static string MessageIn(string quoted) =>
        JsonDocument.Parse(quoted[quoted.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("message").GetString()!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Who calls. What is presented can change between two messages of a session.</summary>
internal sealed class Caller() : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
{
    /// <summary>An agent's key.</summary>
    public string? Key { get; set; }

    /// <summary>A person's role; null: no person.</summary>
    public string? Person { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = Key is null ? null : new AuthenticationHeaderValue("Bearer", Key);
        if (Person is not null)
        {
            request.Headers.Add("X-Person", Person);
        }

        return base.SendAsync(request, cancellationToken);
    }
}

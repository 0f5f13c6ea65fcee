using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentAuth.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>The MCP server of the how-to page, as a user runs it, and a client of the real SDK.</summary>
public sealed class McpServerSampleTests : IAsyncLifetime
{
    private readonly SampleProcess _sample = new("McpServer");
    private readonly string _folder = Directory.CreateTempSubdirectory("mcpserver-").FullName;
    private readonly string _url = $"http://127.0.0.1:{SampleProcess.FreePort()}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _sample.StartAsync(
    [
        $"--urls={_url}",
        $"--AgentAuth:Issuer={_url}",
        $"--AgentAuth:Resource={_url}/mcp",
        $"--AgentAuth:Storage:Path={Path.Combine(_folder, "agentauth.db")}",
        $"--AgentAuth:Mail:Folder={Path.Combine(_folder, "mail")}",
    ]);

    [Fact]
    public async Task An_agent_finds_its_way_in_reads_and_is_told_which_scope_it_lacks()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_url) };
        var agent = await AgentClient.DiscoverAsync(http, new Uri("/mcp", UriKind.Relative), Cancelled);
        var key = (await agent.RegisterAnonymouslyAsync(cancellationToken: Cancelled)).Required.Credential!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(_url + "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http), cancellationToken: Cancelled);

        var tools = await client.ListToolsAsync(cancellationToken: Cancelled);
        var notes = await client.CallToolAsync("list_notes", cancellationToken: Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write_note","arguments":{"text":"x"}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        var refused = await http.SendAsync(request, Cancelled);

        Assert.Equal(["list_notes", "write_note"], tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.Contains("Buy milk.", notes.Content.OfType<TextContentBlock>().Single().Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("error=\"insufficient_scope\", scope=\"notes.read notes.write\"", refused.Headers.WwwAuthenticate.First().ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _sample.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

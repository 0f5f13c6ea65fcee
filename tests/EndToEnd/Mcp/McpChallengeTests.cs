using System.Net;
using System.Net.Http.Headers;
using System.Text;
using global::Mcp.App;

namespace AgentAuth.EndToEnd.Mcp;

/// <summary>What an MCP client sees over HTTP of a scope that it lacks: MCP's authorization asks for a 403 with a challenge.</summary>
public sealed class McpChallengeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_whose_scope_is_missing_is_403_with_all_scopes_of_the_call(bool hasHeaders)
    {
        await using var service = await RunningMcp.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(service.Url) };
        var key = await service.KeyAsync("tickets.read");

        var refused = await CallAsync(http, key, "write", hasHeaders);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(
            $"Bearer resource_metadata=\"{service.Url}/.well-known/oauth-protected-resource\", error=\"insufficient_scope\", scope=\"tickets.read tickets.write\"",
            refused.Headers.WwwAuthenticate.First().ToString());
        Assert.Equal("no-store", refused.Headers.CacheControl?.ToString());
        Assert.Empty(service.Ran);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(http, key, "read", hasHeaders)).StatusCode);
        Assert.Equal(["read"], service.Ran);
    }

    [Fact]
    public async Task A_sign_in_that_is_too_old_is_401_with_what_would_be_enough()
    {
        await using var service = await RunningMcp.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(service.Url) };

        var refused = await CallAsync(http, await service.KeyAsync(), "fresh", hasHeaders: false);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("error=\"insufficient_user_authentication\", max_age=\"600\"", refused.Headers.WwwAuthenticate.First().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_names_another_tool_than_the_body_opens_nothing()
    {
        await using var service = await RunningMcp.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(service.Url) };

        var answer = await CallAsync(http, await service.KeyAsync("tickets.read"), "write", hasHeaders: true, named: "read");

        Assert.Empty(service.Ran);
        Assert.DoesNotContain("ran write", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_long_to_look_at_is_judged_by_the_filters()
    {
        await using var service = await RunningMcp.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(service.Url) };

        var answer = await CallAsync(http, await service.KeyAsync("tickets.read"), "write", hasHeaders: false, padding: 80_000);

        Assert.Contains("lacks a scope", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Empty(service.Ran);
    }

    [Fact]
    public async Task A_revoked_agents_stream_ends()
    {
        await using var service = await RunningMcp.StartAsync(new McpAppSetup { IsStateful = true });
        using var http = new HttpClient { BaseAddress = new Uri(service.Url) };
        var key = await service.KeyAsync();
        var hello = await PostAsync(
            http, key, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        using var listen = new HttpRequestMessage(HttpMethod.Get, "/agents");
        listen.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        listen.Headers.Accept.ParseAdd("text/event-stream");
        listen.Headers.Add("Mcp-Session-Id", hello.Headers.GetValues("Mcp-Session-Id").Single());
        using var stream = await http.SendAsync(listen, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        var end = stream.Content.ReadAsStringAsync(Cancelled);
        await service.RevokeEverythingAsync();

        // Cut off, or ended: either way it ends.
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => end.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    private static Task<HttpResponseMessage> CallAsync(HttpClient http, string key, string tool, bool hasHeaders, string? named = null, int padding = 0)
    {
        var version = hasHeaders ? "2026-07-28" : "2025-06-18";
        var meta = hasHeaders
            ? """
              ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
              """
            : "";
        return PostAsync(
            http,
            key,
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{}{{{meta}}}}}""" + new string(' ', padding),
            request =>
            {
                request.Headers.Add("MCP-Protocol-Version", version);
                if (hasHeaders)
                {
                    request.Headers.Add("Mcp-Method", "tools/call");
                    request.Headers.Add("Mcp-Name", named ?? tool);
                }
            });
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string key, string json, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agents") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        change?.Invoke(request);
        return await http.SendAsync(request, Cancelled);
    }
}

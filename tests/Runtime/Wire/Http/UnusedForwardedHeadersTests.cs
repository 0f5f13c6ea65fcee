using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace AgentAuth.Wire.Http;

/// <summary>An app behind a proxy that has not been told so.</summary>
public sealed class UnusedForwardedHeadersTests
{
    private const string Told = "every caller then has the proxy's address";

    [Finding("W8", "Requests through a proxy whose forwarded headers the app does not use", "The log says so, once")]
    [Fact]
    public async Task W8_forwarded_headers_that_nobody_uses_are_told_once()
    {
        await using var service = await TestService.StartAsync();

        await GetAsync(service);
        await GetAsync(service);

        Assert.Single(service.Log.Text.Split('\n'), line => line.Contains(Told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forwarded_headers_that_are_used_are_not_told()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor }));

        await GetAsync(service);

        Assert.DoesNotContain(Told, service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_header_nothing_is_told()
    {
        await using var service = await TestService.StartAsync();

        await service.GetAsync("/auth.md");

        Assert.DoesNotContain(Told, service.Log.Text, StringComparison.Ordinal);
    }

    private static Task<Answer> GetAsync(TestService service) =>
        service.SendAsync(HttpMethod.Get, "/auth.md", null, null, request => request.Headers.Add("X-Forwarded-For", IPAddress.Parse("203.0.113.7").ToString()));
}

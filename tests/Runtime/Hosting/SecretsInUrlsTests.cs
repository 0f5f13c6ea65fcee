using System.Net;
using AgentAuth.Credentials;
using AgentAuth.Manifest;
using AgentAuth.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>Nobody who writes URLs down gets to see a secret.</summary>
public sealed class SecretsInUrlsTests
{
    [Abuse(90, "A mailed link that is opened", "`200`, its token in no log, and not in the query that middleware sees")]
    [Theory]
    [InlineData("/agent/auth/claim/view?token=")]
    [InlineData("/AGENT/auth/claim/VIEW?Token=")]
    [InlineData("/agent/auth/claim/view?utm=1&token=")]
    [InlineData("/agent/auth/claim/view/?token=")]
    public async Task Abuse_90_the_token_of_a_link_is_not_logged_and_the_page_opens_all_the_same(string link)
    {
        var requests = new RequestsInFlight();
        var seen = "";
        await using var service = await TestService.StartAsync(
            services: services => services.AddSingleton<IStartupFilter>(requests),
            endpoints: app => app.Use((context, next) =>
            {
                seen += context.Request.QueryString + string.Concat(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?').Skip(1));
                return next(context);
            }));
        await service.RegisterByEmailAsync("user@example.com");
        var token = await service.NextLinkTokenAsync();

        var page = await service.GetAsync(link + token);
        await requests.SettleAsync();

        page.Is(HttpStatusCode.OK);
        Assert.Contains(token, page.Body, StringComparison.Ordinal);
        Assert.Contains("?token=taken-out", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, service.Log.Text, StringComparison.Ordinal);
        Assert.Equal("?token=taken-outtoken=taken-out", seen);
    }

    [Theory]
    [InlineData("?token=mine")]
    [InlineData("?x=agk_")]
    [InlineData("?x=agk_agt_&y=agk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZz&z=%20")]
    public async Task Other_queries_are_left_alone(string query)
    {
        await using var service = await TestService.StartAsync(endpoints: MapEcho);

        Assert.Equal(query, (await service.GetAsync("/echo" + query)).Body);
    }

    [Abuse(90, "A credential in a query", "In no log, and not in the query that middleware sees")]
    [Fact]
    public async Task Abuse_90_credentials_in_a_query_are_not_logged_and_not_handed_on()
    {
        await using var service = await TestService.StartAsync(endpoints: MapEcho);
        var (key, token) = (CredentialFormat.Create(CredentialType.ApiKey), CredentialFormat.Create(CredentialType.AccessToken));

        var answer = await service.GetAsync($"/echo?a=agk_{key}&agt_=1&{token}{key}x&b={token}");

        Assert.Equal("?a=agk_taken-out&agt_=1&taken-outtaken-outx&b=taken-out", answer.Body);
        Assert.DoesNotContain(key, service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_without_a_token_is_no_link()
    {
        await using var service = await TestService.StartAsync();

        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync("/agent/auth/claim/view")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync("/agent/auth/claim/view?token=")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync("/agent/auth/claim/view?token=taken-out")).Status);
    }

    private static void MapEcho(WebApplication app) => app.MapGet("/echo", (HttpContext context) => context.Request.QueryString.Value).AllowAnonymous();
}

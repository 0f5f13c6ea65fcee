using System.Net;
using AgentAuth.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Claims;

/// <summary>A mailed link is opened, and nobody who writes URLs down gets to see its token.</summary>
public sealed class ClaimLinkSecrecyTests
{
    [Theory]
    [InlineData("/agent/auth/claim/view?token=")]
    [InlineData("/AGENT/auth/claim/VIEW?Token=")]
    [InlineData("/agent/auth/claim/view?utm=1&token=")]
    public async Task Abuse_90_the_token_of_a_link_is_not_logged_and_the_page_opens_all_the_same(string link)
    {
        var requests = new RequestsInFlight();
        var seen = "";
        await using var service = await TestService.StartAsync(
            services: services => services.AddSingleton<IStartupFilter>(requests),
            endpoints: app => app.Use((context, next) =>
            {
                seen += context.Request.QueryString;
                return next(context);
            }));
        await service.RegisterByEmailAsync("user@example.com");
        var token = await service.NextLinkTokenAsync();

        var page = await service.GetAsync(link + token);
        await requests.SettleAsync();

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(token, page.Body, StringComparison.Ordinal);
        Assert.Contains("/view?token=taken-out", service.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token, service.Log.Text, StringComparison.Ordinal);
        Assert.Equal("?token=taken-out", seen);
    }

    [Fact]
    public async Task Other_queries_are_left_alone()
    {
        await using var service = await TestService.StartAsync(
            endpoints: app => app.MapGet("/echo", (string token) => token).AllowAnonymous());

        Assert.Equal("mine", (await service.GetAsync("/echo?token=mine")).Body);
    }

    [Fact]
    public async Task A_link_without_a_token_is_no_link()
    {
        await using var service = await TestService.StartAsync();

        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync("/agent/auth/claim/view")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync("/agent/auth/claim/view?token=")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await service.GetAsync("/agent/auth/claim/view?token=taken-out")).Status);
    }
}

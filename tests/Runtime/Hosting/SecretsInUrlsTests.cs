using System.Diagnostics;
using System.Net;
using AgentAuth.Credentials;
using AgentAuth.Manifest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Hosting;

/// <summary>Nobody who writes URLs down gets to see a secret, and the app has the request as it came.</summary>
public sealed class SecretsInUrlsTests
{
    [Abuse(90, "A mailed link that is opened", "`200`, its token in no log, and in the request as it came")]
    [Theory]
    [InlineData("/agent/auth/claim/view?token=")]
    [InlineData("/AGENT/auth/claim/VIEW?Token=")]
    [InlineData("/agent/auth/claim/view?utm=1&token=")]
    [InlineData("/agent/auth/claim/view/?token=")]
    public async Task Abuse_90_the_token_of_a_link_is_not_logged_and_the_page_opens_all_the_same(string link)
    {
        var seen = "";
        await using var service = await TestService.StartAsync(
            endpoints: app => app.Use((context, next) =>
            {
                seen += context.Request.QueryString + string.Concat(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?').Skip(1));
                return next(context);
            }));
        await service.RegisterByEmailAsync("user@example.com");
        var token = await service.NextLinkTokenAsync();

        var page = await service.GetAsync(link + token);
        await service.DisposeAsync();

        page.Is(HttpStatusCode.OK);
        Assert.Contains(token, page.Body, StringComparison.Ordinal);
        Assert.Contains("oken=taken-out", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, service.Log.Text, StringComparison.Ordinal);
        var query = link.Split('?')[1] + token;
        Assert.Equal("?" + query + query, seen);
    }

    [Finding("G24", "A credential that is escaped once or twice, a claim token, a link's token at another path or under another host's prefix, and one in a path", "In no line of the host's log, no trace, and not in `UseHttpLogging`; the app gets the request as it came")]
    [Theory]
    [InlineData("/echo?key=agk_{0}&x=1", "/echo?key=taken-out&x=1")]
    [InlineData("/echo?key=agk%5F{0}", "/echo?key=taken-out")]
    [InlineData("/echo?key=%61gk_{0}", "/echo?key=taken-out")]
    [InlineData("/echo?key=%2561gk%255F{0}", "/echo?key=taken-out")]
    [InlineData("/echo?claim_token=clm_{0}", "/echo?claim_token=taken-out")]
    [InlineData("/echo?agt_{0}", "/echo?taken-out")]
    [InlineData("/echo/claim/view?token=cvt_{0}", "/echo/claim/view?token=taken-out")]
    [InlineData("/echo/cvt_{0}", "/echo/taken-out")]
    [InlineData("/echo/agk%5F{0}/x?y=z", "/echo/taken-out/x?y=z")]
    [InlineData("/nobody/is/here/claim/view?token=cvt_{0}", "/nobody/is/here/claim/view?token=taken-out")]
    public async Task G24_a_secret_in_a_url_is_in_no_log_and_the_app_gets_it_as_it_came(string url, string logged)
    {
        await using var service = await TestService.StartAsync(
            services: services => services
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information))
                .AddHttpLogging(logging => logging.LoggingFields = HttpLoggingFields.RequestPropertiesAndHeaders | HttpLoggingFields.RequestQuery),
            endpoints: app =>
            {
                app.UseHttpLogging();
                app.MapGet("/echo/{**rest}", (HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget + "\n" + context.Request.Path + context.Request.QueryString).AllowAnonymous();
            });
        var secret = CredentialFormat.Create(CredentialType.ApiKey)[4..];
        url = url.Replace("{0}", secret, StringComparison.Ordinal);

        var answer = await service.GetRawAsync(url);
        var body = answer.Body;
        await service.DisposeAsync();

        if (url.StartsWith("/echo", StringComparison.Ordinal))
        {
            Assert.Equal(url, body.Split('\n')[0]);
            Assert.Equal(Uri.UnescapeDataString(url.Split('?')[0]) + url[url.Split('?')[0].Length..], body.Split('\n')[1]);
        }

        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Contains(logged, service.Log.Text, StringComparison.Ordinal);
        Assert.Contains("PathBase: ", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G24", "The same in the files of `UseW3CLogging`, which have path and query by default", "A line without either; those of other requests are whole")]
    [Fact]
    public async Task G24_a_secret_in_a_url_is_in_no_W3C_log()
    {
        var folder = Directory.CreateTempSubdirectory("agentauth-").FullName;
        await using (var service = await TestService.StartAsync(
            folder: folder,
            services: services => services.AddW3CLogging(logging => (logging.LogDirectory, logging.FlushInterval) = (folder, TimeSpan.FromMilliseconds(1))),
            endpoints: app =>
            {
                app.UseW3CLogging();
                MapEcho(app);
            }))
        {
            await service.GetAsync("/echo?key=" + CredentialFormat.Create(CredentialType.ApiKey));
            await service.GetAsync("/echo?q=ordinary");

            // It writes from the background, and loses what it has not written when it stops.
            string lines;
            while (!(lines = string.Concat(Directory.EnumerateFiles(folder, "w3clog-*.txt").Select(ReadShared))).Contains("?q=ordinary", StringComparison.Ordinal))
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            var fields = lines.Split('\n').Where(line => line.Contains(" GET ", StringComparison.Ordinal)).Select(line => line.Split(" GET ")[1].Split(' ')[..3]);
            Assert.Equal(["- - 200", "/echo ?q=ordinary 200"], fields.Select(field => string.Join(' ', field)));
            Assert.Empty(SecretForms.In(lines));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("?token=mine")]
    [InlineData("?x=agk_")]
    [InlineData("?x=agk_agt_&y=agk_0123456789ABCDE&z=%20")]
    public async Task Other_queries_are_logged_as_they_are(string query)
    {
        await using var service = await TestService.StartAsync(endpoints: MapEcho);

        Assert.Equal(query, (await service.GetAsync("/echo" + query)).Body);
        Assert.Contains("/echo" + query, service.Log.Text, StringComparison.Ordinal);
    }

    [Abuse(90, "A credential in a query", "In no log, and in the request as it came")]
    [Fact]
    public async Task Abuse_90_credentials_in_a_query_are_not_logged()
    {
        await using var service = await TestService.StartAsync(endpoints: MapEcho);
        var (key, token) = (CredentialFormat.Create(CredentialType.ApiKey), CredentialFormat.Create(CredentialType.AccessToken));

        var answer = await service.GetAsync($"/echo?a=agk_{key}&agt_=1&{token},{key}x&b={token}");
        await service.DisposeAsync();

        Assert.Equal($"?a=agk_{key}&agt_=1&{token},{key}x&b={token}", answer.Body);
        Assert.Contains("?a=agk_taken-out&agt_=1&taken-out,taken-out&b=taken-out", service.Log.Text, StringComparison.Ordinal);
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

    [Finding("G4", "A mailed link over `http`, where the app redirects to `https`", "The redirect leads to the same link, may not be kept, and is in no log")]
    [Fact]
    public async Task G4_a_redirect_to_https_leads_to_the_link_itself()
    {
        await using var service = await TestService.StartAsync(
            services: services => services
                .AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.HttpsPolicy", LogLevel.Information))
                .Configure<HttpsRedirectionOptions>(https => (https.HttpsPort, https.RedirectStatusCode) = (443, StatusCodes.Status308PermanentRedirect)),
            endpoints: app => app.UseHttpsRedirection());
        var token = Identifiers.ClaimAttemptTokenSecret();

        var answer = await service.GetRawAsync($"/agent/auth/claim/view?utm=1&token={token}", "Host: tickets.example");

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.Status);
        Assert.Equal($"https://tickets.example/agent/auth/claim/view?utm=1&token={token}", answer.Headers["Location"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Finding("G4", "A gateway that takes agents itself, before a second service that does, with the same paths", "A link of the second service opens through the gateway, and is in no log of either")]
    [Fact]
    public async Task G4_a_gateway_hands_on_the_links_of_the_services_behind_it()
    {
        await using var second = await TestService.StartAsync();
        using var inner = new HttpClient { BaseAddress = second.Client.BaseAddress };
        await using var gateway = await TestService.StartAsync(endpoints: app => app.Use(async (context, next) =>
        {
            if (context.Request.Host.Host != "second.example")
            {
                await next(context);
                return;
            }

            using var answer = await inner.GetAsync(new Uri(context.Request.Path.ToUriComponent() + context.Request.QueryString, UriKind.Relative), context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.Headers.CacheControl = answer.Headers.CacheControl?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }));
        await second.RegisterByEmailAsync("user@example.com");
        var token = await second.NextLinkTokenAsync();

        var through = await gateway.SendAsync(HttpMethod.Get, $"/agent/auth/claim/view?token={token}", null, null, request => request.Headers.Host = "second.example");
        var own = await gateway.GetAsync($"/agent/auth/claim/view?token={token}");

        Assert.Equal(HttpStatusCode.OK, through.Status);
        Assert.Contains(token, through.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", through.Headers["Cache-Control"]);
        Assert.Equal(HttpStatusCode.Gone, own.Status);
    }

    [Fact]
    public async Task A_url_that_the_app_changes_is_looked_at_again_before_it_is_written_down()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            app.Use((context, next) =>
            {
                context.Request.QueryString = new QueryString("?moved=" + context.Request.Query["key"]);
                return next(context);
            });
            MapEcho(app);
        });
        var key = CredentialFormat.Create(CredentialType.ApiKey);

        Assert.Equal("?moved=" + key, (await service.GetAsync("/echo?key=" + key)).Body);
        await service.DisposeAsync();
        Assert.DoesNotContain(key, service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_that_the_app_added_before_get_the_request_as_it_came_and_later_listeners_do_not_see_the_secret()
    {
        var seen = new List<string?>();
        await using var service = await TestService.StartAsync(
            services: services =>
            {
                services.Insert(1, ServiceDescriptor.Singleton<IStartupFilter>(new SeesQuery(seen)));
                services.AddHostedService(provider => new LateListener(provider.GetRequiredService<DiagnosticListener>(), seen));
            },
            endpoints: MapEcho);
        var key = CredentialFormat.Create(CredentialType.ApiKey);

        await service.GetAsync("/echo?key=" + key);
        await service.DisposeAsync();

        Assert.Equal(["?key=taken-out", "?key=" + key, "?key=taken-out"], seen);
    }

    private static void MapEcho(WebApplication app) => app.MapGet("/echo", (HttpContext context) => context.Request.QueryString.Value).AllowAnonymous();

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private sealed class SeesQuery(List<string?> seen) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, pipeline) =>
            {
                seen.Add(context.Request.QueryString.Value);
                return pipeline(context);
            });
            next(app);
        };
    }

    /// <summary>Listens as instrumentation of traces does: it subscribes when the host starts its services.</summary>
    private sealed class LateListener(DiagnosticListener listener, List<string?> seen) : IHostedService, IObserver<KeyValuePair<string, object?>>
    {
        private IDisposable? _subscription;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _subscription = listener.Subscribe(this);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _subscription?.Dispose();
            return Task.CompletedTask;
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start" or "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop", Value: HttpContext context })
            {
                seen.Add(context.Request.QueryString.Value);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}

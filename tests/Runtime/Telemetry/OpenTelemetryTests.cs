using System.Diagnostics;
using System.Net;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AgentAuth.Telemetry;

/// <summary>What OpenTelemetry's own SDK gets to see. Meters and activity sources belong to the process, so these run while nothing else does.</summary>
[CollectionDefinition(nameof(OpenTelemetryTests), DisableParallelization = true)]
[Collection(nameof(OpenTelemetryTests))]
public sealed class OpenTelemetryTests
{
    private readonly List<Activity> _activities = [];
    private readonly List<MetricSnapshot> _metrics = [];
    private readonly RequestsInFlight _requests = new();

    [Fact]
    public async Task A_registration_is_a_span_with_the_verification_the_fetch_and_the_audit_row_below_it()
    {
        await using var pair = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(pair.Mint())).Status);

        var registration = Assert.Single(await SpansAsync(pair, "agentauth registration"));
        var verification = Assert.Single(await SpansAsync(pair, "agentauth verify"));
        Assert.Equal(registration.SpanId, verification.ParentSpanId);
        Assert.Null(registration.GetTagItem("error.type"));
        Assert.Null(verification.GetTagItem("error.type"));
        Assert.Equal("oauth-id-jag+jwt", verification.GetTagItem("agentauth.token.type"));
        Assert.Equal(pair.Provider.Issuer, verification.GetTagItem("agentauth.issuer"));
        var fetch = Assert.Single(await SpansAsync(pair, "agentauth fetch"));
        Assert.Equal(ActivityKind.Client, fetch.Kind);
        Assert.Equal(("127.0.0.1", "Fetched"), (fetch.GetTagItem("server.address"), fetch.GetTagItem("agentauth.outcome")));
        var row = Assert.Single(registration.Events);
        Assert.Equal("agentauth.audit", row.Name);
        Assert.Equal(
            ["agentauth.event=registration.created", "agentauth.issuer=" + pair.Provider.Issuer, "agentauth.outcome=success", "agentauth.registration.type=AgentProvider"],
            row.Tags.Where(tag => tag.Key != "agentauth.registration.id").Select(tag => $"{tag.Key}={tag.Value}").Order());
    }

    [Fact]
    public async Task A_refusal_is_told_by_its_code_and_an_untrusted_issuer_by_no_name()
    {
        await using var pair = await StartAsync();
        await using var stranger = await DemoIdentityProvider.StartAsync(
            options: new DemoIdentityProviderOptions { Clock = pair.Service.Time }, cancellationToken: TestContext.Current.CancellationToken);

        await pair.RegisterAsync(stranger.MintIdJag(new IdJagRequest { Audience = TestService.Issuer }));
        await pair.LogoutAsync(pair.Mint());

        Assert.Equal("invalid_issuer", Assert.Single(await SpansAsync(pair, "agentauth registration")).GetTagItem("error.type"));
        Assert.Equal("invalid_request", Assert.Single(await SpansAsync(pair, "agentauth revocation")).GetTagItem("error.type"));
        Assert.Equal(
            ["oauth-id-jag+jwt invalid_issuer ", "logout+jwt invalid_request "],
            (await SpansAsync(pair, "agentauth verify")).Select(span =>
                $"{span.GetTagItem("agentauth.token.type")} {span.GetTagItem("error.type")} {span.GetTagItem("agentauth.issuer")}"));
    }

    [Fact]
    public async Task Interaction_and_refusals_on_the_page_are_told_by_their_codes_too()
    {
        await using var pair = await StartAsync();
        await pair.AccountByEmailAsync("alice@example.com");

        await pair.RegisterAsync(pair.Mint());
        await pair.Service.PostFormAsync("/agent/auth/claim/attempt/challenge", "claim_attempt_token", "cvt_unknown");
        await pair.Service.GetAsync("/agent/auth/claim/view?token=cvt_unknown");

        Assert.Equal("interaction_required", (await SpansAsync(pair, "agentauth registration"))[^1].GetTagItem("error.type"));
        Assert.Equal("claim_superseded", (await SpansAsync(pair, "agentauth claim challenge"))[^1].GetTagItem("error.type"));
        Assert.Equal("claim_superseded", (await SpansAsync(pair, "agentauth claim page"))[^1].GetTagItem("error.type"));
    }

    [Fact]
    public async Task Operations_verifications_and_audit_rows_are_counted_by_outcome()
    {
        await using var pair = await StartAsync();
        var assertion = pair.Mint();

        await pair.RegisterAsync(assertion);
        await pair.RegisterAsync(assertion);
        await pair.RegisterAsync(pair.Mint(request => request with { Claims = claims => claims["aud"] = "https://other.example" }));
        await pair.LogoutAsync(pair.MintLogout());

        Assert.Equal(
            ["registration 1", "registration invalid_audience 1", "registration replay_detected 1", "revocation 1"],
            await ValuesAsync(pair, "agentauth.operation.duration", "agentauth.operation", "error.type"));
        Assert.Equal(
            ["logout+jwt 1", "oauth-id-jag+jwt 2", "oauth-id-jag+jwt invalid_audience 1"],
            await ValuesAsync(pair, "agentauth.verification.duration", "agentauth.token.type", "error.type"));
        Assert.Equal(
            ["registration.created success 1", "registration.refused invalid_audience 1", "registration.refused replay_detected 1", "registration.revoked success 1"],
            await ValuesAsync(pair, "agentauth.audit.events", "agentauth.event", "agentauth.outcome"));
    }

    [Fact]
    public async Task Credentials_are_counted_by_what_became_of_them()
    {
        await using var pair = await StartAsync();
        var lapsing = (await pair.RegisterAsync(pair.Mint())).Text("credential");
        var unclaimed = (await pair.Service.RegisterAnonymouslyAsync()).Text("credential");
        var dead = (await pair.RegisterAsync(pair.Mint(request => request with { User = new DemoUser("bob", "bob", "bob@example.com") }), "api_key")).Text("credential");
        await pair.LogoutAsync(pair.Provider.MintLogoutToken(new LogoutTokenRequest { Audience = TestService.Issuer, User = new DemoUser("bob", "bob", "bob@example.com") }));

        await pair.Service.GetAsync("/api/tickets", unclaimed);
        await pair.Service.GetAsync("/api/tickets", dead);
        await pair.Service.GetAsync("/api/tickets", dead[..^1]);
        await pair.Service.GetAsync("/api/tickets", Credentials.CredentialFormat.Create(Manifest.CredentialType.ApiKey));
        pair.Service.Time.Advance(TimeSpan.FromHours(1));
        await pair.Service.GetAsync("/api/tickets", lapsing);
        await pair.Service.GetAsync("/api/tickets", "another-schemes-token");
        await pair.Service.GetAsync("/api/tickets");

        Assert.Equal(
            ["expired 1", "live 1", "malformed 1", "revoked 1", "unknown 1"], await ValuesAsync(pair, "agentauth.credential.checks", "agentauth.outcome"));
    }

    [Fact]
    public async Task Each_provider_shows_its_keys_and_the_fetches_that_failed()
    {
        await using var pair = await StartAsync();
        await pair.RegisterAsync(pair.Mint());
        pair.Service.Time.Advance(TimeSpan.FromMinutes(10));
        var issuer = pair.Provider.Issuer;
        var late = pair.Mint();

        Assert.Equal([$"{issuer} 1"], await ValuesAsync(pair, "agentauth.provider.keys.count", "agentauth.issuer"));
        Assert.Equal([$"{issuer} 600"], await ValuesAsync(pair, "agentauth.provider.keys.age", "agentauth.issuer"));
        Assert.Equal([$"{issuer} 1"], await ValuesAsync(pair, "agentauth.provider.keys.fetches", "agentauth.issuer", "error.type"));

        await pair.Provider.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, (await pair.RegisterAsync(late)).Status);
        pair.Service.Time.Advance(TimeSpan.FromHours(25));

        Assert.Equal([$"{issuer} 0"], await ValuesAsync(pair, "agentauth.provider.keys.count", "agentauth.issuer"));
        Assert.Equal([$"{issuer} 1", $"{issuer} unavailable 1"], await ValuesAsync(pair, "agentauth.provider.keys.fetches", "agentauth.issuer", "error.type"));
    }

    [Fact]
    public async Task Providers_that_an_operator_makes_up_are_no_tags()
    {
        await using var pair = await StartAsync();
        var access = pair.Service.Services.GetRequiredService<IAgentAccess>();
        foreach (var issuer in new[] { "https://made-up.example/1", "https://made-up.example/2", pair.Provider.Issuer })
        {
            await access.RevokeAsync(AgentAccessTarget.Provider(issuer), new AgentRevocationNote("olga"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            ["registration.revoked 2", $"registration.revoked {pair.Provider.Issuer} 1"],
            await ValuesAsync(pair, "agentauth.audit.events", "agentauth.event", "agentauth.issuer"));
    }

    private async Task<ServiceWithProvider> StartAsync() => await ServiceWithProvider.StartAsync(warmsUp: true, services: services => services
        .AddSingleton<IStartupFilter>(_requests)
        .AddOpenTelemetry()
        .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", AgentAuthTelemetry.ActivitySourceName).AddInMemoryExporter(_activities))
        .WithMetrics(metrics => metrics.AddMeter(AgentAuthTelemetry.MeterName).AddInMemoryExporter(_metrics)));

    /// <summary>Spans of one name. They end just behind the answer, so a moment after a client has read it.</summary>
    private async Task<Activity[]> SpansAsync(ServiceWithProvider pair, string name)
    {
        await _requests.SettleAsync();
        pair.Service.Services.GetRequiredService<TracerProvider>().ForceFlush();
        return [.. _activities.Where(activity => activity.OperationName == name)];
    }

    /// <summary>The points of an instrument: the named tags that they have, and their value; of a histogram, how often.</summary>
    private async Task<string[]> ValuesAsync(ServiceWithProvider pair, string instrument, params string[] tags)
    {
        await _requests.SettleAsync();
        _metrics.Clear();
        pair.Service.Services.GetRequiredService<MeterProvider>().ForceFlush();
        return [.. _metrics.Where(metric => metric.Name == instrument).SelectMany(metric => metric.MetricPoints.Select(point => (metric.MetricType, point)))
            .Select(value => string.Join(' ', [.. TagsOf(value.point, tags), ValueOf(value.MetricType, value.point)])).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> TagsOf(MetricPoint point, string[] names)
    {
        var tags = new Dictionary<string, object?>();
        foreach (var tag in point.Tags)
        {
            tags.Add(tag.Key, tag.Value);
        }

        return names.Where(tags.ContainsKey).Select(name => $"{tags[name]}");
    }

    private static string ValueOf(MetricType type, MetricPoint point) => type switch
    {
        MetricType.Histogram => $"{point.GetHistogramCount()}",
        MetricType.LongSum => $"{point.GetSumLong()}",
        MetricType.LongGauge => $"{point.GetGaugeLastValueLong()}",
        _ => $"{point.GetGaugeLastValueDouble()}",
    };
}

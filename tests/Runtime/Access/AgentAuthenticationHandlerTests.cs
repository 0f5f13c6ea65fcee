using System.Diagnostics.Metrics;
using System.Net;
using AgentAuth.Credentials;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>What becomes of an Authorization header, and how it is counted.</summary>
public sealed class AgentAuthenticationHandlerTests
{
    private static readonly string s_unknown = CredentialFormat.Create(CredentialType.ApiKey);

    [Theory]
    [InlineData("Digest {0}")]
    [InlineData("Bearer_{0}")]
    [InlineData("Basic {0}")]
    [InlineData("{0}")]
    public async Task A_key_under_another_scheme_is_none_of_ours(string header)
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        (await service.GetRawAsync("/api/tickets", $"Authorization: {string.Format(null, header, key)}")).Is(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal("unsaid", (await service.GetRawAsync("/unsaid", $"Authorization: {string.Format(null, header, key)}")).Body);
    }

    [Theory]
    [InlineData("Bearer {0}", "Basic eDp5")]
    [InlineData("Basic eDp5", "Bearer {0}")]
    [InlineData("Bearer {0}", "Bearer other")]
    [InlineData("Bearer other", "bearer {0}")]
    public async Task Two_headers_are_refused_when_one_of_them_is_ours(string first, string second)
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        using var checks = new Checks(service);

        var answer = await service.GetRawAsync(
            "/unsaid", $"Authorization: {string.Format(null, first, key)}", $"Authorization: {string.Format(null, second, key)}");

        answer.Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(["malformed"], checks.Outcomes);
    }

    [Theory]
    [InlineData("Bearer other", "Basic eDp5")]
    [InlineData("Bearer other", "Bearer another")]
    [InlineData("Basic eDp5", "Digest x")]
    public async Task Two_headers_of_others_are_left_to_them(string first, string second)
    {
        await using var service = await StartAsync();
        using var checks = new Checks(service);

        Assert.Equal("unsaid", (await service.GetRawAsync("/unsaid", $"Authorization: {first}", $"Authorization: {second}")).Body);
        Assert.Empty(checks.Outcomes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Bearer")]
    [InlineData("BearerX{0}")]
    [InlineData("Digest {0}")]
    public void What_is_behind_another_word_is_not_read(string? header)
    {
        header = header?.Replace("{0}", CredentialFormat.Create(CredentialType.ApiKey), StringComparison.Ordinal);

        Assert.False(AgentAuthenticationHandler.TryReadBearer(header, out var value));
        Assert.True(value.IsEmpty);
        Assert.False(AgentAuthenticationHandler.IsOurs(header));
    }

    [Fact]
    public async Task A_store_that_is_down_is_503_with_a_time_to_come_back_and_never_a_refusal()
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        using var checks = new Checks(service);
        await service.ChangeDatabaseAsync("ALTER TABLE credentials RENAME TO elsewhere");

        foreach (var path in new[] { "/api/tickets", "/unsaid" })
        {
            var answer = await service.GetAsync(path, s_unknown);
            answer.Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
            Assert.Equal("5", answer.Headers["Retry-After"]);
            Assert.False(answer.Headers.ContainsKey("WWW-Authenticate"));
        }

        Assert.Equal(["unavailable", "unavailable"], checks.Outcomes);
        Assert.Contains("Error: The credential store is unavailable", service.Log.Text, StringComparison.Ordinal);
        await service.ChangeDatabaseAsync("ALTER TABLE elsewhere RENAME TO credentials");
        Assert.Equal("nobody", (await service.GetAsync("/api/tickets", key)).Body);
    }

    [Fact]
    public async Task Each_fate_of_a_credential_is_counted_once_a_request()
    {
        await using var service = await StartAsync();
        var anonymous = await service.RegisterAnonymouslyAsync();
        var key = anonymous.Text("credential");
        using var checks = new Checks(service);

        await service.GetAsync("/api/tickets", key);
        await service.GetAsync("/api/tickets", s_unknown);
        await service.GetAsync("/api/tickets", key[..^1]);
        service.Time.Advance(TimeSpan.FromHours(24));
        await service.GetAsync("/api/tickets", key);

        Assert.Equal(["live", "unknown", "malformed", "expired"], checks.Outcomes);
    }

    [Fact]
    public async Task The_first_use_of_a_revoked_credential_is_audited_and_no_later_one_asks_the_store_to()
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use);
        var registered = await RegisterAndRevokeAsync(service);
        var key = registered.Text("credential");
        using var checks = new Checks(service);

        var first = await RecordingStore.AskedByAsync(service, () => service.GetAsync("/api/tickets", key));
        var second = await RecordingStore.AskedByAsync(service, () => service.GetAsync("/api/tickets", key));

        first.Result.Is(HttpStatusCode.Unauthorized, "invalid_token");
        second.Result.Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Contains("RecordUseAfterRevocationAsync", first.Asked);
        Assert.DoesNotContain("RecordUseAfterRevocationAsync", second.Asked);
        Assert.Equal(["revoked", "revoked"], checks.Outcomes);
        var row = (await service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal(
            ("credential.used_after_revocation", "refused", registered.Text("registration_id"), "127.0.0.1", service.Time.GetUtcNow()),
            (row.Name, row.Outcome, row.RegistrationId, row.RemoteAddress, row.At));
        Assert.Equal(AgentRegistrationType.Anonymous, row.RegistrationType);
    }

    [Fact]
    public async Task A_revoked_credential_is_refused_while_its_use_cannot_be_audited_and_the_next_use_is()
    {
        await using var service = await TestService.StartAsync(services: TestService.RemoveSweeper);
        var registered = await RegisterAndRevokeAsync(service);

        await service.ChangeDatabaseAsync("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
        (await service.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Contains("was used and refused; the audit row of that could not be written.", service.Log.Text, StringComparison.Ordinal);

        await service.ChangeDatabaseAsync("DROP TRIGGER full");
        (await service.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal("credential.used_after_revocation", (await service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0].Name);
    }

    [Fact]
    public async Task The_use_of_a_revoked_credential_is_audited_although_its_holder_hangs_up()
    {
        await using var service = await TestService.StartAsync(services: TestService.RemoveSweeper);
        var registered = await RegisterAndRevokeAsync(service);
        var credential = await service.Store.FindCredentialAsync(SecretHash.Of(registered.Text("credential")), TestContext.Current.CancellationToken);

        await service.Services.GetRequiredService<RevokedCredentialWatch>().ReportAsync(
            credential!, new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) });

        Assert.Equal("credential.used_after_revocation", (await service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0].Name);
    }

    [Fact]
    public async Task The_first_use_of_a_revoked_credential_names_whose_it_was()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var token = (await pair.RegisterAsync(pair.Mint())).Text("credential");
        var account = (await pair.Service.GetAsync("/api/tickets", token)).Body;
        await pair.LogoutAsync(pair.MintLogout());

        (await pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.Unauthorized, "invalid_token");

        var row = (await pair.Service.Store.ReadAuditAsync(null, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal(("credential.used_after_revocation", account, pair.Provider.Issuer, "user-alice"), (row.Name, row.AccountId, row.Issuer, row.Subject));
    }

    private static async Task<Answer> RegisterAndRevokeAsync(TestService service)
    {
        var registered = await service.RegisterAnonymouslyAsync();
        await service.Services.GetRequiredService<IAgentAccess>().RevokeAsync(
            AgentAccessTarget.Registration(registered.Text("registration_id")), new AgentRevocationNote("olga"), TestContext.Current.CancellationToken);
        return registered;
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(endpoints: app => app.MapGet("/unsaid", () => "unsaid"));

    /// <summary>The outcomes that a service counts.</summary>
    private sealed class Checks : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<string> _outcomes = [];

        public Checks(TestService service)
        {
            var meters = service.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "agentauth.credential.checks" && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _outcomes.Add((string)tags[0].Value!));
            _listener.Start();
        }

        public IReadOnlyList<string> Outcomes => _outcomes;

        public void Dispose() => _listener.Dispose();
    }
}

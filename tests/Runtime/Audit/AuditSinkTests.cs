using System.Net;
using AgentAuth.Hosting;
using AgentAuth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Audit;

/// <summary>Who else is told of an audit row.</summary>
public sealed class AuditSinkTests
{
    [Fact]
    public async Task A_sink_is_told_of_every_row_in_order_and_of_none_that_is_not_in_the_store()
    {
        var sink = new KeepingSink();
        await using var pair = await ServiceWithProvider.StartAsync(services: services => services.AddSingleton<IAgentAuditSink>(sink));
        await pair.AccountByEmailAsync("alice@example.com");
        var assertion = pair.Mint();
        await pair.RegisterAsync(assertion);
        await pair.RegisterAsync(assertion);
        await pair.LogoutAsync(pair.MintLogout());
        await pair.LogoutAsync(pair.Mint());

        var rows = await pair.Service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["registration.created", "claim.requested", "otp.generated", "claim.confirmed", "registration.created", "claim.requested", "registration.refused", "registration.revoked"],
            sink.Rows.Select(row => row.Name));
        Assert.Equal(rows.Reverse(), sink.Rows);
    }

    [Fact]
    public async Task What_a_change_wrote_and_took_back_is_told_to_nobody()
    {
        var folder = Directory.CreateTempSubdirectory("agentauth-").FullName;
        var sink = new KeepingSink();
        using var loggers = new LoggerFactory();
        await using (var store = SqliteStore.Of(
            Path.Combine(folder, "agentauth.db"), TimeProvider.System, new AuditPublisher([sink], loggers.CreateLogger<AuditPublisher>())))
        {
            await store.InitializeAsync(TestContext.Current.CancellationToken);
            var audit = new AgentAuditEvent { Name = "first", At = DateTimeOffset.UnixEpoch };

            // A row without an outcome is one that the schema refuses, after the row before it was written.
            await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await store.RegisterAsync(
                Registration() with { Audit = [audit, audit with { Name = "second", Outcome = null! }] }, TestContext.Current.CancellationToken));
            await store.WriteAuditAsync(audit with { Name = "third" }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["third"], sink.Rows.Select(row => row.Name));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_sink_that_fails_costs_nobody_an_answer_and_the_next_sink_no_row()
    {
        var sink = new KeepingSink();
        await using var service = await TestService.StartAsync(services: services => services
            .AddSingleton<IAgentAuditSink, FailingSink>()
            .AddSingleton<IAgentAuditSink>(sink));

        var answer = await service.RegisterAnonymouslyAsync();

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("registration.created", Assert.Single(sink.Rows).Name);
        Assert.Contains("The audit sink FailingSink failed at a row registration.created.", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_builder_adds_sinks_beside_those_that_are_there()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var builder = AgentAuthServices.Add(services, TestService.Manifest, null);

        builder.AddAuditSink<KeepingSink>().AddAuditSink<FailingSink>();

        Assert.Equal(
            [typeof(LogAuditSink), typeof(TelemetryAuditSink), typeof(KeepingSink), typeof(FailingSink)],
            services.Where(service => service.ServiceType == typeof(IAgentAuditSink)).Select(service => service.ImplementationType));
    }

    [Fact]
    public void The_log_has_the_fields_of_a_row_and_no_empty_ones()
    {
        var log = new KeepingLog();
        using var loggers = new LoggerFactory([log]);

        new LogAuditSink(loggers).Record(new AgentAuditEvent
        {
            Name = AgentAuditEvents.RegistrationRevoked,
            At = DateTimeOffset.UnixEpoch,
            RegistrationId = "reg_1",
            RegistrationType = AgentRegistrationType.AgentProvider,
            AccountId = "acc_1",
            RemoteAddress = "192.0.2.1",
            Issuer = "https://agents.example",
            Subject = "user-1",
            ClientId = "https://agents.example/client",
            JwtId = "jti-1",
            AgentPlatform = "platform",
            AgentContextId = "context",
            Act = "{\"sub\":\"agent\"}",
            RevokedBy = "Olga",
            Reason = "Left the company.",
        });
        new LogAuditSink(loggers).Record(new AgentAuditEvent { Name = AgentAuditEvents.CredentialUsedAfterRevocation, At = DateTimeOffset.UnixEpoch, Outcome = "refused" });

        Assert.Equal(
            [
                "AgentAuth.Audit Information event=registration.revoked outcome=success registration_id=reg_1 registration_type=AgentProvider account_id=acc_1 "
                + "remote_address=192.0.2.1 iss=https://agents.example sub=user-1 client_id=https://agents.example/client jti=jti-1 agent_platform=platform "
                + "agent_context_id=context act=\"{\\\"sub\\\":\\\"agent\\\"}\" revoked_by=Olga reason=\"Left the company.\"",
                "AgentAuth.Audit Warning event=credential.used_after_revocation outcome=refused",
            ],
            log.Lines);
        Assert.Equal(["event", "outcome"], log.Fields[1].Select(field => field.Key));
        Assert.Equal("user-1", log.Fields[0].Single(field => field.Key == "sub").Value);
    }

    [Theory]
    [InlineData("1 revoked_by=olga", "\"1 revoked_by=olga\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("say \"x\"", "\"say \\\"x\\\"\"")]
    [InlineData("a\nb", "\"a\\nb\"")]
    [InlineData("a\u2028b", "\"a\\u2028b\"")]
    [InlineData("a\u202eb", "\"a\\u202Eb\"")]
    [InlineData("a\u200eb", "\"a\\u200Eb\"")]
    [InlineData("a\u0085b", "\"a\\u0085b\"")]
    [InlineData("J\u00f6rg", "\"J\u00f6rg\"")]
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\"")]
    [InlineData("", "\"\"")]
    [InlineData("a\\b", "a\\b")]
    public void A_value_cannot_pass_for_a_field_or_a_line_of_the_log(string value, string written)
    {
        var log = new KeepingLog();
        using var loggers = new LoggerFactory([log]);

        new LogAuditSink(loggers).Record(new AgentAuditEvent { Name = AgentAuditEvents.RegistrationCreated, At = DateTimeOffset.UnixEpoch, AgentContextId = value });

        Assert.Equal("AgentAuth.Audit Information event=registration.created outcome=success agent_context_id=" + written, Assert.Single(log.Lines));
        Assert.Equal(value, log.Fields[0].Single(field => field.Key == "agent_context_id").Value);
    }

    [Fact]
    public void A_row_with_half_of_a_surrogate_pair_is_logged_all_the_same()
    {
        var log = new KeepingLog();
        using var loggers = new LoggerFactory([log]);

        // Not in InlineData, which is written as UTF-8.
        new LogAuditSink(loggers).Record(new AgentAuditEvent { Name = AgentAuditEvents.RegistrationCreated, At = DateTimeOffset.UnixEpoch, AccountId = "a\ud800b" });

        Assert.Equal("AgentAuth.Audit Information event=registration.created outcome=success account_id=\"a\\uFFFDb\"", Assert.Single(log.Lines));
    }

    private static Storage.NewRegistration Registration() => new()
    {
        Id = "reg_1",
        Type = AgentRegistrationType.Anonymous,
        CreatedAt = DateTimeOffset.UnixEpoch,
        RequestedCredential = Manifest.CredentialType.ApiKey,
        GrantedScopes = ["tickets.read"],
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Audit = [],
    };

    private sealed class KeepingSink : IAgentAuditSink
    {
        private readonly List<AgentAuditEvent> _rows = [];

        public IReadOnlyList<AgentAuditEvent> Rows => _rows;

        public void Record(AgentAuditEvent audit) => _rows.Add(audit);
    }

    private sealed class FailingSink : IAgentAuditSink
    {
        public void Record(AgentAuditEvent audit) => throw new InvalidOperationException("The queue is full.");
    }

    private sealed class KeepingLog : ILoggerProvider
    {
        public List<string> Lines { get; } = [];

        public List<IReadOnlyList<KeyValuePair<string, object?>>> Fields { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Writer(KeepingLog log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                log.Lines.Add($"{category} {logLevel} {formatter(state, exception)}");
                log.Fields.Add((IReadOnlyList<KeyValuePair<string, object?>>)state!);
            }
        }
    }
}

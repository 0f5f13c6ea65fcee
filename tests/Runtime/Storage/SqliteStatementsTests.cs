using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using AgentAuth.Accounts;
using AgentAuth.Manifest;
using AgentAuth.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Storage;

/// <summary>
/// The plan of every statement that the store can run. The statements are those that it did run, by everything that it can be asked; and what of SQL
/// stands in the assembly and was not among them fails the test as well.
/// </summary>
public sealed partial class SqliteStatementsTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly GuessLimits s_limits = new(PerCode: 5, PerRegistration: 10);

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-statements-").FullName;
    private readonly FakeTimeProvider _time = new(s_now);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path_ => Path.Combine(_folder, "agentauth.db");

    [Finding("S1", "each statement of the store, with every filter that operators have, and its query plan in a new and in a well-filled database", "an index for each: no table and no index is scanned, nothing is sorted")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task S1_no_statement_scans_a_table_or_sorts(bool isAnalyzed)
    {
        var statements = await RunEverythingAsync();
        await using var database = await OpenAsync();
        if (isAnalyzed)
        {
            await FillAsync(database);
        }

        var slow = new List<string>();
        foreach (var sql in statements)
        {
            slow.AddRange((await PlanAsync(database, sql)).Where(step => !IsServedByIndex(step, sql)).Select(step => $"{step}\n    {sql}"));
        }

        Assert.True(slow.Count == 0, string.Join('\n', slow.Distinct()));
    }

    [Fact]
    public async Task S1_every_statement_of_the_assembly_was_among_them()
    {
        var statements = string.Join('\n', await RunEverythingAsync());

        var literals = SqlLiterals();

        Assert.True(literals.Count > 30, $"Only {literals.Count} literals look like SQL: this test has gone blind.");
        Assert.Equal([], literals.Where(literal => !statements.Contains(literal, StringComparison.Ordinal)));
    }

    // The engine looks for children of its own accord, and no plan shows that.
    [Fact]
    public async Task S1_every_foreign_key_has_an_index_of_its_children()
    {
        await using (var store = SqliteStore.Of(Path_, _time))
        {
            await store.InitializeAsync(Token);
        }

        await using var database = await OpenAsync();
        var keys = await RowsAsync(
            database,
            """
            SELECT t.name || '.' || k."from", EXISTS (SELECT 1 FROM pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c ON c.seqno = 0 AND c.name = k."from" WHERE i.partial = 0)
            FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'
            """);

        Assert.Equal(["attempts.registration_id 1", "credentials.registration_id 1"], keys.Order());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // "SEARCH table USING INDEX name (column=? AND column<?)"; without brackets only where the smallest or largest is asked for, which is one step.
    private static bool IsServedByIndex(string step, string sql) =>
        !step.StartsWith("SCAN", StringComparison.Ordinal)
        && !step.Contains("TEMP B-TREE", StringComparison.Ordinal)
        && !step.Contains("AUTOMATIC", StringComparison.Ordinal)
        && (!step.StartsWith("SEARCH", StringComparison.Ordinal)
            || step.Contains('(', StringComparison.Ordinal)
            || (step.EndsWith("registrations_waiting", StringComparison.Ordinal) && sql.Contains("min(created_at)", StringComparison.Ordinal)));

    /// <summary>What of the assembly's strings is SQL, whole or in the parts between what is put in.</summary>
    private static List<string> SqlLiterals()
    {
        using var file = File.OpenRead(typeof(AgentAuthStore).Assembly.Location);
        using var assembly = new PEReader(file);
        var reader = assembly.GetMetadataReader();
        var literals = new List<string>();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = reader.GetNextHandle(handle))
        {
            if (reader.GetUserString(handle) is var text && Sql().IsMatch(text))
            {
                literals.Add(text);
            }
        }

        return literals;
    }

    [GeneratedRegex(@"^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE)\s|\b(?:FROM|WHERE|ORDER BY|LIMIT|EXISTS|VALUES)\b[\s\S]*(?:@[a-z]|[a-z]_[a-z])|[(=,<>] ?@[a-z]+\b")]
    private static partial Regex Sql();

    [GeneratedRegex("@[a-zA-Z_]+")]
    private static partial Regex Parameter();

    /// <summary>Asks the store for everything that it can be asked; the texts of what it ran.</summary>
    private async Task<string[]> RunEverythingAsync()
    {
        var engine = new SqliteEngine(Path_, _time);
        await using var store = new AgentAuthStore(engine, _time);
        await store.InitializeAsync(Token);
        await ClaimAsync(store);
        await MakeAccountsAsync(store, new StoreAccounts(engine));
        await ListAsync(store);
        await RevokeAsync(store);
        await store.IssueCredentialAsync(
            new FurtherCredential
            {
                RegistrationId = "a",
                Id = "cred_further",
                Hash = SecretHash.Of("further"),
                Type = CredentialType.AccessToken,
                ExpiresAt = s_now.AddHours(1),
                UnclaimedScopes = ["read"],
                ReceivedAt = s_now,
                Audit = Audit,
            },
            Token);
        await store.RecordUseAfterRevocationAsync("cred_a", Audit, Token);
        await store.RevokeCredentialAsync(SecretHash.Of("none"), Audit, Token);
        await store.WriteAuditAsync(Audit, Token);
        await store.ReadAuditAsync(null, 10, Token);
        await store.ReadAuditAsync("a", 10, Token);

        // Expired, revoked, and claimed with an expired credential: one of each to forget.
        Assert.Equal(RegisterOutcome.Created, await store.RegisterAsync(Anonymous("old") with { ReceivedAt = s_now.AddDays(1) }, Token));
        Assert.Equal(RegisterOutcome.Created, await store.RegisterAsync(Assertion("old claimed"), Token));
        await store.SweepAsync(s_now.AddDays(2), 100, Token);
        await store.SweepAsync(s_now.AddDays(60), 100, Token);
        Assert.Empty((await store.ListRegistrationsAsync(new AgentRegistrationQuery(), s_now, Token)).Registrations);
        return [.. engine.Statements.Distinct()];
    }

    private static async Task ClaimAsync(AgentAuthStore store)
    {
        foreach (var (id, rotates) in new[] { ("a", true), ("b", false), ("c", true), ("d", false) })
        {
            var registration = Anonymous(id);
            await store.RegisterAsync(registration, Token);
            await store.FindCredentialAsync(registration.Credential!.Hash, Token);
            await store.FindClaimAsync(registration.ClaimToken!.Value, Token);
            var attempt = new NewClaimAttempt("cla_" + id, SecretHash.Of("cvt " + id), "user@example.com", s_now, s_now.AddMinutes(10), new OneTimeCode(SecretHash.Of("code"), s_now.AddMinutes(10)));
            await store.StartAttemptAsync(registration.ClaimToken.Value, attempt, s_now, s_limits, [Audit], Token);
            await store.FindAttemptAsync(attempt.Token, Token);
            await store.SetCodeAsync(attempt.Token, attempt.Code!, s_now, s_limits, Audit, Token);
            await store.ReserveGuessAsync(registration.ClaimToken.Value, s_now, s_limits, Token);
            await store.ReturnGuessAsync(id, attempt.Id, attempt.Code!.Hash, Token);
            await store.EndAttemptsAsync(["cla_none"], s_now, Token);
            await store.ReserveGuessAsync(registration.ClaimToken.Value, s_now, s_limits, Token);
            await store.RecordWrongGuessAsync(id, s_now, s_limits, Audit, Token);
            if (id == "d")
            {
                Assert.Equal(AttemptOutcome.Done, await store.DeclineAsync(attempt.Token, s_now, Audit, Token));
                continue;
            }

            Assert.Equal(
                CompleteOutcome.Completed,
                await store.CompleteClaimAsync(
                    new ClaimCompletion
                    {
                        RegistrationId = id,
                        AttemptId = attempt.Id,
                        Code = attempt.Code!.Hash,
                        AccountId = "acc",
                        Now = s_now,
                        Scopes = ["read"],
                        Credential = rotates ? Credential("new " + id) : null,
                        RevokesEarlierCredentials = rotates,
                        Audit = Audit,
                    },
                    Token));
        }
    }

    private static async Task MakeAccountsAsync(AgentAuthStore store, StoreAccounts accounts)
    {
        await accounts.MakeAsync(new NewAccount("acc_1", "user@example.com", EmailConfirmed: true, null, s_now), Token);
        await accounts.MakeAsync(new NewAccount("acc_2", "user@example.com", EmailConfirmed: false, new AgentDelegationKey("p", "s"), s_now), Token);
        await accounts.FindAsync("user@example.com", Token);
        await store.FindDelegationAsync(new AgentDelegationKey("p", "s"), Token);
    }

    // Every set of filters, on the first page and on the next.
    private static async Task ListAsync(AgentAuthStore store)
    {
        for (var set = 0; set < 512; set++)
        {
            await store.ListRegistrationsAsync(
                new AgentRegistrationQuery
                {
                    AccountId = Asked(set, 0),
                    Issuer = Asked(set, 1),
                    Status = (set & 4) != 0 ? AgentRegistrationStatus.Claimed : null,
                    Agent = new AgentIdentityFilter { ClientId = Asked(set, 3), AgentPlatform = Asked(set, 4), AgentContextId = Asked(set, 5), Act = Asked(set, 6) },
                    IsLive = (set & 128) != 0,
                    After = (set & 256) != 0 ? "1.a" : null,
                },
                s_now,
                Token);
        }
    }

    private static async Task RevokeAsync(AgentAuthStore store)
    {
        List<AgentAccessTarget> targets =
        [
            AgentAccessTarget.Registration("a"),
            AgentAccessTarget.RegistrationOf("acc", "b"),
            AgentAccessTarget.Account("acc"),
            AgentAccessTarget.Provider("p"),
            AgentAccessTarget.Everything,
        ];
        for (var set = 1; set < 16; set++)
        {
            var act = (set & 8) != 0 ? "{\"sub\":\"agent\"}" : null;
            targets.Add(AgentAccessTarget.Agents(new AgentIdentityFilter { ClientId = Asked(set, 0), AgentPlatform = Asked(set, 1), AgentContextId = Asked(set, 2), Act = act }));
        }

        foreach (var (target, i) in targets.Select((target, i) => (target, i)))
        {
            await store.RegisterAsync(Assertion($"assertion {i}"), Token);
            await store.RevokeAccessAsync(new AccessRevocation { Target = target, Now = s_now, Audit = Audit }, Token);
        }

        await store.RevokeAsync(
            new ProviderRevocation
            {
                Delegation = new AgentDelegationKey("p", "s"),
                Replay = new ReplayKey(AssertionKind.LogoutToken, "p", "out", s_now.AddMinutes(6)),
                TokenIssuedAt = s_now,
                Now = s_now,
                Audit = Audit,
            },
            Token);
    }

    private static string? Asked(int set, int bit) => (set & (1 << bit)) != 0 ? "x" : null;

    private static AgentAuditEvent Audit => new() { Name = "test", At = s_now };

    private static NewCredential Credential(string id) => new("cred_" + id, SecretHash.Of(id), CredentialType.AccessToken, ["read"], s_now.AddHours(1));

    private static NewRegistration Anonymous(string id) => new()
    {
        Id = id,
        Type = AgentRegistrationType.Anonymous,
        CreatedAt = s_now,
        ExpiresAt = s_now.AddHours(24),
        ClaimToken = SecretHash.Of("clm " + id),
        RequestedCredential = CredentialType.ApiKey,
        GrantedScopes = ["read"],
        Credential = Credential(id),
        ReceivedAt = s_now,
        Audit = [Audit],
    };

    private static NewRegistration Assertion(string id) => Anonymous(id) with
    {
        Type = AgentRegistrationType.AgentProvider,
        AccountId = "acc",
        ExpiresAt = null,
        ClaimToken = null,
        Agent = new AgentIdentity { Delegation = new AgentDelegationKey("p " + id, "s"), ClientId = "p", JwtId = id },
        Replay = new ReplayKey(AssertionKind.IdentityAssertion, "p", id, s_now.AddMinutes(6)),
        ReceivedAt = s_now.AddDays(1),
        AssertionIssuedAt = s_now.AddDays(1),
    };

    /// <summary>A database as a year leaves it, with what SQLite then knows of it: two providers, three platforms, most of it claimed.</summary>
    private static async Task FillAsync(SqliteConnection database)
    {
        await using var command = database.CreateCommand();
        command.CommandText =
            """
            CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n;
            INSERT INTO registrations (id, type, status, created_at, expires_at, account_id, claim_token, requested_credential, scopes, attempt_id, iss, sub, client_id, jti, agent_platform, agent_context_id, act, expiry_audited, revoked_at)
            SELECT 'reg_' || i, i % 3, iif(i % 10 = 0, 0, iif(i % 10 = 1, 2, 1)), i * 1000, iif(i % 10 = 0, i * 1000 + 86400000, NULL), 'acc_' || (i / 3), CAST('t' || i AS BLOB), 0, 'read', 'cla_' || i,
                   iif(i % 4 = 0, NULL, 'p' || (i % 2)), 's' || i, 'c' || (i % 5), 'j' || i, 'f' || (i % 3), 'x' || (i / 2), '{"sub":"' || (i % 50) || '"}', i % 2, iif(i % 10 = 1, i * 2000, NULL) FROM n;
            INSERT INTO attempts (id, registration_id, token, email, created_at, expires_at) SELECT 'cla_' || i || '_' || k, 'reg_' || i, CAST('v' || i || k AS BLOB), 'u', i, i FROM n, (SELECT 1 k UNION SELECT 2 UNION SELECT 3);
            INSERT INTO credentials (hash, id, registration_id, type, scopes, created_at, expires_at) SELECT CAST('h' || i AS BLOB), 'cred_' || i, 'reg_' || i, 0, 'read', i, iif(i % 2 = 0, i * 1000, NULL) FROM n;
            INSERT INTO delegations SELECT 'p' || (i % 2), 's' || i, 'acc_' || (i / 3), i FROM n;
            INSERT INTO replays SELECT 0, 'p' || (i % 2), 'j' || i, i FROM n;
            INSERT INTO revocations SELECT 'p' || (i % 2), 's' || i, i, i FROM n WHERE i < 100;
            INSERT INTO access_revocations (revoked_at, iss) SELECT i, 'p' FROM n WHERE i < 100;
            INSERT INTO accounts SELECT 'account_' || i, 'u' || (i / 2), i % 2, 'p', 's' || i, i FROM n;
            INSERT INTO audit (name, at, outcome, registration_id) SELECT 'x', i, 'success', 'reg_' || (i % 700) FROM n;
            ANALYZE;
            """;
        await command.ExecuteNonQueryAsync(Token);
    }

    private static Task<string[]> PlanAsync(SqliteConnection database, string sql) => RowsAsync(database, "EXPLAIN QUERY PLAN " + sql, column: 3);

    private static async Task<string[]> RowsAsync(SqliteConnection database, string sql, int? column = null)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        foreach (var name in Parameter().Matches(sql).Select(match => match.Value).Distinct())
        {
            command.Parameters.AddWithValue(name, DBNull.Value);
        }

        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = ImmutableArray.CreateBuilder<string>();
        while (await reader.ReadAsync(Token))
        {
            rows.Add(column is { } one ? reader.GetString(one) : string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return [.. rows];
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var database = new SqliteConnection($"Data Source={Path_};Pooling=False");
        await database.OpenAsync(Token);
        return database;
    }
}

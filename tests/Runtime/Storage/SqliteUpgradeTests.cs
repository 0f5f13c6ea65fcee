using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Storage;

/// <summary>A service that is upgraded goes on with the database, and what was under way in it, of the software before.</summary>
public sealed class SqliteUpgradeTests : IDisposable
{
    private const string Anonymous = "agk_zY6fE6j7myOV4wDlqWeZuNHOfFcIpG2tobRH";
    private const string WithShownCode = "agk_9RwHWMC4mREs4yELUqL8TWPFAtBSX00e7pV4";
    private const string ByIdJag = "agk_LUZIDkuluCaz2062pHH0gityti9EkR0ScsHX";
    private const string Claimed = "agk_m8ctTztgBqK4e9ZRB1l0ZNpIGwz7gU4ag9Tj";
    private const string Revoked = "agk_eeDyLw9ngW6ulNsleJt5Mv3qSNZ3Fp4e1R7Q";

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-upgrade-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credentials_of_schema_3_are_worth_what_they_were()
    {
        await using var service = await StartAsync();

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized),
            (await ReadAsync(Anonymous), await ReadAsync(WithShownCode), await ReadAsync(ByIdJag), await ReadAsync(Claimed), await ReadAsync(Revoked)));
        Assert.Equal(HttpStatusCode.Forbidden, (await WriteAsync(Anonymous)).Status);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await WriteAsync(ByIdJag)).Status, (await WriteAsync(Claimed)).Status));
        Assert.Equal("acc_zXclChkxNDiBpOMsssEqVo", (await service.GetAsync("/api/tickets", Claimed)).Body);

        async Task<HttpStatusCode> ReadAsync(string credential) => (await service.GetAsync("/api/tickets", credential)).Status;
        Task<Answer> WriteAsync(string credential) => service.SendAsync(HttpMethod.Post, "/api/tickets", credential, null);
    }

    [Fact]
    public async Task Claims_of_schema_3_that_are_under_way_come_to_their_end()
    {
        await using var service = await StartAsync();

        // Bob was shown his code before the upgrade, and Carol had her mail.
        Assert.Equal("claimed", (await CompleteAsync("clm_sSWHUbx782LpZXuOSB8s5xfqaX3DCI", "710760")).Text("status"));
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(HttpMethod.Post, "/api/tickets", WithShownCode, null)).Status);
        var code = await service.ShowCodeAsync("cvt_ByS3WelMUPHk82L136S0x1Y6xA2qEp");
        Assert.Equal("claimed", (await CompleteAsync("clm_IoKt2iL52FEop6uoHb3BHabxSUOYE0", code)).Text("status"));

        // The first one's agent asks for a claim only now.
        await service.PostAsync("/agent/auth/claim", new { claim_token = "clm_jBWlI4OIOilmzIQvV4mYHDY0RJ15Ly", email = "dan@customer.example" });
        code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
        Assert.Equal("claimed", (await CompleteAsync("clm_jBWlI4OIOilmzIQvV4mYHDY0RJ15Ly", code)).Text("status"));

        Task<Answer> CompleteAsync(string claimToken, string otp) => service.PostAsync("/agent/auth/claim/complete", new { claim_token = claimToken, otp });
    }

    [Fact]
    public async Task Operators_see_and_end_what_schema_3_held()
    {
        await using var service = await StartAsync();
        var access = service.Services.GetRequiredService<IAgentAccess>();

        Assert.Equal(
            ["reg_2gXuSXsUACrkcJudtbSyy0 Revoked", "reg_hkp18CAtUiC6odm24bAGfJ Claimed", "reg_svSEVZvNYdKjPqep44YnTw Claimed", "reg_JpdihsyxdMAcpsPDpGUUsT Unclaimed", "reg_kyLjyWEBY253ShgZEbhRbW Unclaimed", "reg_rZWs8Bpn1CLZcAEzxYKIg6 Unclaimed"],
            (await access.ListAsync(cancellationToken: Token)).Registrations.Select(registration => $"{registration.Id} {registration.Status}"));
        var trail = await service.Store.ReadAuditAsync(null, 100, Token);
        Assert.Equal((13, "olga", "a lost laptop"), (trail.Count, trail[0].RevokedBy, trail[0].Reason));

        Assert.Equal(new AgentAccessRevoked(1, 1), await access.RevokeAsync(AgentAccessTarget.Account("acc_VNvCMliMbifHtJl7Y1HoRw"), new AgentRevocationNote("olga"), Token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("/api/tickets", ByIdJag)).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync("/api/tickets", Claimed)).Status);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<TestService> StartAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "App_Data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "agentauth.db.key"), "tqYVjS1IcsFvuaIWuegoYeGzP5HZe0ENiBBCwIr9FXI=", Token);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(data, "agentauth.db")};Pooling=False"))
        {
            using var script = new StreamReader(typeof(SqliteUpgradeTests).Assembly.GetManifestResourceStream("Schema3.sql")!);
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = await script.ReadToEndAsync(Token);
            await command.ExecuteNonQueryAsync(Token);
        }

        return await TestService.StartAsync(folder: _folder, time: new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 1, 0, TimeSpan.Zero)));
    }
}

using System.Net;
using AgentAuth.Storage;

namespace AgentAuth.Limits;

public sealed class RefusalTrailTests
{
    [Finding("G14", "100 forged assertions from one address", "ten rows `registration.refused` and, a minute later, one that says `90 more refusals.`; the metric `agentauth.audit.dropped` counts them")]
    [Fact]
    public async Task G14_refusals_of_strangers_have_few_rows_and_one_that_counts_the_rest()
    {
        await using var pair = await ServiceWithProvider.StartAsync();
        var forged = pair.Mint(request => request with { Claims = claims => claims["iss"] = "https://strangers.example" });
        for (var i = 0; i < 100; i++)
        {
            (await pair.RegisterAsync(forged)).Is(HttpStatusCode.BadRequest, "invalid_issuer");
        }

        Assert.Equal(10, (await RefusedAsync(pair)).Count);
        pair.Service.Time.Advance(TimeSpan.FromMinutes(1));
        await pair.Service.GetAsync("/auth.md");

        var rows = await RefusedAsync(pair);
        Assert.Equal(11, rows.Count);
        Assert.Equal((RefusalTrail.NotRecorded, "90 more refusals."), (rows[0].Outcome, rows[0].Reason));
    }

    [Finding("G14", "forged assertions from 2,000 addresses", "600 rows an hour at the most, and those of verified identities beside them")]
    [Fact]
    public async Task G14_refusals_of_many_strangers_are_bounded_and_crowd_no_verified_identity_out()
    {
        await using var pair = await ServiceWithProvider.StartAsync(endpoints: Crowd.Use);
        var used = pair.Mint();
        await pair.RegisterAsync(used);
        for (var n = 0; n < 700; n++)
        {
            await pair.Service.RegisterByAssertionFromAsync(Crowd.Address(n), pair.Mint(request => request with { Claims = claims => claims["iss"] = "https://strangers.example" }));
        }

        (await pair.RegisterAsync(used)).Is(HttpStatusCode.BadRequest, "replay_detected");

        var rows = await RefusedAsync(pair);
        Assert.Equal(600, rows.Count(row => row.Outcome == "invalid_issuer"));
        Assert.Equal(("replay_detected", pair.Provider.Issuer), (rows[0].Outcome, rows[0].Issuer));
    }

    [Finding("G14", "a refused assertion while the disk is slow", "it is answered before its row is written, and rows that wait are written together")]
    [Fact]
    public async Task G14_a_refusal_is_answered_before_its_row_is_written()
    {
        using var disk = new ManualResetEventSlim();
        await using var pair = await ServiceWithProvider.StartAsync(services: RecordingStore.Use);
        RecordingStore.Before(pair.Service, nameof(IAgentAuthStore.WriteAuditAsync), () => disk.Wait(CancellationToken.None));
        var used = pair.Mint();
        await pair.RegisterAsync(used);
        var (statuses, _) = await RecordingStore.AskedByAsync(pair.Service, async () =>
        {
            List<HttpStatusCode> answered = [];
            for (var i = 0; i < 20; i++)
            {
                using var response = await pair.Service.Client.PostAsync(
                    "/agent/auth",
                    TestService.JsonContent($$"""{"type":"identity_assertion","assertion_type":"urn:ietf:params:oauth:token-type:id-jag","assertion":"{{used}}"}"""),
                    TestContext.Current.CancellationToken);
                answered.Add(response.StatusCode);
            }

            return answered;
        });
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.BadRequest, status));

        var (_, asked) = await RecordingStore.AskedByAsync(pair.Service, async () =>
        {
            disk.Set();
            return await pair.Service.GetAsync("/auth.md");
        });

        Assert.Equal(20, (await RefusedAsync(pair)).Count(row => row.Outcome == "replay_detected"));
        Assert.True(asked.Length <= 1, string.Join(", ", asked));
    }

    private static async Task<List<AgentAuditEvent>> RefusedAsync(ServiceWithProvider pair) =>
        [.. (await pair.Service.Store.ReadAuditAsync(null, 5000, TestContext.Current.CancellationToken)).Where(row => row.Name == AgentAuditEvents.RegistrationRefused)];
}

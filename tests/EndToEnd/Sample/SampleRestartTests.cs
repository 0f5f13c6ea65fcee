using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>What was answered survives the loss of the process; and what Development shows does not exist elsewhere.</summary>
public sealed class SampleRestartTests(RunningSample sample) : IClassFixture<RunningSample>
{
    private static readonly Uri s_tickets = new("/api/tickets", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_hard_kill_keys_work_an_ID_JAG_stays_used_and_an_open_claim_can_be_completed()
    {
        var agent = await sample.DiscoverAsync();
        var assertion = sample.Provider.MintIdJag(new IdJagRequest { Audience = agent.Service.Issuer });
        var key = (await agent.RegisterWithIdJagAsync(assertion, "api_key", Cancelled)).Required.Credential!;
        var open = (await agent.RegisterAnonymouslyAsync("api_key", Cancelled)).Required;
        _ = (await agent.ClaimAsync(open.ClaimToken!, "frank@example.com", Cancelled)).Required;
        var mail = await sample.Mail.WaitForAsync("frank@example.com", Cancelled);
        var code = await sample.Person.ShowCodeAsync(mail.Links[0], Cancelled);
        using (var created = await CreateTicketAsync(agent, key))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        await sample.KillAsync();
        await sample.StartAsync();

        using var listed = await agent.CallAsync(HttpMethod.Get, s_tickets, key, cancellationToken: Cancelled);
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Contains("Before the kill", await listed.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal("replay_detected", (await agent.RegisterWithIdJagAsync(assertion, "api_key", Cancelled)).Error?.Code);
        Assert.Equal("claimed", (await agent.CompleteAsync(open.ClaimToken!, code, Cancelled)).Required.Status);
        using var written = await CreateTicketAsync(agent, open.Credential!);
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
    }

    [Finding("G17", "a second process of the sample is started on the database of the first, whose lock file was removed", "it ends and says why; the first goes on")]
    [Fact]
    public async Task G17_a_second_process_on_the_same_database_does_not_start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The database itself is locked on Linux.");
        sample.Remove("*.lock");

        var output = await sample.StartSecondAsync();

        Assert.Contains("A SQLite database serves one process", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Application started", output, StringComparison.Ordinal);
        var agent = await sample.DiscoverAsync();
        Assert.NotNull((await agent.RegisterAnonymouslyAsync("api_key", Cancelled)).Required.Credential);
    }

    [Fact]
    public async Task In_Production_there_is_no_demo()
    {
        await sample.KillAsync();
        await sample.StartAsync("Production");

        Assert.Equal("TicketDesk. Agents begin at /auth.md.", await sample.Http.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled));
        foreach (var path in new[] { "/demo/inbox", "/demo/audit", "/demo/settings", "/index.html", "/app.js" })
        {
            using var answer = await sample.Http.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        await sample.KillAsync();
        await sample.StartAsync();
    }

    private static Task<HttpResponseMessage> CreateTicketAsync(AgentClient agent, string credential) =>
        agent.CallAsync(HttpMethod.Post, s_tickets, credential, new JsonObject { ["title"] = "Before the kill" }, Cancelled);
}

using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions;

public class ClientDocumentsTests
{
    [Theory]
    [InlineData("https://client.example")]
    [InlineData("https://agents.example/a/../client.json")]
    [InlineData("https://agents.example/./client.json")]
    [InlineData("https://agents.example/%2e%2e/client.json")]
    [InlineData("https://agents.example/client.json#x")]
    [InlineData("https://agents.example/client.json#")]
    [InlineData("https://user@agents.example/client.json")]
    [InlineData("https://user:secret@agents.example/client.json")]
    [InlineData("https://agents.example:443/client.json")]
    [InlineData("https://AGENTS.example/client.json")]
    [InlineData("HTTPS://agents.example/client.json")]
    [InlineData("https:\\\\agents.example\\client.json")]
    [InlineData("http://agents.example/client.json")]
    [InlineData("//agents.example/client.json")]
    [InlineData("/client.json")]
    [InlineData("file:///client.json")]
    [InlineData("urn:client")]
    [InlineData("https://agеnts.example/client.json")] // Cyrillic е
    [InlineData("https://agents.example/clïent.json")]
    [InlineData("https://agents.example/client json")]
    [InlineData(" https://agents.example/client.json")]
    public async Task Identifier_that_is_no_plain_https_URL_is_refused_without_a_request(string clientId)
    {
        await using var bench = await VerifierBench.StartAsync();
        await bench.AcceptAsync(bench.Token());

        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = clientId), RefusalReason.InvalidClient);

        Assert.Equal(1, bench.RequestsSent);
    }

    [Finding("W13", "A client document that names another client, has a secret or no keys, is no JSON, or is not there", "The log says which of these it was")]
    [Theory]
    [InlineData("{\"client_id\":\"https://other.example/\",\"jwks_uri\":\"k\"}", 200, "is not accepted: its `client_id` is not the URL that it has.")]
    [InlineData("{\"client_id\":\"ID\",\"client_secret\":\"x\",\"jwks_uri\":\"k\"}", 200, "is not accepted: it has a client secret, which anybody could read.")]
    [InlineData("{\"client_id\":\"ID\",\"token_endpoint_auth_method\":\"client_secret_jwt\",\"jwks_uri\":\"k\"}", 200, "is not accepted: its `token_endpoint_auth_method` is one for clients that share a secret.")]
    [InlineData("{\"client_id\":\"ID\"}", 200, "is not accepted: it has no `jwks_uri`.")]
    [InlineData("<html>", 200, "is not accepted: it is not one JSON object in UTF-8 without duplicate members.")]
    [InlineData("", 404, "was not fetched (Refused, the answer was 404 instead of 200).")]
    [InlineData("", 500, "was not fetched (Unreachable, the answer was 500 instead of 200).")]
    public async Task W13_the_log_says_what_is_wrong_with_a_document(string document, int status, string expected)
    {
        await using var bench = await VerifierBench.StartAsync();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(document.Replace("ID", $"http://{context.Request.Host}/client", StringComparison.Ordinal), context.RequestAborted);
        });

        await bench.RefuseAsync(
            bench.Token(claims => claims["client_id"] = server.Url("/client").OriginalString),
            status == 500 ? RefusalReason.TemporarilyUnavailable : RefusalReason.InvalidClient);

        Assert.Contains($"The client metadata document at host 127.0.0.1 {expected}", bench.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_secret", "\"x\"")]
    [InlineData("client_secret_expires_at", "0")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_post\"")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_basic\"")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_jwt\"")]
    [InlineData("client_id", "null")]
    [InlineData("client_id", "[]")]
    [InlineData("jwks_uri", "null")]
    [InlineData("jwks_uri", "\"\"")]
    public async Task Document_with_a_shared_secret_or_without_its_names_is_refused(string member, string value)
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.ClientDocument[member] = JsonNode.Parse(value);

        await bench.RefuseAsync(ByClient(bench), RefusalReason.InvalidClient);
    }

    [Theory]
    [InlineData(70, 1)]
    [InlineData(60, 6)]
    public async Task Host_that_no_name_server_knows_makes_the_document_unavailable_and_throws_nothing(int labelLength, int labels)
    {
        await using var bench = await VerifierBench.StartAsync();
        var host = string.Join('.', Enumerable.Repeat(new string('a', labelLength), labels)) + ".invalid";

        var result = await bench.Verifier.VerifyIdJagAsync(
            bench.Token(claims => claims["client_id"] = $"https://{host}/client.json"), IdJagTerms.AgentDoor, TestContext.Current.CancellationToken);

        Assert.True(result.Refusal?.Reason is RefusalReason.InvalidClient or RefusalReason.TemporarilyUnavailable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"client_id":"ID","jwks_uri":"KEYS","jwks_uri":"KEYS"}""")]
    [InlineData("""{"client_id":"ID","jwks_uri":"KEYS"}x""")]
    [InlineData("""{"jwks_uri":"KEYS"}""")]
    [InlineData("""{"client_id":"ID"}""")]
    [InlineData("""{"client_id":"ID","jwks_uri":["KEYS"]}""")]
    public async Task What_is_no_document_is_refused_and_not_kept(string body)
    {
        await using var bench = await VerifierBench.StartAsync();
        var good = bench.Server.Answer;
        var bad = body.Replace("ID", bench.ClientId, StringComparison.Ordinal)
            .Replace("KEYS", bench.Server.Url("/keys.json").OriginalString, StringComparison.Ordinal);
        bench.Server.Answer = context => context.Request.Path == "/client.json" ? LoopbackServer.Json(() => bad)(context) : good(context);
        await bench.RefuseAsync(ByClient(bench), RefusalReason.InvalidClient);
        bench.Server.Answer = good;

        await bench.AcceptAsync(ByClient(bench));
    }

    [Theory]
    [InlineData(5120, true)]
    [InlineData(5121, false)]
    public async Task Document_may_have_5_kB(int size, bool isAccepted)
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.ClientDocument["client_name"] = "";
        bench.ClientDocument["client_name"] = new string('x', size - bench.ClientDocument.ToJsonString().Length);

        if (isAccepted)
        {
            await bench.AcceptAsync(ByClient(bench));
        }
        else
        {
            await bench.RefuseAsync(ByClient(bench), RefusalReason.InvalidClient);
        }
    }

    [Fact]
    public async Task Document_that_is_kept_vouches_for_no_client_whose_name_differs_in_case()
    {
        await using var bench = await VerifierBench.StartAsync();
        var good = bench.Server.Answer;
        bench.Server.Answer = context =>
        {
            context.Request.Path = context.Request.Path.Value!.ToLowerInvariant();
            return good(context);
        };
        await bench.AcceptAsync(ByClient(bench));

        await bench.RefuseAsync(
            bench.Token(claims => claims["client_id"] = bench.Server.Url("/Client.json").OriginalString), RefusalReason.InvalidClient);
    }

    [Fact]
    public async Task A_thousand_documents_are_kept_and_then_none()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.Json(
            () => $$"""{"client_id":"http://{{context.Request.Host}}{{context.Request.Path}}","jwks_uri":"k"}""")(context));
        using var http = new GuardedHttpClient(
            VerifierBench.SettingsFor(), TimeProvider.System, VerifierBench.CreateMeters());
        var clients = new ClientDocuments(http, TimeProvider.System, NullLogger<ClientDocuments>.Instance);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(ClientStanding.Vouched, await CheckAsync(i));
        }

        await CheckAsync(0);
        Assert.Equal(1000, server.Requests);
        await CheckAsync(1000);
        await CheckAsync(0);
        await CheckAsync(1000);
        Assert.Equal(1002, server.Requests);

        ValueTask<ClientStanding> CheckAsync(int client) =>
            clients.CheckAsync(server.Url($"/{client}").OriginalString, "k", new AgentDelegationKey("p", $"{client}"), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(404, nameof(RefusalReason.InvalidClient))]
    [InlineData(302, nameof(RefusalReason.InvalidClient))]
    [InlineData(203, nameof(RefusalReason.InvalidClient))]
    [InlineData(499, nameof(RefusalReason.InvalidClient))]
    [InlineData(500, nameof(RefusalReason.TemporarilyUnavailable))]
    [InlineData(429, nameof(RefusalReason.TemporarilyUnavailable))]
    public async Task Failure_is_answered_and_not_remembered(int status, string failure)
    {
        await using var bench = await VerifierBench.StartAsync();
        var good = bench.Server.Answer;
        bench.Server.Answer = context => context.Request.Path == "/client.json" ? LoopbackServer.Status(status)(context) : good(context);
        await bench.RefuseAsync(ByClient(bench), Enum.Parse<RefusalReason>(failure));
        bench.Server.Answer = good;

        await bench.AcceptAsync(ByClient(bench));
    }

    [Theory]
    [InlineData(null, 600)]
    [InlineData("max-age=60", 60)]
    [InlineData("max-age=31536000", 86400)]
    public async Task Document_is_kept_as_long_as_Cache_Control_says(string? cacheControl, int seconds)
    {
        await using var bench = await VerifierBench.StartAsync();
        var fetches = 0;
        bench.Server.Answer = context =>
        {
            var isDocument = context.Request.Path == "/client.json";
            fetches += isDocument ? 1 : 0;
            return LoopbackServer.Json(() => isDocument ? bench.ClientDocument.ToJsonString() : VerifierBench.KeySet(bench.Key.Jwk), cacheControl)(context);
        };
        await bench.AcceptAsync(ByClient(bench));

        bench.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await bench.AcceptAsync(ByClient(bench));
        Assert.Equal(1, fetches);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await bench.AcceptAsync(ByClient(bench));
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task Clock_that_was_ahead_for_a_moment_keeps_no_old_document_alive()
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.Clock.AdjustTime(VerifierBench.Start.AddYears(10));
        await bench.AcceptAsync(ByClient(bench));
        bench.Clock.AdjustTime(VerifierBench.Start);
        bench.ClientDocument["jwks_uri"] = "https://elsewhere.example/keys.json";

        await bench.RefuseAsync(ByClient(bench), RefusalReason.InvalidClient);
    }

    [Fact]
    public async Task Sixteen_documents_are_fetched_at_once_and_whoever_comes_then_is_told_to_come_again()
    {
        var (lookedUp, names) = (0, new TaskCompletionSource<IPAddress[]>());
        using var http = new GuardedHttpClient(
            VerifierBench.SettingsFor(),
            TimeProvider.System,
            VerifierBench.CreateMeters(),
            (_, _) =>
            {
                Interlocked.Increment(ref lookedUp);
                return names.Task;
            });
        var documents = new ClientDocuments(http, TimeProvider.System, NullLogger<ClientDocuments>.Instance);

        Task<ClientStanding>[] checks = [.. Enumerable.Range(0, 17).Select(i => CheckAsync(i))];
        Assert.Equal(ClientStanding.Unavailable, await await Task.WhenAny(checks));
        Assert.Equal(1, checks.Count(check => check.IsCompleted));
        names.SetResult([IPAddress.Parse("10.0.0.1")]);
        await Task.WhenAll(checks);

        Assert.Equal(16, lookedUp);
        Assert.Equal(ClientStanding.Refused, await CheckAsync(16));

        // Each of a user and a host of its own, of three providers.
        Task<ClientStanding> CheckAsync(int i) => documents.CheckAsync($"https://client-{i}.example/", "keys", new AgentDelegationKey($"p{i % 3}", $"{i}"), TestContext.Current.CancellationToken).AsTask();
    }

    [Finding("G22", "20 tokens of one provider's user, each naming another slow client document", "two are fetched; another user of the provider with a new document is served")]
    [Finding("G22", "20 tokens of 20 users of one provider, each naming another slow client document", "eight are fetched; a user of another provider with a new document is served")]
    [Theory]
    [InlineData(1, 2, "p", "honest")]
    [InlineData(20, 8, "q", "honest")]
    public async Task G22_slow_documents_hold_up_only_those_who_name_them(int users, int fetched, string provider, string user)
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.Json(
            () => $$"""{"client_id":"http://{{context.Request.Host}}{{context.Request.Path}}","jwks_uri":"k"}""")(context));
        var (lookedUp, names) = (0, new TaskCompletionSource<IPAddress[]>());
        using var http = new GuardedHttpClient(
            VerifierBench.SettingsFor(),
            TimeProvider.System,
            VerifierBench.CreateMeters(),
            (_, _) =>
            {
                Interlocked.Increment(ref lookedUp);
                return names.Task;
            });
        var documents = new ClientDocuments(http, TimeProvider.System, NullLogger<ClientDocuments>.Instance);
        Task<ClientStanding>[] slow =
            [.. Enumerable.Range(0, 20).Select(i => CheckAsync($"https://slow-{i}.example/client.json", new AgentDelegationKey("p", $"mallory-{i % users}")))];

        var honest = await CheckAsync(server.Url("/client.json").OriginalString, new AgentDelegationKey(provider, user));

        Assert.Equal(ClientStanding.Vouched, honest);
        Assert.Equal(20 - fetched, slow.Count(check => check is { IsCompleted: true, Result: ClientStanding.Unavailable }));
        names.SetResult([IPAddress.Parse("10.0.0.1")]);
        await Task.WhenAll(slow);
        Assert.Equal(fetched, lookedUp);

        Task<ClientStanding> CheckAsync(string clientId, AgentDelegationKey whose) => documents.CheckAsync(clientId, "k", whose, TestContext.Current.CancellationToken).AsTask();
    }

    [Finding("G22", "one slow host with a document for each of 20 users of a provider", "four are fetched from there; a user of another provider gets a document of the same host, and of the same provider one of another host")]
    [Fact]
    public void G22_one_host_does_not_take_a_providers_places()
    {
        var slots = new FetchSlots();
        var taken = Enumerable.Range(0, 20).Select(i => slots.TryTake(new AgentDelegationKey("p", $"{i}"), "slow.example")).ToList();

        Assert.Equal(FetchSlots.PerProviderAndHost, taken.Count(slot => slot is not null));
        Assert.NotNull(slots.TryTake(new AgentDelegationKey("q", "1"), "slow.example"));
        Assert.NotNull(slots.TryTake(new AgentDelegationKey("p", "21"), "good.example"));

        taken[0]!.Dispose();
        Assert.NotNull(slots.TryTake(new AgentDelegationKey("p", "22"), "slow.example"));
        Assert.Null(slots.TryTake(new AgentDelegationKey("p", "23"), "slow.example"));
    }

    [Finding("G22", "a client document whose server takes its 5 seconds and answers nothing, asked for again", "`503` at once for 30 seconds, and no request; then it is fetched again")]
    [Fact]
    public async Task G22_a_slow_server_is_not_asked_again_at_once()
    {
        var clock = new FakeTimeProvider();
        using var http = new GuardedHttpClient(
            VerifierBench.SettingsFor(), clock, VerifierBench.CreateMeters(), async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            });
        var documents = new ClientDocuments(http, clock, NullLogger<ClientDocuments>.Instance);
        var slow = CheckAsync();
        clock.Advance(GuardedHttpClient.TimeLimit);

        Assert.Equal(ClientStanding.Unavailable, await slow);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(ClientStanding.Unavailable, await CheckAsync());
        Assert.Equal(1, http.RequestsSent);
        clock.Advance(TimeSpan.FromSeconds(1));
        _ = CheckAsync();
        Assert.Equal(2, http.RequestsSent);

        Task<ClientStanding> CheckAsync() =>
            documents.CheckAsync("https://slow.example/client.json", "k", new AgentDelegationKey("p", "1"), TestContext.Current.CancellationToken).AsTask();
    }

    [Fact]
    public async Task Document_that_may_not_be_stored_is_fetched_each_time()
    {
        await using var bench = await VerifierBench.StartAsync();
        bench.Server.Answer = context => LoopbackServer.Json(
            () => context.Request.Path == "/client.json" ? bench.ClientDocument.ToJsonString() : VerifierBench.KeySet(bench.Key.Jwk), "no-store")(context);

        await bench.AcceptAsync(ByClient(bench));
        await bench.AcceptAsync(ByClient(bench));

        // The keys once, and the document by each of four verifications: every token is verified by the service, and by the verifier alone.
        Assert.Equal(5, bench.Server.Requests);
    }

    [Fact]
    public async Task Document_is_not_fetched_for_a_token_that_is_refused_anyway()
    {
        await using var bench = await VerifierBench.StartAsync();

        await bench.RefuseAsync(
            bench.Token(claims =>
            {
                claims["client_id"] = bench.ClientId;
                claims["aud"] = "https://other.example";
            }),
            RefusalReason.InvalidAudience);
        await bench.RefuseAsync(bench.Token(claims => claims["client_id"] = bench.ClientId, key: TestKey.Create()), RefusalReason.InvalidSignature);

        Assert.Equal(1, bench.RequestsSent);
    }

    private static string ByClient(VerifierBench bench) => bench.Token(claims => claims["client_id"] = bench.ClientId);
}

using System.Net;

namespace AgentAuth.Assertions;

/// <summary>A proxy would look names up itself, and connect to what it likes.</summary>
[Collection<RunsAlone>]
public class GuardedHttpClientProxyTests
{
    [Fact]
    public async Task The_proxy_of_the_process_is_not_asked()
    {
        await using var server = await LoopbackServer.StartAsync(LoopbackServer.Json(() => "{}"));
        await using var proxy = await LoopbackServer.StartAsync(LoopbackServer.Json(() => "{}"));
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(proxy.Url(""));
        try
        {
            using var http = new GuardedHttpClient(
                VerifierBench.SettingsFor(),
                TimeProvider.System,
                VerifierBench.CreateMeters());

            var document = await http.GetAsync(server.Url("/"), 1000, TestContext.Current.CancellationToken);

            Assert.Equal(FetchOutcome.Fetched, document.Outcome);
            Assert.Equal((1, 0), (server.Requests, proxy.Requests));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }
}

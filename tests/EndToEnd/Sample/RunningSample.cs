using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>
/// The sample as a user runs it: its own process on a free port, with a folder of its own for all that it keeps, and a provider in this
/// process that it trusts.
/// </summary>
public class RunningSample : IAsyncLifetime
{
    private readonly SampleProcess _sample = new("TicketDesk");
    private readonly string _folder = Directory.CreateTempSubdirectory("ticketdesk-").FullName;
    private DemoIdentityProvider? _provider;

    public RunningSample() => Mail = new MailCatcher(Path.Combine(_folder, "mail"));

    /// <summary>Where it listens; also its issuer and its resource.</summary>
    public string Url { get; private set; } = "";

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public DemoIdentityProvider Provider => _provider!;

    public MailCatcher Mail { get; }

    public ClaimantBrowser Person => new(Http);

    /// <summary>What the process has written, for a test that fails.</summary>
    public string Output => _sample.Output;

    /// <summary>Settings of a test beside those that all have, each as <c>--Name=value</c>.</summary>
    protected virtual IEnumerable<string> Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        _provider = await DemoIdentityProvider.StartAsync(
            options: new DemoIdentityProviderOptions { MintsForAnybody = true }, cancellationToken: TestContext.Current.CancellationToken);
        Url = $"http://127.0.0.1:{SampleProcess.FreePort()}";
        Http.BaseAddress = new Uri(Url);
        await StartAsync();
    }

    /// <summary>Starts the process on the data that is there.</summary>
    public Task StartAsync(string environment = "Development") => _sample.StartAsync(Arguments(), environment);

    /// <summary>Starts another process on the same data, with an address of its own, and waits until it has ended; what it wrote.</summary>
    public Task<string> StartSecondAsync() => _sample.RunToEndAsync(Arguments().Append("--urls=http://127.0.0.1:0"));

    /// <summary>Removes files from the data.</summary>
    public void Remove(string pattern)
    {
        foreach (var file in Directory.GetFiles(_folder, pattern))
        {
            File.Delete(file);
        }
    }

    /// <summary>Ends the process as a power loss would: it gets no chance to tidy up.</summary>
    public Task KillAsync() => _sample.KillAsync();

    /// <summary>An agent that has found its way from a 401 to the service's endpoints.</summary>
    public Task<AgentClient> DiscoverAsync() =>
        AgentClient.DiscoverAsync(Http, new Uri("/api/tickets", UriKind.Relative), TestContext.Current.CancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _sample.DisposeAsync();
        Http.Dispose();
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        var leaks = _sample.Lines.Where(line => SecretForms.In(line).Any()).ToArray();
        Assert.True(leaks.Length == 0, $"The sample wrote secrets:\n{string.Join('\n', leaks)}");
    }

    private IEnumerable<string> Arguments() =>
    [
        $"--urls={Url}",
        $"--AgentAuth:Issuer={Url}",
        $"--AgentAuth:Resource={Url}",
        "--AgentAuth:AllowLoopbackHttp=true",
        $"--AgentAuth:TrustedProviders:0:Issuer={Provider.Issuer}",
        "--AgentAuth:TrustedProviders:0:Name=Demo Agents",
        $"--AgentAuth:Storage:Path={Path.Combine(_folder, "agentauth.db")}",
        $"--AgentAuth:Mail:Folder={Path.Combine(_folder, "mail")}",
        $"--TicketDesk:Database={Path.Combine(_folder, "tickets.db")}",
        $"--Demo:ProviderUrl={Provider.Issuer}",
        .. Settings,

        // All of it, so that a secret in any line is found.
        "--Logging:LogLevel:Default=Trace",
        "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
    ];
}

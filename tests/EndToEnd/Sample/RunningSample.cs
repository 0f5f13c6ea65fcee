using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>
/// The sample as a user runs it: its own process on a free port, with a folder of its own for all that it keeps, and a provider in this
/// process that it trusts.
/// </summary>
public class RunningSample : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ticketdesk-").FullName;
    private DemoIdentityProvider? _provider;
    private Process? _process;

    public RunningSample() => Mail = new MailCatcher(Path.Combine(_folder, "mail"));

    /// <summary>Where it listens; also its issuer and its resource.</summary>
    public string Url { get; private set; } = "";

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public DemoIdentityProvider Provider => _provider!;

    public MailCatcher Mail { get; }

    public ClaimantBrowser Person => new(Http);

    /// <summary>What the process has written, for a test that fails.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Settings of a test beside those that all have, each as <c>--Name=value</c>.</summary>
    protected virtual IEnumerable<string> Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        _provider = await DemoIdentityProvider.StartAsync(
            options: new DemoIdentityProviderOptions { MintsForAnybody = true }, cancellationToken: TestContext.Current.CancellationToken);
        Url = $"http://127.0.0.1:{FreePort()}";
        Http.BaseAddress = new Uri(Url);
        await StartAsync();
    }

    /// <summary>Starts the process on the data that is there.</summary>
    public async Task StartAsync(string environment = "Development")
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Metadata("TicketDesk.folder"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = environment },
        };
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The sample ended before it listened:\n{Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }

            _output.Enqueue(line);
            if (line.Contains("Application started", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        }
    }

    /// <summary>Starts another process on the same data, with an address of its own, and waits until it has ended; what it wrote.</summary>
    public async Task<string> StartSecondAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Metadata("TicketDesk.folder"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments().Append("--urls=http://127.0.0.1:0"))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
                .WaitAsync(s_patience, TestContext.Current.CancellationToken);
            return string.Concat(output);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Removes files from the data.</summary>
    public void Remove(string pattern)
    {
        foreach (var file in Directory.GetFiles(_folder, pattern))
        {
            File.Delete(file);
        }
    }

    /// <summary>Ends the process as a power loss would: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }

    /// <summary>An agent that has found its way from a 401 to the service's endpoints.</summary>
    public Task<AgentClient> DiscoverAsync() =>
        AgentClient.DiscoverAsync(Http, new Uri("/api/tickets", UriKind.Relative), TestContext.Current.CancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        Http.Dispose();
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        var leaks = _output.Where(line => SecretForms.In(line).Any()).ToArray();
        Assert.True(leaks.Length == 0, $"The sample wrote secrets:\n{string.Join('\n', leaks)}");
    }

    private IEnumerable<string> Arguments() =>
    [
        Metadata("TicketDesk.dll"),
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

    private static string Metadata(string key) =>
        typeof(RunningSample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    // The sample has to know its own URL before it listens, so port 0 will not do.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

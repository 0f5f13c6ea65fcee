using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AgentAuth.EndToEnd.Package;
using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Guards;

/// <summary>The sources of a stranger's app with every style of endpoint, in a folder outside the repository, with the packed package.</summary>
internal sealed partial class GuardedSources(PackedPackages packages) : IDisposable
{
    private static readonly string[] s_sources = [".cs", ".cshtml", ".proto", ".csproj", ".md"];

    /// <summary>Where it lies.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("agentauth-guarded-").FullName;

    /// <summary>Copies the sources and the versions that the app is to have.</summary>
    public async Task CopyAsync()
    {
        var original = Path.Combine(Repository.Root, "tests", "EndToEnd", "Guards", "App");
        foreach (var file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories).Where(file => s_sources.Contains(Path.GetExtension(file))))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await WriteAsync("nuget.config", $"""<configuration><packageSources><add key="packed" value="{packages.Feed}" /></packageSources></configuration>""");
        await WriteAsync("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <AgentAuthVersion>{packages.Version}</AgentAuthVersion>
                <GrpcVersion>{CentralVersion("Grpc.AspNetCore")}</GrpcVersion>
                <McpVersion>{CentralVersion("ModelContextProtocol.AspNetCore")}</McpVersion>
              </PropertyGroup>
            </Project>
            """);
    }

    /// <summary>Takes every annotation out of the code, as in an app that has never heard of agents.</summary>
    public async Task TakeAnnotationsOutAsync()
    {
        foreach (var file in Sources())
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(file, Conventions().Replace(Attributes().Replace(text, ""), ""), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>All of its code as it is now.</summary>
    public string ReadCode() => string.Join('\n', Sources().Select(File.ReadAllText));

    /// <summary>Runs dotnet in it.</summary>
    public async Task<string> DotnetAsync(params string[] arguments)
    {
        var (exitCode, output) = await Command.RunAsync(Folder, "dotnet", arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private IEnumerable<string> Sources() => Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(Folder, name), text, TestContext.Current.CancellationToken);

    private static string CentralVersion(string package) => XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Single(version => version.Attribute("Include")!.Value == package)
        .Attribute("Version")!.Value;

    [GeneratedRegex(@"^[ \t]*\[(AgentScope|UserOrAgentScope|DenyAgents|AgentStepUp)(\([^\n]*\))?\]\n", RegexOptions.Multiline)]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\.(RequireAgentScope|RequireUserOrAgentScope|DenyAgents)\([^)]*\)|\.RequireAgentStepUp\(TimeSpan\.FromMinutes\(10\)\)")]
    private static partial Regex Conventions();
}

/// <summary>The app, running.</summary>
internal sealed class GuardedApp : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _data = Directory.CreateTempSubdirectory("agentauth-guarded-data-").FullName;
    private readonly Process _process;

    private GuardedApp(Process process, DemoIdentityProvider provider, bool isEverythingOn, Uri address, Uri grpcAddress)
    {
        (_process, Provider, IsEverythingOn, GrpcAddress) = (process, provider, isEverythingOn, grpcAddress);
        Http.BaseAddress = address;
    }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>Where it speaks HTTP/2 without TLS, and nothing else.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>True: with output and response caching, an exception handler and status-code pages.</summary>
    public bool IsEverythingOn { get; }

    public DemoIdentityProvider Provider { get; }

    public static async Task<GuardedApp> StartAsync(string folder, bool everything)
    {
        var provider = await DemoIdentityProvider.StartAsync(
            options: new DemoIdentityProviderOptions
            {
                Users = [new DemoUser("a", "sub-a", "a@people.example", true), new DemoUser("b", "sub-b", "b@people.example", true), new DemoUser("c", "sub-c", "c@people.example", true)],
            },
            cancellationToken: TestContext.Current.CancellationToken);
        var (address, grpcAddress) = (FreeAddress(), FreeAddress());
        var start = Command.Start(folder, "dotnet", ["bin/Debug/net10.0/Guarded.dll"]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        var app = new GuardedApp(new Process { StartInfo = start, EnableRaisingEvents = true }, provider, everything, address, grpcAddress);
        foreach (var argument in app.Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        await app.RunAsync();
        return app;
    }

    /// <summary>How often each place has run.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountsAsync()
    {
        using var answer = await Http.PostAsync("/reached", null, TestContext.Current.CancellationToken);
        return (await answer.Content.ReadFromJsonAsync<Dictionary<string, int>>(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Http.Dispose();
        await Provider.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    private IEnumerable<string> Arguments() =>
    [
        $"--everything={IsEverythingOn}",
        $"--Kestrel:Endpoints:Http:Url={Http.BaseAddress!.OriginalString}",
        $"--Kestrel:Endpoints:Grpc:Url={GrpcAddress.OriginalString}",
        "--Kestrel:Endpoints:Grpc:Protocols=Http2",
        $"--AgentAuth:Issuer={Http.BaseAddress.OriginalString}",
        $"--AgentAuth:Resource={Http.BaseAddress.OriginalString}",
        "--AgentAuth:AllowLoopbackHttp=true",
        $"--AgentAuth:TrustedProviders:0:Issuer={Provider.Issuer}",
        "--AgentAuth:TrustedProviders:0:Name=Demo Agents",
        $"--AgentAuth:Storage:Path={Path.Combine(_data, "agentauth.db")}",
        $"--AgentAuth:Mail:Folder={Path.Combine(_data, "mail")}",
    ];

    private async Task RunAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The app ended before it listened:\n{string.Join('\n', _output)}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        void Read(string? line)
        {
            _output.Enqueue(line ?? "");
            if (line?.Contains("Application started", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        }
    }
}

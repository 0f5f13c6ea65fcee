using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AgentAuth.EndToEnd.Package;
using AgentAuth.Testing;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>The README's program, published as one native executable. After the packages: two builds at once would write the same files.</summary>
[Collection<PackedPackagesTests>]
public sealed class MinimalSampleTests(PackedPackages packages) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("minimal-").FullName;

    [Fact]
    public async Task Published_as_native_code_it_is_discovered_and_an_anonymous_agent_calls_it()
    {
        SkipWithoutLinker();
        var published = Path.Combine(_folder, "published");
        // Properties and version of the packages, so that nothing but the program is built. A warning about trimming or native code fails the build.
        var (exitCode, output) = await Command.RunAsync(
            Repository.Root, "dotnet", "publish", "samples/Minimal/Minimal.csproj", "--configuration", "Release", "--nologo", "--output", published,
            "-p:Native=true", $"-p:Version={packages.Version}", "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzersDuringBuild=false");
        Assert.True(exitCode == 0, output);
        Assert.Empty(Directory.GetFiles(published, "*.dll"));

        var url = $"http://127.0.0.1:{SampleProcess.FreePort()}";
        using var process = await StartAsync(Path.Combine(published, OperatingSystem.IsWindows() ? "Minimal.exe" : "Minimal"), url);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(url) };
            var agent = await AgentClient.DiscoverAsync(http, new Uri("/api/tickets", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(["tickets.read", "tickets.write"], agent.Service.Scopes);
            Assert.StartsWith("# TicketDesk auth.md", await http.GetStringAsync(agent.Service.Skill, TestContext.Current.CancellationToken), StringComparison.Ordinal);

            var registered = (await agent.RegisterAnonymouslyAsync(cancellationToken: TestContext.Current.CancellationToken)).Required;

            Assert.Equal(["tickets.read"], registered.Scopes);
            using var read = await agent.CallAsync(HttpMethod.Get, new Uri("/api/tickets", UriKind.Relative), registered.Credential!, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("…", await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            using var write = await agent.CallAsync(HttpMethod.Post, new Uri("/api/tickets", UriKind.Relative), registered.Credential!, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What links native code. Without it the test is skipped, or fails where the machine promises to have it.
    private static void SkipWithoutLinker()
    {
        var isThere = !OperatingSystem.IsLinux() || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));
        Assert.False(
            !isThere && Environment.GetEnvironmentVariable("AGENTAUTH_TESTS_REQUIRE_SERVERS") == "1",
            "There is no `clang` or `gcc` on PATH to link native code with, and AGENTAUTH_TESTS_REQUIRE_SERVERS=1 says that there must be one.");
        Assert.SkipUnless(isThere, "There is no `clang` or `gcc` on PATH to link native code with.");
    }

    private async Task<Process> StartAsync(string program, string url)
    {
        // The README's document is of a service on the internet with mail; this one is here.
        var start = Command.Start(_folder, program,
        [
            $"--urls={url}", $"--AgentAuth:Issuer={url}", $"--AgentAuth:Resource={url}", "--AgentAuth:AllowLoopbackHttp=true",
            $"--AgentAuth:Storage:Path={Path.Combine(_folder, "agentauth.db")}", $"--AgentAuth:Mail:Folder={Path.Combine(_folder, "mail")}",
        ]);
        var output = new ConcurrentQueue<string?>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The program ended before it listened:\n{string.Join('\n', output)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        return process;

        void Read(string? line)
        {
            output.Enqueue(line);
            if (line?.Contains("Application started", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        }
    }
}

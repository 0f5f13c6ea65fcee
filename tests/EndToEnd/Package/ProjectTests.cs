using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

namespace AgentAuth.EndToEnd.Package;

/// <summary>What the build says to projects that are not as the package expects them, and to several that belong together.</summary>
[Collection<PackedPackagesTests>]
public sealed class ProjectTests(PackedPackages packages, ManyProjects projects) : IClassFixture<ManyProjects>
{
    [Finding("D3", "An app without auth.md, with `AUTH.md`, `authmd.md`, one in `wwwroot` or one folder up, or with an `AgentAuthDocument` that does not exist", "One error, AUTHMD4001, that names the file looked for and the near one; no error of the compiler beside it")]
    [Theory]
    [InlineData("Missing", "There is no auth.md for this project: {0}/auth.md does not exist, so AddAgentAuth, MapAgentAuth and AgentScopes, which Program.cs uses, do not exist. Write one (\"dotnet authmd init\" begins it), or")]
    [InlineData("Capitals", "There is no auth.md for this project: {0}/auth.md does not exist, so AddAgentAuth, MapAgentAuth and AgentScopes, which Program.cs uses, do not exist. There is AUTH.md: rename it")]
    [InlineData("NearName", "There is no auth.md for this project: {0}/auth.md does not exist, so AddAgentAuth, MapAgentAuth and AgentScopes, which Program.cs uses, do not exist. There is authmd.md: rename it")]
    [InlineData("Served", "There is no auth.md for this project: {0}/auth.md does not exist, so AddAgentAuth, MapAgentAuth and AgentScopes, which Program.cs uses, do not exist. There is wwwroot/auth.md: move it to {0}/auth.md.")]
    [InlineData("FolderUp/Api", "There is no auth.md for this project: {0}/auth.md does not exist, so AddAgentAuth, MapAgentAuth and AgentScopes, which Program.cs uses, do not exist. There is ../auth.md: rename it or move it (capitals count), or say <AgentAuthDocument>../auth.md</AgentAuthDocument>")]
    [InlineData("Wrong", "The project's AgentAuthDocument is docs/auht.md, and there is no file {0}/docs/auht.md, so AddAgentAuth, MapAgentAuth and AgentScopes, which Program.cs uses, do not exist. There is docs/auth.md: ")]
    [InlineData("WrongCapitals", "The project's AgentAuthDocument is Docs/Auth.md, and there is no file {0}/Docs/Auth.md, so nothing is generated. There is Docs/auth.md: ")]
    public void D3_A_missing_auth_md_is_one_error_that_names_it_and_the_near_miss(string project, string message)
    {
        Assert.SkipWhen(project.Contains("Capitals", StringComparison.Ordinal) && File.Exists(Path.Combine(projects.Folder, "CAPITALS", "AUTH.MD")), "Capitals do not count on this machine.");

        var only = Assert.Single(projects.Of(project));

        Assert.StartsWith("error AUTHMD4001: " + message.Replace("{0}", Path.Combine(projects.Folder, project), StringComparison.Ordinal), only, StringComparison.Ordinal);
        Assert.False(projects.IsBuilt(project));
    }

    [Finding("D3", "A project that has the package and nearly an auth.md, and does not use it yet", "A warning that names the file; nothing where `AgentAuthDocument` is `none`")]
    [Fact]
    public void D3_A_near_miss_is_told_before_anything_uses_it()
    {
        Assert.StartsWith("warning AUTHMD4001: There is no auth.md for this project: ", Assert.Single(projects.Of("NearUnused")), StringComparison.Ordinal);
        Assert.True(projects.IsBuilt("NearUnused"), projects.Output);
        Assert.Empty(projects.Of("Own"));
        Assert.True(projects.IsBuilt("Own"), projects.Output);
    }

    [Finding("D3", "An auth.md in a project of F# or Visual Basic", "One error, AUTHMD4002, that says where it belongs")]
    [Theory]
    [InlineData("FSharp", "FSharp.fsproj is a project of F#")]
    [InlineData("VisualBasic", "VisualBasic.vbproj is a project of Visual Basic")]
    public void D3_Another_language_is_one_error(string project, string message) =>
        Assert.StartsWith($"error AUTHMD4002: auth.md is compiled to C#, and {message}, in which nothing comes of it.", Assert.Single(projects.Of(project)), StringComparison.Ordinal);

    [Finding("D4", "net8.0; net9.0 beside net10.0; `LangVersion` 11; a compiler from before Roslyn 5; `GlobalPackageReference`, which leaves the runtime out", "One error, AUTHMD4002, that says what is needed; no error in a generated file")]
    [Theory]
    [InlineData("Net8", "AgentAuth.Codegen needs .NET 10 or later, and this project targets net8.0. Set <TargetFramework>net10.0</TargetFramework>.")]
    [InlineData("Both", "AgentAuth.Codegen needs .NET 10 or later, and this project also targets net9.0. Reference the package only for the others: <PackageReference Include=\"AgentAuth.Codegen\" Condition=\"'$(TargetFramework)' == 'net10.0'\" />.")]
    [InlineData("CSharp11", "AgentAuth.Codegen generates C# 12, and this project says <LangVersion>11</LangVersion>.")]
    [InlineData("OldCompiler", "AgentAuth.Codegen needs the compiler of .NET SDK 10 or later (Roslyn 5.0), and this project is compiled by Roslyn 4.8.")]
    [InlineData("ForAll/WithoutRuntime", "What is generated from auth.md needs AgentAuth.Runtime, and that is not among the references: ")]
    public void D4_A_project_that_does_not_fit_is_one_error(string project, string message) =>
        Assert.StartsWith("error AUTHMD4002: " + message, Assert.Single(projects.Of(project)), StringComparison.Ordinal);

    [Finding("D4", "`GlobalPackageReference` in a repository with a service, a netstandard library and tests", "The service builds with a reference to the runtime; the others build as without the package")]
    [Theory]
    [InlineData("ForAll/Service", "net10.0")]
    [InlineData("ForAll/Standard", "netstandard2.0")]
    [InlineData("ForAll/Service.Tests", "net10.0")]
    public void D4_The_package_breaks_nothing_in_a_whole_repository(string project, string framework)
    {
        Assert.Empty(projects.Of(project));
        Assert.True(projects.IsBuilt(project, framework), projects.Output);
    }

    [Finding("D5", "Another package with a generator that ships Markdig 99, of which no type is ours", "Each gets its own: ours is `AgentAuth.Markdig`")]
    [Finding("D6", "A library and its host with an auth.md, the library's internals visible to the host", "Both build without a warning")]
    [Finding("D8", "The recipe for a library that holds endpoints: `AgentAuthDocument` is the host's file", "Scopes of the library are checked by its own build, the host starts with `RequireScopes` at `Fail`, and its build counts the one call that the start judges")]
    [Fact]
    public async Task D8_D6_D5_A_library_with_endpoints_its_host_and_another_Markdig()
    {
        Assert.Empty(projects.Of("Library"));
        Assert.Empty(projects.Of("Host"));
        Assert.True(projects.IsBuilt("Host"), projects.Output);

        using var log = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(projects.Folder, "Host", "host.sarif"), TestContext.Current.CancellationToken));
        var told = Assert.Single(log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray(), result => result.GetProperty("ruleId").GetString() is "AUTHMD2002" or "AUTHMD2003" or "AUTHMD2010");
        Assert.Equal("note", told.GetProperty("level").GetString());
        Assert.StartsWith(
            "Whether agents may come is judged only by the check at start at 1 place: 1 call by which another assembly maps endpoints (MapThings).",
            told.GetProperty("message").GetProperty("text").GetString(),
            StringComparison.Ordinal);

        var (process, address) = await StartAsync();
        using var running = process;
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            var refused = await http.GetAsync("/api/things", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Contains("scope=\"things.read\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Equal("99.0.0.0", await http.GetStringAsync("/markdig", TestContext.Current.CancellationToken));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Finding("D9", "`dotnet pack AgentAuth.Codegen.sln`", "Ends well, with the four packages and nothing else")]
    [Fact]
    public async Task D9_The_solution_packs_what_is_a_package_and_nothing_else()
    {
        var folder = Path.Combine(projects.Folder, "solution");
        var configuration = typeof(ProjectTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Configuration").Value!;

        var (exitCode, output) = await Command.RunAsync(
            Repository.Root, "dotnet", "pack", "AgentAuth.Codegen.sln", "--no-build", "--configuration", configuration, "--nologo", "--output", folder);

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        Assert.Equal(
            ["AgentAuth.Codegen", "AgentAuth.PostgreSql", "AgentAuth.Runtime", "AgentAuth.Testing", "AgentAuth.Tool"],
            Directory.GetFiles(folder, "*.nupkg").Select(file => Path.GetFileName(file).Split(".0.")[0]).Order(StringComparer.Ordinal));
    }

    [Finding("D5", "The packages themselves", "None of them has a `Markdig.dll`; the notice of its licence is in both that have the renamed one")]
    [Theory]
    [InlineData("AgentAuth.Codegen", "analyzers/dotnet/roslyn5.0/cs/AgentAuth.Markdig.dll")]
    [InlineData("AgentAuth.Tool", "tools/net10.0/any/AgentAuth.Markdig.dll")]
    public void D5_No_package_ships_Markdig_under_its_own_name(string name, string renamed)
    {
        using var package = ZipFile.OpenRead(Path.Combine(packages.Feed, $"{name}.{packages.Version}.nupkg"));

        Assert.NotNull(package.GetEntry(renamed));
        Assert.NotNull(package.GetEntry("THIRD-PARTY-NOTICES.txt"));
        Assert.DoesNotContain(package.Entries, entry => entry.Name == "Markdig.dll");
    }

    private async Task<(Process Process, Uri Address)> StartAsync()
    {
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}");
        port.Stop();
        var process = Process.Start(Command.Start(
            Path.Combine(projects.Folder, "Host"), "dotnet", ["bin/Debug/net10.0/Host.dll", "--urls", address.OriginalString, "--AgentAuth:RequireScopes=Fail"]))!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("Application started", StringComparison.Ordinal))
            {
                return (process, address);
            }
        }

        throw new InvalidOperationException("The host did not start: " + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}

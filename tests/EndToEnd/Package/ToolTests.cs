using System.IO.Compression;
using System.Runtime.InteropServices;

namespace AgentAuth.EndToEnd.Package;

/// <summary>The tool as a stranger gets it: installed from a feed, and started as <c>dotnet authmd</c>.</summary>
[Collection<PackedPackagesTests>]
public sealed class ToolTests(PackedPackages packages) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-tool-").FullName;

    [Fact]
    public async Task Installed_it_starts_a_document_checks_it_and_explains_what_is_wrong()
    {
        var tools = Path.Combine(_folder, "tools");
        var (exitCode, output) = await Command.RunAsync(
            _folder, "dotnet", "tool", "install", "AgentAuth.Tool", "--tool-path", tools, "--version", packages.Version, "--source", packages.Feed);
        Assert.True(exitCode == 0, output);

        Assert.Equal(
            (0, "Wrote auth.md for TicketDesk at https://api.ticketdesk.example. Make address, scopes and methods yours, then run \"dotnet authmd check\"."),
            await RunAsync(tools, "init", "--name", "TicketDesk"));
        Assert.Equal((0, "auth.md: no problems. 2 scopes, 2 methods."), await RunAsync(tools, "check"));

        var file = Path.Combine(_folder, "auth.md");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text.Replace("`items.write`", "`チケット 🎉`", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (checkedWith, report) = await RunAsync(tools, "check");
        Assert.Equal(1, checkedWith);
        Assert.StartsWith("auth.md(12,4): error AUTHMD1007: \"チケット 🎉\" is not a scope", report, StringComparison.Ordinal);
        Assert.Contains(" 12 | | `チケット 🎉` | Create", report, StringComparison.Ordinal);
        Assert.Contains("    |    ^^^^^^^^^^^\n", report.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("1 error, 1 warning in auth.md", report, StringComparison.Ordinal);

        var (_, page) = await RunAsync(tools, "explain", "AUTHMD1007");
        Assert.StartsWith("# AUTHMD1007: ", page, StringComparison.Ordinal);
        var (missing, refusal) = await RunAsync(tools, "check", "missing.md");
        Assert.Equal(2, missing);
        Assert.StartsWith("There is no file \"missing.md\" in ", refusal, StringComparison.Ordinal);
        Assert.StartsWith(packages.Version, (await RunAsync(tools, "--version")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_has_a_readme_and_no_translations_that_nobody_reads()
    {
        using var package = ZipFile.OpenRead(Path.Combine(packages.Feed, $"AgentAuth.Tool.{packages.Version}.nupkg"));

        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry("tools/net10.0/any/AgentAuth.AuthMd.dll"));
        Assert.DoesNotContain(package.Entries, entry => entry.Name.EndsWith(".resources.dll", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // "dotnet authmd" looks for a program dotnet-authmd on the path.
    private async Task<(int ExitCode, string Output)> RunAsync(string tools, params string[] arguments)
    {
        var start = Command.Start(_folder, "dotnet", ["authmd", .. arguments]);
        start.Environment["PATH"] = tools + Path.PathSeparator + start.Environment["PATH"];
        // The program finds the runtime where these tests run, also when that is not the machine's own.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.StandardOutputEncoding = start.StandardErrorEncoding = System.Text.Encoding.UTF8;
        var (exitCode, output) = await Command.RunAsync(start);
        return (exitCode, output.Trim());
    }
}

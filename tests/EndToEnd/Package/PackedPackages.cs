using System.Globalization;
using System.IO.Compression;

namespace AgentAuth.EndToEnd.Package;

/// <summary>The tests that share the packages. One after another: two packs at once would write the same files.</summary>
[CollectionDefinition]
public sealed class PackedPackagesTests : ICollectionFixture<PackedPackages>;

/// <summary>The packages, packed once into a folder, under a version that no cache has seen.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-feed-").FullName;

    /// <summary>The version.</summary>
    public string Version { get; } = "0.1.0-test." + DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture);

    /// <summary>The feed.</summary>
    public string Feed => _folder;

    /// <summary>Opens one of them.</summary>
    public ZipArchive Open(string name, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(_folder, $"{name}.{Version}.{extension}"));

    /// <summary>Packs, as it is done for a release.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var project in new[] { "src/Runtime/AgentAuth.Runtime.csproj", "src/Testing/AgentAuth.Testing.csproj", "src/Package/AgentAuth.Codegen.csproj", "src/Tool/AgentAuth.Tool.csproj" })
        {
            // Into folders of its own: the run's own binaries stay what they are.
            var (exitCode, output) = await Command.RunAsync(
                Repository.Root, "dotnet", "pack", project, "--configuration", "Release", "--nologo", "--output", _folder, $"-p:Version={Version}", "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzersDuringBuild=false");
            Assert.True(exitCode == 0, output);
        }
    }

    /// <summary>Removes the feed, and the packages from the user's cache.</summary>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var name in new[] { "agentauth.codegen", "agentauth.runtime", "agentauth.testing", "agentauth.tool" })
        {
            var cached = Path.Combine(cache, name, Version);
            if (Directory.Exists(cached))
            {
                Directory.Delete(cached, recursive: true);
            }
        }

        return ValueTask.CompletedTask;
    }
}

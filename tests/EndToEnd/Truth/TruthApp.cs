using System.Reflection;
using System.Text.Json;

namespace AgentAuth.EndToEnd.Truth;

/// <summary>The app: its sources, what the compiler says of them, and what it says of itself when it runs.</summary>
internal static class TruthApp
{
    private static readonly string[] s_sources = [".cs", ".cshtml", ".razor"];

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private static string Folder => Metadata("Truth.App.folder");

    /// <summary>Compiles the app, and only the app, and reads what the two rules report.</summary>
    public static async Task<IReadOnlyList<Finding>> BuildAsync()
    {
        var log = Path.Combine(Directory.CreateTempSubdirectory("agentauth-truth-").FullName, "log.sarif");
        try
        {
            var (exitCode, output) = await Command.RunAsync(
                Folder, "dotnet", "build", "--no-restore", "--no-dependencies", "--no-incremental", "--nologo",
                "--configuration", Metadata("Configuration"), "-p:TruthLog=" + log);
            Assert.True(exitCode == 0, output);
            return Sarif.Read(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), Folder);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(log)!, recursive: true);
        }
    }

    /// <summary>Runs the app until it has listed its endpoints.</summary>
    public static async Task<IReadOnlyList<RuntimeEndpoint>> RunAsync(params string[] arguments)
    {
        var (exitCode, output) = await Command.RunAsync(Folder, "dotnet", [Metadata("Truth.App.dll"), "--endpoints", .. arguments]);
        Assert.True(exitCode == 0, output);
        return [.. output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<RuntimeEndpoint>(line, s_json)!)];
    }

    /// <summary>The lines of its source, by file.</summary>
    public static IReadOnlyDictionary<string, string[]> ReadSources() => new DirectoryInfo(Folder)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => s_sources.Contains(file.Extension))
        .Select(file => (Name: Path.GetRelativePath(Folder, file.FullName).Replace('\\', '/'), file.FullName))
        .Where(file => !file.Name.StartsWith("obj/", StringComparison.Ordinal) && !file.Name.StartsWith("bin/", StringComparison.Ordinal))
        .ToDictionary(file => file.Name, file => File.ReadAllLines(file.FullName), StringComparer.Ordinal);

    private static string Metadata(string key) =>
        typeof(TruthApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}

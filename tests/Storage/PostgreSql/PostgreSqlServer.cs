using System.Diagnostics;
using System.Globalization;
using AgentAuth.PostgreSql;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace AgentAuth.PostgreSql;

/// <summary>A real PostgreSQL of these tests: in a folder of its own, on a socket in it, for as long as they run. It is started by the first that asks.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> s_started = new(StartAsync);

    private readonly string _folder;
    private int _databases;

    /// <summary>The assembly's; it is nothing until somebody asks for the server.</summary>
    public PostgreSqlServer()
        : this("")
    {
    }

    private PostgreSqlServer(string folder) => _folder = folder;

    /// <summary>The server. A test that asks for it is skipped where there is none, unless servers are required.</summary>
    internal static async Task<PostgreSqlServer> GetAsync()
    {
        if (Binaries() is null && Environment.GetEnvironmentVariable("AGENTAUTH_TESTS_REQUIRE_SERVERS") != "1")
        {
            Assert.Skip("PostgreSQL is not installed (Debian: postgresql).");
        }

        return await s_started.Value;
    }

    /// <summary>A connection string with a schema that nobody else has.</summary>
    internal string NewConnectionString()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        return new NpgsqlConnectionStringBuilder
        {
            Host = _folder,
            Username = "agentauth",
            Database = "postgres",
            MaxPoolSize = 80,
            ApplicationName = name,
            SearchPath = name,
        }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder.Length == 0 && s_started.IsValueCreated)
        {
            var server = await s_started.Value;
            await RunAsync("pg_ctl", "stop", "-D", Path.Combine(server._folder, "data"), "-m", "immediate");
            Directory.Delete(server._folder, recursive: true);
        }
    }

    private static async Task<PostgreSqlServer> StartAsync()
    {
        // The path of a socket has at most 107 characters.
        var folder = Directory.CreateTempSubdirectory("agentauth-pg-").FullName;
        if (Environment.UserName == "root")
        {
            await RunAsync(["chown", "postgres", folder]);
        }

        var data = Path.Combine(folder, "data");
        await RunAsync("initdb", "-D", data, "-U", "agentauth", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync");

        // Whether it survives a power loss is PostgreSQL's own test.
        await RunAsync(
            "pg_ctl", "start", "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=400");
        return new PostgreSqlServer(folder);
    }

    private static string? Binaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    // It refuses to run as root.
    private static Task RunAsync(string command, params string[] arguments)
    {
        var program = Path.Combine(Binaries() ?? throw new InvalidOperationException("PostgreSQL is not installed (Debian: postgresql)."), command);
        return RunAsync(Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments]);
    }

    private static async Task RunAsync(string[] command)
    {
        // Its output goes nowhere: the server would keep a pipe open.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" > /dev/null 2>&1", "sh", .. command]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }
}

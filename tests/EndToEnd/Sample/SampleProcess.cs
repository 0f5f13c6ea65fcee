using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>A sample in a process of its own, as a user runs it.</summary>
/// <param name="name">The sample's project.</param>
internal sealed class SampleProcess(string name) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    /// <summary>What all its processes have written.</summary>
    public IReadOnlyCollection<string> Lines => _output;

    public string Output => string.Join('\n', _output);

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(IEnumerable<string> arguments, string environment = "Development")
    {
        var start = Describe(arguments);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The sample ended before it listened:\n{Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

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

    /// <summary>Starts another process and waits until it has ended; what it wrote.</summary>
    public async Task<string> RunToEndAsync(IEnumerable<string> arguments)
    {
        using var process = Process.Start(Describe(arguments))!;
        try
        {
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
            return string.Concat(output);
        }
        finally
        {
            process.Kill();
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

    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>A free port. A sample has to know its own URL before it listens, so port 0 will not do.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private ProcessStartInfo Describe(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Metadata("folder"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments.Prepend(Metadata("dll")))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private string Metadata(string key) =>
        typeof(SampleProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == $"{name}.{key}").Value!;
}

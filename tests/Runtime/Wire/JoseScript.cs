using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace AgentAuth.Wire;

/// <summary>Scripts with `jose`, an outside implementation, in Node. Without either the test is skipped, or fails where the machine promises to have them.</summary>
internal static class JoseScript
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs a script of this assembly to its end.</summary>
    /// <param name="name">Its name, without <c>.mjs</c>.</param>
    /// <param name="argument">Its only argument.</param>
    /// <returns>What it wrote to the standard output.</returns>
    public static async Task<JsonElement> RunAsync(string name, string argument)
    {
        // A script from the standard input finds modules from the working directory: eng/test installs them there.
        var folder = Path.Combine(Repository.Root, "artifacts", "jose");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "jose")))
        {
            Missing("The npm package `jose` is not in artifacts/jose; eng/test puts it there.");
        }

        using var node = Start(folder, argument);
        await using (var script = typeof(JoseScript).Assembly.GetManifestResourceStream($"Jose.{name}.mjs")!)
        {
            await script.CopyToAsync(node.StandardInput.BaseStream, TestContext.Current.CancellationToken);
        }

        node.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        var problems = node.StandardError.ReadToEndAsync(patience.Token);
        var output = await node.StandardOutput.ReadToEndAsync(patience.Token);
        await node.WaitForExitAsync(patience.Token);
        Assert.True(node.ExitCode == 0, await problems);
        return JsonElement.Parse(output);
    }

    private static Process Start(string folder, string argument)
    {
        var start = new ProcessStartInfo("node", ["--input-type=module", "-", argument])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Missing("There is no `node` on PATH.");
            throw;
        }
    }

    private static void Missing(string what)
    {
        Assert.False(
            Environment.GetEnvironmentVariable("AGENTAUTH_TESTS_REQUIRE_SERVERS") == "1",
            $"{what} AGENTAUTH_TESTS_REQUIRE_SERVERS=1 says that it must be there.");
        Assert.Skip(what);
    }
}

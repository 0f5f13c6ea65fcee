using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using AgentAuth.Assertions;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire;

/// <summary>A provider whose keys and tokens come from an outside implementation: `jose`, in Node. Its JWK set is served on loopback.</summary>
internal sealed class JoseProvider : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly LoopbackServer _server;
    private readonly JsonElement _tokens;

    private JoseProvider(LoopbackServer server, JsonElement tokens)
    {
        _server = server;
        _tokens = tokens;
    }

    public string Issuer => IssuerOf(_server);

    /// <summary>Makes keys and tokens. Without Node or `jose` the test is skipped, or fails where the machine promises to have them.</summary>
    public static async Task<JoseProvider> StartAsync(DateTimeOffset now)
    {
        var server = await LoopbackServer.StartAsync(LoopbackServer.Status(StatusCodes.Status404NotFound));
        var made = await MintAsync(JsonSerializer.Serialize(new { issuer = IssuerOf(server), audience = TestService.Issuer, now = now.ToUnixTimeSeconds() }));
        server.Answer = LoopbackServer.Json(() => made.GetProperty("keys").GetRawText());
        return new JoseProvider(server, made.GetProperty("tokens"));
    }

    public string IdJag(string algorithm) => Token(algorithm, "idJag");

    public string LogoutToken(string algorithm) => Token(algorithm, "logout");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Token(string algorithm, string kind) => _tokens.GetProperty(algorithm).GetProperty(kind).GetString()!;

    private static string IssuerOf(LoopbackServer server) => server.Url("").OriginalString;

    private static async Task<JsonElement> MintAsync(string argument)
    {
        // A script from the standard input finds modules from the working directory: eng/test installs them there.
        var folder = Path.Combine(Repository.Root, "artifacts", "jose");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "jose")))
        {
            Missing("The npm package `jose` is not in artifacts/jose; eng/test puts it there.");
        }

        using var node = Start(folder, argument);
        await using (var script = typeof(JoseProvider).Assembly.GetManifestResourceStream("Jose.mint.mjs")!)
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

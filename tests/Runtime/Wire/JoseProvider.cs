using System.Text.Json;
using AgentAuth.Assertions;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire;

/// <summary>A provider whose keys and tokens come from an outside implementation: `jose`, in Node. Its JWK set is served on loopback.</summary>
internal sealed class JoseProvider : IAsyncDisposable
{
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
        var made = await JoseScript.RunAsync("mint", JsonSerializer.Serialize(new { issuer = IssuerOf(server), audience = TestService.Issuer, now = now.ToUnixTimeSeconds() }));
        server.Answer = LoopbackServer.Json(() => made.GetProperty("keys").GetRawText());
        return new JoseProvider(server, made.GetProperty("tokens"));
    }

    public string IdJag(string algorithm) => Token(algorithm, "idJag");

    public string LogoutToken(string algorithm) => Token(algorithm, "logout");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Token(string algorithm, string kind) => _tokens.GetProperty(algorithm).GetProperty(kind).GetString()!;

    private static string IssuerOf(LoopbackServer server) => server.Url("").OriginalString;
}

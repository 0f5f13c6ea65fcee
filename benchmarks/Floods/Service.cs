using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AgentAuth.Testing;

namespace AgentAuth.Floods;

/// <summary>An answer: the status and the JSON, where there is any.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement? Body)
{
    public bool IsGood => Status == HttpStatusCode.OK;

    public string? Text(string name) => Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>A running <see cref="FloodedService"/> with a fresh database, and the provider that it trusts.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _http;

    private Service(Process process, DirectoryInfo folder, Uri address, DemoIdentityProvider provider)
    {
        (_process, _folder, Address, Provider) = (process, folder, address, provider);
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Address { get; }

    public DemoIdentityProvider Provider { get; }

    public string Issuer => Address.AbsoluteUri.TrimEnd('/');

    private string MailFolder => Path.Combine(_folder.FullName, "sent");

    public static async Task<Service> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentauth-floods-");
        var provider = await DemoIdentityProvider.StartAsync();
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["serve"]) { WorkingDirectory = folder.FullName };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.AbsoluteUri,
            ["AgentAuth__Issuer"] = address.AbsoluteUri.TrimEnd('/'),
            ["AgentAuth__Resource"] = address.AbsoluteUri.TrimEnd('/'),
            ["AgentAuth__AllowLoopbackHttp"] = "true",
            ["AgentAuth__TrustedProviders__0__Issuer"] = provider.Issuer,
            ["AgentAuth__Storage__Path"] = Path.Combine(folder.FullName, "agentauth.db"),
            ["Floods__Mail"] = Path.Combine(folder.FullName, "sent"),
        })
        {
            start.Environment[name] = value;
        }

        var service = new Service(Process.Start(start)!, folder, address, provider);
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await service._http.GetAsync("/auth.md");
                return service;
            }
            catch (HttpRequestException) when (patience.Elapsed < TimeSpan.FromSeconds(60) && !service._process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public Task<Answer> StartAnonymouslyAsync(string from) => PostAsync(from, "/agent/auth", new { type = "anonymous" });

    public Task<Answer> RegisterByEmailAsync(string from, string email) =>
        PostAsync(from, "/agent/auth", new { type = "identity_assertion", assertion_type = "verified_email", assertion = email });

    public Task<Answer> RegisterByAssertionAsync(string from, string assertion) =>
        PostAsync(from, "/agent/auth", new { type = "identity_assertion", assertion_type = "urn:ietf:params:oauth:token-type:id-jag", assertion });

    public Task<Answer> ClaimAsync(string from, string token, string email) => PostAsync(from, "/agent/auth/claim", new { claim_token = token, email });

    public Task<Answer> ShowCodeAsync(string from, string link) => PostAsync(from, "/agent/auth/claim/attempt/challenge", new { claim_attempt_token = link });

    public Task<Answer> CompleteAsync(string from, string token, string code) => PostAsync(from, "/agent/auth/claim/complete", new { claim_token = token, otp = code });

    public Task<Answer> ReadThingsAsync(string from, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/things");
        request.Headers.Authorization = new("Bearer", key);
        return SendAsync(from, request);
    }

    public string MintFor(string user) =>
        Provider.MintIdJag(new IdJagRequest { Audience = Issuer, User = new DemoUser(user, user, $"{user}@users.example") });

    /// <summary>How many mails have gone to an address.</summary>
    public int MailsTo(string address) => Directory.Exists(MailFolder) ? Directory.GetFiles(MailFolder, $"{address}.*.txt").Length : 0;

    /// <summary>The n-th mail to an address; null when it does not come.</summary>
    public async Task<string?> MailAsync(string address, int n = 1)
    {
        var path = Path.Combine(MailFolder, $"{address}.{n}.txt");
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(20);)
        {
            if (File.Exists(path))
            {
                return await File.ReadAllTextAsync(path);
            }

            await Task.Delay(10);
        }

        return null;
    }

    /// <summary>The resident memory of the service, in MiB.</summary>
    public long Memory()
    {
        _process.Refresh();
        return _process.WorkingSet64 / (1024 * 1024);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        await Provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Task<Answer> PostAsync(string from, string path, object body) =>
        SendAsync(from, new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, mediaType: new("application/json")) });

    private async Task<Answer> SendAsync(string from, HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Add("X-Forwarded-For", from);
            using var response = await _http.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            return new Answer(response.StatusCode, response.Content.Headers.ContentType?.MediaType == "application/json" ? JsonDocument.Parse(body).RootElement : null);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

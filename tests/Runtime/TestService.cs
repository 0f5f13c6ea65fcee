using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using AgentAuth.Accounts;
using AgentAuth.Configuration;
using AgentAuth.Hosting;
using AgentAuth.Manifest;
using AgentAuth.Secrets;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth;

/// <summary>A service with every method on, over real Kestrel and a real SQLite file. Its clock stands still until a test moves it.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Issuer = "https://auth.tickets.example";
    public const string Resource = "https://api.tickets.example";

    private const string IdJag = "urn:ietf:params:oauth:token-type:id-jag";

    private readonly WebApplication _app;
    private readonly bool _ownsFolder;
    private readonly SecretScan _secrets;
    private bool _isDisposed;

    private TestService(
        WebApplication app, string folder, bool ownsFolder, FakeTimeProvider time, CaughtMail mail, CapturedLog log, SecretScan secrets)
    {
        _secrets = secrets;
        _app = app;
        _ownsFolder = ownsFolder;
        Folder = folder;
        Time = time;
        Mail = mail;
        Log = log;
        Client = new HttpClient(new ScannedHttp(secrets, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }))
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public static AgentAuthManifest Manifest { get; } = new()
    {
        ServiceName = "TicketDesk",
        Resource = Resource,
        Issuer = Issuer,
        Contact = "agents@tickets.example",
        Scopes =
        [
            new ManifestScope("tickets.read", "Read tickets and their comments.", IsPreClaim: true),
            new ManifestScope("tickets.write", "Create, update and close tickets.", IsPreClaim: false),
        ],
        Anonymous = new AnonymousMethod(),
        VerifiedEmail = new VerifiedEmailMethod { Credentials = [CredentialType.AccessToken, CredentialType.ApiKey] },
        IdentityAssertion = new IdentityAssertionMethod { Credentials = [CredentialType.AccessToken, CredentialType.ApiKey] },
        ProtectedResourceMetadata = writer =>
        {
            writer.Write("{\"resource\":\""u8);
            writer.Write(DocumentSlot.Resource);
            writer.Write("\"}"u8);
        },
        AuthorizationServerMetadata = writer =>
        {
            writer.Write("{\"issuer\":\""u8);
            writer.Write(DocumentSlot.Issuer);
            writer.Write("\"}"u8);
        },
        PublishedDocument = writer => writer.Write("# TicketDesk auth.md\n"u8),
    };

    public HttpClient Client { get; }

    public FakeTimeProvider Time { get; }

    public CaughtMail Mail { get; }

    public CapturedLog Log { get; }

    public string Folder { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The built-in accounts of the service, beside whatever a test has put before them.</summary>
    public StoreAccounts Accounts => new(Services.GetRequiredService<IStoreEngine>());

    public IAgentAuthStore Store => Services.GetRequiredService<IAgentAuthStore>();

    public static async Task<TestService> StartAsync(
        AgentAuthManifest? manifest = null,
        Action<AgentAuthOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? endpoints = null,
        string? folder = null,
        FakeTimeProvider? time = null,
        bool warmsUp = false)
    {
        manifest ??= Manifest;
        var ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("agentauth-").FullName;
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var secrets = new SecretScan();
        var mail = new CaughtMail(secrets);
        var log = new CapturedLog();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder, EnvironmentName = "Production" });
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(time);
        AgentAuthServices.Add(builder.Services, manifest, options =>
        {
            options.Limits.Enabled = false;
            configure?.Invoke(options);
        });
        builder.Services.AddSingleton<IAgentMail>(mail);
        if (!warmsUp)
        {
            // Keys that come when they like would leave it to chance which request of a test fetches them.
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(ProviderMonitor)));
        }

        services?.Invoke(builder.Services);
        var app = builder.Build();
        var agentAuth = AgentAuthEndpoints.For(app, manifest);
        agentAuth.MapDiscovery();
        agentAuth.MapRegistration();
        agentAuth.MapClaims();
        agentAuth.MapRevocation();
        agentAuth.MapOAuth();
        app.MapGet("/api/tickets", (HttpContext http) => http.User.GetAgent()?.AccountId ?? "nobody").RequireAgentScope("tickets.read");
        app.MapPost("/api/tickets", () => "created").RequireAgentScope("tickets.write");
        endpoints?.Invoke(app);
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            secrets.Dispose();
            if (ownsFolder)
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }

        if (warmsUp)
        {
            await app.Services.GetServices<IHostedService>().OfType<ProviderMonitor>().Single().ExecuteTask!;
        }

        return new TestService(app, folder, ownsFolder, time, mail, log, secrets);
    }

    /// <summary>Takes the sweeper away, so that nothing happens but what requests do. To be called from <c>services</c>.</summary>
    public static void RemoveSweeper(IServiceCollection services) =>
        services.Remove(services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(Sweeper)));

    public Task<Answer> GetAsync(string path, string? credential = null) => SendAsync(HttpMethod.Get, path, credential, null);

    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, null, JsonContent(JsonSerializer.Serialize(body)));

    public Task<Answer> PostFormAsync(string path, string name, string value) =>
        SendAsync(HttpMethod.Post, path, null, new FormUrlEncodedContent([new(name, value)]));

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? credential, HttpContent? content, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (credential is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }

        change?.Invoke(request);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);

        // Written behind the answer; a test that reads the audit trail next means to see it.
        await Services.GetRequiredService<Limits.RefusalTrail>().WrittenAsync();
        return new Answer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Gets a path with header lines as they are, which <see cref="HttpClient"/> would put in order. In HTTP/1.0, for the answer then ends where the
    /// connection does.
    /// </summary>
    public async Task<Answer> GetRawAsync(string path, params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.0\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var parts = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split("\r\n\r\n", 2);
        var lines = parts[0].Split("\r\n");
        return new Answer(
            (HttpStatusCode)int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            parts[1],
            lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase));
    }

    public static StringContent JsonContent(string json) => new(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    public Task<Answer> RegisterAnonymouslyAsync() =>
        PostAsync("/agent/auth", new { type = "anonymous", requested_credential_type = "api_key" });

    public Task<Answer> RegisterByEmailAsync(string email, string type = "api_key") =>
        PostAsync("/agent/auth", new { type = "identity_assertion", assertion_type = "verified_email", assertion = email, requested_credential_type = type });

    /// <summary>Registers with an ID-JAG.</summary>
    public Task<Answer> RegisterByAssertionAsync(string assertion, string type = "access_token") =>
        PostAsync("/agent/auth", new { type = "identity_assertion", assertion_type = IdJag, assertion, requested_credential_type = type });

    /// <summary>Posts a logout token, or what is to pass for one.</summary>
    public Task<Answer> LogoutAsync(string token)
    {
        var content = new StringContent(token);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/logout+jwt");
        return SendAsync(HttpMethod.Post, "/agent/auth/revoke", null, content);
    }

    /// <summary>The token in the link of the next mail.</summary>
    public async Task<string> NextLinkTokenAsync()
    {
        var mail = await Mail.NextAsync();
        var start = mail.Text.IndexOf("token=", StringComparison.Ordinal) + "token=".Length;
        return mail.Text[start..mail.Text.IndexOf('\r', start)];
    }

    public async Task<string> ShowCodeAsync(string linkToken)
    {
        var answer = await PostAsync("/agent/auth/claim/attempt/challenge", new { claim_attempt_token = linkToken });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Text("challenge");
    }

    /// <summary>Does something to the database behind the service's back.</summary>
    public async Task ChangeDatabaseAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Services.GetRequiredService<AgentAuthSettings>().StoragePath};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops the service. Its test fails when a secret stands where none belongs: in a log, a trace, a metric, the audit trail, an error.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Client.Dispose();
        var audit = await Store.ReadAuditAsync(null, int.MaxValue, CancellationToken.None);
        await _app.DisposeAsync();
        foreach (var row in audit)
        {
            _secrets.Said("the audit trail", row.ToString());
        }

        foreach (var line in Log.Text.Split('\n'))
        {
            _secrets.Said("the log", line);
        }

        var leaks = _secrets.Leaks();
        _secrets.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }

        Assert.True(leaks.Count == 0, $"Secrets stand where none belong:\n{string.Join('\n', leaks)}");
    }
}

/// <summary>Catches mails on their way out.</summary>
internal sealed class CaughtMail(SecretScan? secrets = null) : IAgentMail
{
    private readonly Channel<AgentMailMessage> _mails = Channel.CreateUnbounded<AgentMailMessage>();

    public bool IsEmpty => _mails.Reader.Count == 0;

    public Task SendAsync(AgentMailMessage message, CancellationToken cancellationToken)
    {
        secrets?.Exchanged(message.Text);
        return _mails.Writer.WriteAsync(message, cancellationToken).AsTask();
    }

    /// <summary>The next mail. It comes behind the answer, so a moment later; one that does not come fails the test instead of hanging it.</summary>
    public async Task<AgentMailMessage> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return await _mails.Reader.ReadAsync(patience.Token);
    }
}

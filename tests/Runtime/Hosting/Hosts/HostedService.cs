using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy.Configuration;

namespace AgentAuth.Hosting.Hosts;

/// <summary>
/// A service as it is deployed: under a name of its own, over TLS, with clients that know nothing but that name. The name leads to loopback.
/// </summary>
internal sealed partial class HostedService : IAsyncDisposable
{
    /// <summary>Where the client's connections come from: not from where a proxy's would.</summary>
    public const string CallersAddress = "127.0.0.5";

    private static readonly X509Certificate2 s_certificate = CreateCertificate();

    private readonly HostSetup _setup;
    private readonly WebApplication _app;
    private readonly WebApplication? _gateway;
    private readonly string _folder;
    private readonly CaughtMail _mail;

    private HostedService(HostSetup setup, WebApplication app, WebApplication? gateway, string folder, CaughtMail mail, CapturedLog log, DemoIdentityProvider provider)
    {
        (_setup, _app, _gateway, _folder, _mail, Log, Provider) = (setup, app, gateway, folder, mail, log, provider);
        Http = new HttpClient(setup.IsTestServer ? app.GetTestServer().CreateHandler() : ToLoopback(gateway ?? app));
    }

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public HttpClient Http { get; }

    public CapturedLog Log { get; }

    public DemoIdentityProvider Provider { get; }

    public IAgentAuthStore Store => _app.Services.GetRequiredService<IAgentAuthStore>();

    private static AgentAuthManifest Manifest { get; } = TestService.Manifest with
    {
        ProtectedResourceMetadata = writer =>
        {
            writer.Write("{\"resource\":\""u8);
            writer.Write(DocumentSlot.Resource);
            writer.Write("\",\"authorization_servers\":[\""u8);
            writer.Write(DocumentSlot.Issuer);
            writer.Write("\"]}"u8);
        },
        AuthorizationServerMetadata = writer =>
        {
            writer.Write("{\"issuer\":\""u8);
            writer.Write(DocumentSlot.Issuer);
            writer.Write("\",\"agent_auth\":{\"skill\":\""u8);
            writer.Write(DocumentSlot.AuthMdUrl);
            foreach (var (name, path) in new[] { ("register", "auth"), ("claim", "auth/claim"), ("revocation", "auth/revoke") })
            {
                writer.Write(System.Text.Encoding.UTF8.GetBytes($"\",\"{name}_uri\":\""));
                writer.Write(DocumentSlot.IssuerBase);
                writer.Write(System.Text.Encoding.UTF8.GetBytes($"/agent/{path}"));
            }

            writer.Write("\"}}"u8);
        },
    };

    public static async Task<HostedService> StartAsync(HostSetup setup)
    {
        var folder = Directory.CreateTempSubdirectory("agentauth-").FullName;
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var provider = await DemoIdentityProvider.StartAsync(options: new DemoIdentityProviderOptions { Clock = time }, cancellationToken: TestContext.Current.CancellationToken);
        var (mail, log) = (new CaughtMail(), new CapturedLog());
        var app = Build(setup, folder, time, mail, log, provider);
        WebApplication? gateway = null;
        try
        {
            await setup.Prepare(app.Services);
            await app.StartAsync(TestContext.Current.CancellationToken);
            if (setup.Gateway is { } routes)
            {
                gateway = BuildGateway(routes, app.Urls.Single());
                await gateway.StartAsync(TestContext.Current.CancellationToken);
            }
        }
        catch
        {
            await app.DisposeAsync();
            await provider.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }

        return new HostedService(setup, app, gateway, folder, mail, log, provider);
    }

    /// <summary>A path of the service, as the world knows it.</summary>
    public Uri Url(string path) => new(_setup.Url + path);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? key = null, Action<HttpRequestMessage>? change = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? Url(path) : new Uri(path)) { Content = content };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        change?.Invoke(request);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The link in the next mail.</summary>
    public async Task<Uri> NextLinkAsync() => new(Link().Match((await _mail.NextAsync()).Text).Value);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        await _app.DisposeAsync();
        await Provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        var leaks = Log.Text.Split('\n').Where(line => SecretForms.In(line).Any()).ToArray();
        Assert.True(leaks.Length == 0, $"Secrets stand in the log:\n{string.Join('\n', leaks)}");
    }

    private static WebApplication Build(HostSetup setup, string folder, TimeProvider time, IAgentMail mail, CapturedLog log, DemoIdentityProvider provider)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder, EnvironmentName = "Production" });
        Listen(builder, https: setup.Gateway is null, http: setup.Gateway is not null || setup.ListensToHttp);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton(time).AddSingleton(mail);
        AgentAuthServices.Add(builder.Services, Manifest, options =>
        {
            (options.Issuer, options.Resource) = (setup.Url, setup.Url);
            options.AllowLoopbackHttp = true;
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = provider.Issuer, Name = "Demo Agents" });
        });
        setup.Services(builder);
        if (setup.IsTestServer)
        {
            builder.WebHost.UseTestServer();
        }

        var app = builder.Build();
        setup.Pipeline(app);
        var agentAuth = AgentAuthEndpoints.For(setup.MapsAgentAuthOn(app), Manifest);
        agentAuth.MapDiscovery();
        agentAuth.MapRegistration();
        agentAuth.MapClaims();
        agentAuth.MapRevocation();
        agentAuth.MapOAuth();
        var api = setup.MapsApiOn(app);
        api.MapGet("/api/tickets", (ClaimsPrincipal user) => user.GetAgent()!.AccountId ?? "nobody").RequireAgentScope("tickets.read");
        api.MapPost("/api/tickets", () => "created").RequireAgentScope("tickets.write");
        api.MapGet("/both", (ClaimsPrincipal user) => user.GetAgent() is null ? "a person" : "an agent").RequireUserOrAgentScope("tickets.read");
        api.MapGet("/people", (ClaimsPrincipal user) => user.Identity!.IsAuthenticated ? "a person" : "nobody").RequireAuthorization();
        api.MapGet("/unsaid", Who);
        api.MapGet("/open", Who).AllowAnonymous();
        return app;

        static string Who(ClaimsPrincipal user) => user.Identity!.IsAuthenticated ? "somebody" : "nobody";
    }

    private static WebApplication BuildGateway(IReadOnlyList<RouteConfig> routes, string service)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        Listen(builder, https: true, http: false);

        // What a gateway logs is for those who run it to cut.
        builder.Logging.ClearProviders();
        builder.Services.AddReverseProxy().LoadFromMemory(
            routes,
            [new ClusterConfig { ClusterId = "service", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = service } } }]);
        var app = builder.Build();
        app.MapReverseProxy();
        return app;
    }

    private static void Listen(WebApplicationBuilder builder, bool https, bool http) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        if (https)
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(s_certificate));
        }

        if (http)
        {
            kestrel.Listen(IPAddress.Loopback, 0);
        }
    });

    /// <summary>Connects to a server on loopback, whatever name is asked for.</summary>
    private static SocketsHttpHandler ToLoopback(WebApplication server) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(s_certificate.RawData) },
        ConnectCallback = async (context, cancellationToken) =>
        {
            var scheme = context.DnsEndPoint.Port == 443 ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
            var port = server.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == scheme).Port;
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(CallersAddress), 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tickets.example", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // Some platforms serve no certificate whose key they have not loaded themselves.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    [GeneratedRegex(@"https://\S+/claim/view\?token=\S+")]
    private static partial Regex Link();
}

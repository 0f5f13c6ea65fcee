using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using AgentAuth.Manifest;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>What goes on for long ends with the credential that it began with.</summary>
public sealed class RevokedTests
{
    private static readonly AgentRevocationNote s_note = new("olga");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Finding("G20", "A stream of server-sent events that is open at a revocation, at an endpoint that watches `Revoked`", "It ends; that of another agent goes on")]
    [Fact]
    public async Task G20_an_open_stream_ends_with_its_credential()
    {
        await using var service = await TestService.StartAsync(endpoints: app => app.MapGet("/stream", StreamAsync).RequireAgentScope("tickets.read"));
        var (one, other) = (await service.RegisterAnonymouslyAsync(), await service.RegisterAnonymouslyAsync());
        using var ones = await OpenAsync(service, one.Text("credential"));
        using var others = await OpenAsync(service, other.Text("credential"));
        Assert.Equal("data: 1", await ones.ReadLineAsync(Token));
        Assert.Equal("data: 1", await others.ReadLineAsync(Token));
        Collect();

        await RevokeAsync(service, one);

        Assert.Equal("", await ones.ReadLineAsync(Token));
        Assert.Equal("event: revoked", await ones.ReadLineAsync(Token));
        Assert.Null(await ones.ReadLineAsync(Token));
        Assert.Equal(1, service.Services.GetRequiredService<CredentialWatch>().Count);
    }

    [Finding("G20", "A WebSocket that is open at a revocation, at an endpoint that watches `Revoked`", "It is closed")]
    [Fact]
    public async Task G20_an_open_WebSocket_is_closed_with_its_credential()
    {
        await using var service = await TestService.StartAsync(endpoints: app =>
        {
            app.UseWebSockets();
            app.MapGet("/socket", EchoAsync).RequireAgentScope("tickets.read");
        });
        var registered = await service.RegisterAnonymouslyAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + registered.Text("credential"));
        await socket.ConnectAsync(new UriBuilder(service.Client.BaseAddress!) { Scheme = "ws", Path = "/socket" }.Uri, Token);
        var buffer = new byte[16];
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
        Assert.Equal(5, (await socket.ReceiveAsync(buffer, Token)).Count);
        Collect();

        await RevokeAsync(service, registered);

        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(buffer, Token)).MessageType);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
    }

    [Finding("G20", "A connection to a hub that is open at a revocation, over WebSockets, server-sent events and long polling", "It is closed, without a line of the app's; that of another agent goes on")]
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task G20_an_open_connection_to_a_hub_is_closed_with_its_credential(HttpTransportType transport)
    {
        await using var service = await TestService.StartAsync(
            services: services => services.AddSignalR(),
            endpoints: app => app.MapHub<EchoHub>("/hub").RequireAgentScope("tickets.read"));
        var (one, other) = (await service.RegisterAnonymouslyAsync(), await service.RegisterAnonymouslyAsync());
        await using var ones = await ConnectAsync(service, one.Text("credential"), transport);
        await using var others = await ConnectAsync(service, other.Text("credential"), transport);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ones.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        Assert.Equal("hello", await ones.InvokeAsync<string>("Echo", "hello", Token));

        // The connection of a long poll is held by nothing of the request that opened it.
        Collect();
        await RevokeAsync(service, one);

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal("hello", await others.InvokeAsync<string>("Echo", "hello", Token));
    }

    [Finding("G20", "Whatever ends a credential: an operator, its user's \"This wasn't me\", a claim that replaces it, the tenth wrong code, its expiry", "`Revoked` is cancelled when that is answered, and that of another agent is not")]
    [Theory]
    [InlineData("registration")]
    [InlineData("everything")]
    [InlineData("declined")]
    [InlineData("replaced")]
    [InlineData("guessed")]
    [InlineData("expired")]
    public async Task G20_whatever_ends_a_credential_is_told(string how)
    {
        var watched = new Watched();
        await using var service = await StartAsync(watched, TestService.Manifest with { Anonymous = new AnonymousMethod { RotateOnClaim = true } });
        var other = await service.RegisterAnonymouslyAsync();
        service.Time.Advance(TimeSpan.FromHours(1));
        var registered = await service.RegisterAnonymouslyAsync();
        var (revoked, others) = (await watched.ByAsync(service, registered), await watched.ByAsync(service, other));
        Assert.False(revoked.IsCancellationRequested);

        switch (how)
        {
            case "registration":
                await RevokeAsync(service, registered);
                break;
            case "everything":
                await service.Services.GetRequiredService<IAgentAccess>().RevokeAsync(AgentAccessTarget.Everything, s_note, Token);
                break;
            case "declined":
                await service.PostAsync("/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "user@example.com" });
                await service.PostAsync("/agent/auth/claim/attempt/decline", new { claim_attempt_token = await service.NextLinkTokenAsync() });
                break;
            case "replaced":
                await CompleteAsync(service, registered);
                break;
            case "guessed":
                await GuessAsync(service, registered, times: 10);
                break;
            default:
                service.Time.Advance(TestService.Manifest.Lifetimes.UnclaimedRegistration);
                break;
        }

        Assert.True(revoked.IsCancellationRequested);
        Assert.Equal(how is "everything" or "expired", others.IsCancellationRequested);
        Assert.Equal(how is "everything" or "expired" ? 0 : 1, service.Services.GetRequiredService<CredentialWatch>().Count);
    }

    [Finding("G20", "A provider's logout token, and an operator who ends an account", "`Revoked` of the agents that it concerns is cancelled")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G20_the_end_of_an_identity_or_an_account_is_told(bool byProvider)
    {
        var watched = new Watched();
        await using var pair = await ServiceWithProvider.StartAsync(services: services => services.AddSingleton(watched), endpoints: MapWatch);
        var registered = await pair.RegisterAsync(pair.Mint());
        var account = (await pair.Service.GetAsync("/api/tickets", registered.Text("credential"))).Body;
        var revoked = await watched.ByAsync(pair.Service, registered);
        Assert.False(revoked.IsCancellationRequested);

        if (byProvider)
        {
            await pair.LogoutAsync(pair.MintLogout());
        }
        else
        {
            await pair.Service.Services.GetRequiredService<IAgentAccess>().RevokeAsync(AgentAccessTarget.Account(account), s_note, Token);
        }

        Assert.True(revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task A_claim_that_the_key_outlives_cancels_nothing_and_its_expiry_is_the_keys_from_then_on()
    {
        var watched = new Watched();
        await using var service = await StartAsync(watched);
        var registered = await service.RegisterAnonymouslyAsync();
        var revoked = await watched.ByAsync(service, registered);

        await CompleteAsync(service, registered);
        service.Time.Advance(TestService.Manifest.Lifetimes.UnclaimedRegistration);
        Assert.False(revoked.IsCancellationRequested);

        await RevokeAsync(service, registered);
        Assert.True(revoked.IsCancellationRequested);
    }

    [Finding("G20", "A revocation between the moment a request is let in and that in which the app begins to watch", "The token that it gets is cancelled already")]
    [Fact]
    public async Task G20_what_was_revoked_before_somebody_watched_is_cancelled_at_once()
    {
        await using var service = await TestService.StartAsync(endpoints: app => app.MapGet("/late", async (HttpContext http, IAgentAccess access) =>
        {
            var agent = http.User.GetAgent()!;
            await access.RevokeAsync(AgentAccessTarget.Registration(agent.RegistrationId), s_note, http.RequestAborted);
            return agent.Revoked.IsCancellationRequested ? "cancelled" : "goes on";
        }).RequireAgentScope("tickets.read"));

        Assert.Equal("cancelled", (await service.GetAsync("/late", (await service.RegisterAnonymouslyAsync()).Text("credential"))).Body);
    }

    [Finding("G20", "A store that cannot say whether a watched credential is good", "What goes on under it ends")]
    [Fact]
    public async Task G20_where_nobody_can_tell_it_is_over()
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use, endpoints: app => app
            .MapGet("/down", (HttpContext http) => http.User.GetAgent()!.Revoked.IsCancellationRequested ? "cancelled" : "goes on")
            .RequireAgentScope("tickets.read"));
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        var looked = 0;
        RecordingStore.Before(service, nameof(IAgentAuthStore.FindCredentialAsync), () =>
        {
            if (++looked == 2)
            {
                throw new AgentAuthStorageException("The disk is gone.");
            }
        });

        var answer = await service.GetAsync("/down", key);

        Assert.Equal("cancelled", answer.Body);
    }

    [Fact]
    public async Task What_the_app_throws_when_it_is_told_stops_no_revocation_and_nobody_else_from_being_told()
    {
        var watched = new Watched();
        await using var service = await StartAsync(watched);
        var registered = await service.RegisterAnonymouslyAsync();
        var (first, second) = (await watched.ByAsync(service, registered), await watched.ByAsync(service, registered));
        await using var registration = first.Register(static () => throw new InvalidOperationException("On purpose."));

        Assert.Equal(1, (await RevokeAsync(service, registered)).Credentials);

        Assert.True(first.IsCancellationRequested);
        Assert.True(second.IsCancellationRequested);
    }

    [Fact]
    public async Task What_the_app_throws_when_it_is_told_is_in_the_log()
    {
        await using var service = await TestService.StartAsync(services: RecordingStore.Use);
        var watch = service.Services.GetRequiredService<CredentialWatch>();
        using var watched = watch.Watch(SecretHash.Of((await service.RegisterAnonymouslyAsync()).Text("credential")));
        await using var registration = watched.Token.Register(static () => throw new InvalidOperationException("On purpose."));
        RecordingStore.Before(service, nameof(IAgentAuthStore.FindCredentialAsync), () => throw new AgentAuthStorageException("Down."));

        await watch.LookAtAsync(watched);

        Assert.True(watched.IsCancellationRequested);
        Assert.Contains("Error: Whether a credential is good could not be found out", service.Log.Text, StringComparison.Ordinal);
        Assert.Contains("Error: The app threw an exception where it was told", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ordinary_requests_watch_nothing_and_a_watch_goes_with_the_last_who_holds_its_token()
    {
        var watched = new Watched();
        await using var service = await StartAsync(watched);
        var watch = service.Services.GetRequiredService<CredentialWatch>();
        var registered = await service.RegisterAnonymouslyAsync();
        await service.GetAsync("/api/tickets", registered.Text("credential"));
        Assert.Equal(0, watch.Count);

        // The request is over, and what it began in the background holds the token.
        for (var i = 0; i < 20; i++)
        {
            await service.GetAsync("/watch", registered.Text("credential"));
        }

        Collect();
        Assert.Equal((20, 1), (watch.Count, watch.CredentialCount));
        await ForgetAsync(service, watched);
        Assert.Equal((0, 0), (watch.Count, watch.CredentialCount));

        // One that is given up leaves the other.
        using var other = watch.Watch(SecretHash.Of(registered.Text("credential")));
        watch.Watch(SecretHash.Of(registered.Text("credential"))).Dispose();
        Assert.Equal((1, 1), (watch.Count, watch.CredentialCount));
    }

    [Fact]
    public void An_agent_that_no_request_brought_is_never_revoked() =>
        Assert.False(new AuthenticatedAgent(new CredentialRecord
        {
            Id = "cred_1",
            Type = CredentialType.ApiKey,
            Scopes = [],
            ExpiresAt = null,
            IsRevoked = false,
            RegistrationId = "reg_1",
            RegistrationType = AgentRegistrationType.Anonymous,
            AccountId = null,
        }).Revoked.CanBeCanceled);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    // What the last requests left in registers and pooled objects is gone when others have passed.
    private static async Task ForgetAsync(TestService service, Watched watched)
    {
        watched.Clear();
        for (var i = 0; i < 50 && service.Services.GetRequiredService<CredentialWatch>().Count > 0; i++)
        {
            await service.GetAsync("/nowhere");
            Collect();
        }
    }

    private static Task<TestService> StartAsync(Watched watched, AgentAuthManifest? manifest = null) =>
        TestService.StartAsync(manifest, services: services => services.AddSingleton(watched), endpoints: MapWatch);

    private static void MapWatch(WebApplication app) =>
        app.MapGet("/watch", (HttpContext http, Watched watched) => watched.Add(http.User.GetAgent()!)).RequireAgentScope("tickets.read");

    private static async Task<AgentAccessRevoked> RevokeAsync(TestService service, Answer registered) =>
        await service.Services.GetRequiredService<IAgentAccess>().RevokeAsync(AgentAccessTarget.Registration(registered.Text("registration_id")), s_note, Token);

    private static async Task CompleteAsync(TestService service, Answer registered)
    {
        await service.PostAsync("/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "user@example.com" });
        var code = await service.ShowCodeAsync(await service.NextLinkTokenAsync());
        var completed = await service.PostAsync("/agent/auth/claim/complete", new { claim_token = registered.Text("claim_token"), otp = code });
        Assert.Equal("claimed", completed.Text("status"));
    }

    private static async Task GuessAsync(TestService service, Answer registered, int times)
    {
        await service.PostAsync("/agent/auth/claim", new { claim_token = registered.Text("claim_token"), email = "user@example.com" });
        var link = await service.NextLinkTokenAsync();
        for (var i = 0; i < times; i++)
        {
            var code = await service.ShowCodeAsync(link);
            await service.PostAsync("/agent/auth/claim/complete", new { claim_token = registered.Text("claim_token"), otp = code == "000000" ? "111111" : "000000" });
        }
    }

    private static async Task StreamAsync(HttpContext http)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, http.User.GetAgent()!.Revoked);
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("data: 1\n\n", ended.Token);
        await http.Response.Body.FlushAsync(ended.Token);
        try
        {
            await Task.Delay(Timeout.Infinite, ended.Token);
        }
        catch (OperationCanceledException)
        {
            await http.Response.WriteAsync("event: revoked", http.RequestAborted);
        }
    }

    private static async Task<StreamReader> OpenAsync(TestService service, string credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Client.BaseAddress!, "/stream"));
        request.Headers.Authorization = new("Bearer", credential);
        var client = new HttpClient();
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        return new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(Token));
    }

    private static async Task EchoAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var revoked = http.User.GetAgent()!.Revoked;

        // A socket that is read when its token is cancelled is aborted, so it is closed from beside.
        await using var closing = revoked.Register(() => _ = socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "revoked", CancellationToken.None));
        var buffer = new byte[16];
        for (WebSocketReceiveResult got; (got = await socket.ReceiveAsync(buffer, http.RequestAborted)).MessageType != WebSocketMessageType.Close;)
        {
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, http.RequestAborted);
        }
    }

    private static async Task<HubConnection> ConnectAsync(TestService service, string credential, HttpTransportType transport)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(service.Client.BaseAddress!, "/hub"), transport, options => options.AccessTokenProvider = () => Task.FromResult<string?>(credential))
            .Build();
        await connection.StartAsync(Token);
        return connection;
    }

#pragma warning disable CA1822 // SignalR calls methods of an instance.
    private sealed class EchoHub : Hub
    {
        public string Echo(string text) => text;
    }
#pragma warning restore CA1822

    /// <summary>The tokens that an endpoint was given, and nothing else of the agents.</summary>
    private sealed class Watched
    {
        private readonly ConcurrentStack<CancellationToken> _tokens = new();

        public void Add(AuthenticatedAgent agent) => _tokens.Push(agent.Revoked);

        public void Clear() => _tokens.Clear();

        public async Task<CancellationToken> ByAsync(TestService service, Answer registered)
        {
            await service.GetAsync("/watch", registered.Text("credential"));
            Assert.True(_tokens.TryPeek(out var token));
            return token;
        }
    }
}

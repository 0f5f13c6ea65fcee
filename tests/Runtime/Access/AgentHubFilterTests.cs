using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using AgentAuth.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentAuth.Access;

/// <summary>What agents, people and nobody get from the methods of hubs, called by a real client.</summary>
public sealed class AgentHubFilterTests
{
    private const string LacksWrite = "The credential lacks a scope: tickets.read, tickets.write is needed here.";
    private const string NotForAgents = "This method is not open to agents, whatever scopes they hold.";
    private const string NeedsCredential = "An agent credential is needed.";
    private const string Invalid = "The credential is unknown, expired or revoked.";

    [Finding("G1", "an agent with `tickets.read` calls methods of a hub that have `[AgentScope(tickets.write)]`, `[DenyAgents]`, `[AgentStepUp]` or an `[Authorize]` that says nothing about agents, over long polling, server-sent events and WebSockets", "each call is refused with a sentence; what the hub's class asks for is enough for the rest")]
    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task G1_each_call_of_a_hubs_method_is_judged_whatever_the_transport(HttpTransportType transport)
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        await using var hub = await ConnectAsync(service, "/guarded", key, transport);

        Assert.Equal("read", await hub.InvokeAsync<string>("Read", Token));
        await RefusesAsync(LacksWrite, () => hub.InvokeAsync<string>("Write", Token));
        await RefusesAsync(LacksWrite, () => hub.InvokeAsync<string>("WriteForBoth", Token));
        await RefusesAsync(NotForAgents, () => hub.InvokeAsync<string>("Denied", Token));
        await RefusesAsync(NotForAgents, () => hub.InvokeAsync<string>("DeniedAndScoped", Token));
        await RefusesAsync("user is unauthorized", () => hub.InvokeAsync<string>("SignedIn", Token));
        await RefusesAsync(NotForAgents, () => hub.InvokeAsync<string>("OwnPolicy", Token));
        await RefusesAsync("The sign-in behind the credential is not enough here.", () => hub.InvokeAsync<string>("Fresh", Token));
        Assert.Equal("signed in and scoped", await hub.InvokeAsync<string>("SignedInAndScoped", Token));
        Assert.Equal(["Read", "SignedInAndScoped"], Calls(service));
    }

    [Finding("G1", "the same on streaming methods, in both directions", "refused before the first item")]
    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task G1_streaming_methods_of_a_hub_are_judged(HttpTransportType transport)
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        await using var hub = await ConnectAsync(service, "/guarded", key, transport);

        Assert.Equal("1 2", string.Join(" ", await ItemsAsync("StreamRead")));
        await RefusesAsync(LacksWrite, () => ItemsAsync("StreamWrite"));
        await RefusesAsync(NotForAgents, () => hub.InvokeAsync("Upload", Items(), Token));
        Assert.Equal(["StreamRead"], Calls(service));

        async Task<int[]> ItemsAsync(string method)
        {
            var items = new List<int>();
            await foreach (var item in hub.StreamAsync<int>(method, Token))
            {
                items.Add(item);
            }

            return [.. items];
        }

        static async IAsyncEnumerable<int> Items()
        {
            yield return 1;
            await Task.CompletedTask;
        }
    }

    [Finding("G1", "`[DenyAgents]` on a method that the hub's class inherits or overrides, or that clients know by another name", "counts")]
    [Fact]
    public async Task G1_attributes_of_overridden_inherited_and_renamed_methods_count()
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        await using var hub = await ConnectAsync(service, "/guarded", key);

        await RefusesAsync(NotForAgents, () => hub.InvokeAsync<string>("Inherited", Token));
        await RefusesAsync(NotForAgents, () => hub.InvokeAsync<string>("Overridden", Token));
        await RefusesAsync(NotForAgents, () => hub.InvokeAsync<string>("renamed", Token));
        Assert.Empty(Calls(service));
    }

    [Finding("G1", "a hub's method whose filter of the app's own was added before ours, for one hub only, or behind ours", "the app's filters never see a call that is refused")]
    [Fact]
    public async Task G1_the_filter_is_the_outermost_whatever_the_app_adds()
    {
        var seen = new ConcurrentQueue<string>();
        await using var service = await StartAsync(services =>
        {
            // As if the app had called AddSignalR before AddAgentAuth.
            var ours = services.IndexOf(services.Single(service => service.ImplementationType == typeof(AgentHubFilterSetup)));
            services.Insert(ours + 1, ServiceDescriptor.Singleton<IConfigureOptions<HubOptions>>(
                new ConfigureOptions<HubOptions>(options => options.AddFilter(new SeeingFilter(seen, "before")))));
            services.AddSignalR(options => options.AddFilter(new SeeingFilter(seen, "all")))
                .AddHubOptions<GuardedHub>(options => options.AddFilter(new SeeingFilter(seen, "one")));
        });
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        await using var hub = await ConnectAsync(service, "/guarded", key);

        await RefusesAsync(NotForAgents, () => hub.InvokeAsync<string>("Denied", Token));
        Assert.Empty(seen);
        Assert.Equal("read", await hub.InvokeAsync<string>("Read", Token));
        Assert.Equal(["before", "all", "one"], seen);
    }

    [Finding("G1", "a connection to a hub whose credential is revoked, or expires, goes on calling methods that say nothing themselves", "each call is refused")]
    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task G1_a_dead_credential_does_not_go_on_calling(HttpTransportType transport)
    {
        await using var service = await StartAsync();
        var revoked = await service.RegisterAnonymouslyAsync();
        await using var ofRevoked = await ConnectAsync(service, "/guarded", revoked.Text("credential"), transport);
        await using var ofExpired = await ConnectAsync(service, "/guarded", (await service.RegisterAnonymouslyAsync()).Text("credential"), transport);
        Assert.Equal("read", await ofRevoked.InvokeAsync<string>("Read", Token));

        await service.Services.GetRequiredService<IAgentAccess>().RevokeAsync(
            AgentAccessTarget.Registration(revoked.Text("registration_id")), new AgentRevocationNote("olga"), Token);

        await RefusesDeadAsync(ofRevoked);
        if (transport == HttpTransportType.LongPolling)
        {
            Assert.Equal("credential.used_after_revocation", (await service.Store.ReadAuditAsync(null, 1, Token))[0].Name);
        }

        Assert.Equal("read", await ofExpired.InvokeAsync<string>("Read", Token));
        service.Time.Advance(TimeSpan.FromHours(24));
        await RefusesDeadAsync(ofExpired);
        Assert.Equal(["Read", "Read"], Calls(service));

        // With long polling each call is a request, which is refused before it gets to the hub, and so is the poll. Another connection is closed by us, and
        // a call that was quicker is refused by the filter.
        static Task RefusesDeadAsync(HubConnection hub) => Assert.ThrowsAnyAsync<Exception>(() => hub.InvokeAsync<string>("Read", Token));
    }

    [Finding("G1", "a connection to a hub whose credential has lost, or gained, a scope meanwhile", "what it holds now counts, and is what the method sees")]
    [Fact]
    public async Task G1_the_scopes_of_now_count_and_are_what_the_method_sees()
    {
        await using var service = await StartAsync(ChangingStore.Use);
        var store = (ChangingStore)(object)service.Store;
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        await using var hub = await ConnectAsync(service, "/guarded", key);

        store.Scopes = ["tickets.read", "tickets.write"];
        Assert.Equal("tickets.read tickets.write", await hub.InvokeAsync<string>("Scopes", Token));
        store.Scopes = ["tickets.write"];
        await RefusesAsync("The credential lacks a scope: tickets.read is needed here.", () => hub.InvokeAsync<string>("Read", Token));
        store.Scopes = null;
        Assert.Equal("tickets.read", await hub.InvokeAsync<string>("Scopes", Token));
    }

    [Finding("G1", "a connection to a hub with `[AgentStepUp(MaxAge = 600)]`, ten minutes later", "the sign-in is judged at each call")]
    [Fact]
    public async Task G1_a_sign_in_that_has_grown_old_does_not_go_on_calling()
    {
        await using var pair = await ServiceWithProvider.StartAsync(services: AddHubs, endpoints: Map);
        var token = (await pair.RegisterAsync(pair.Mint(request => request with { AuthenticationTime = pair.Service.Time.GetUtcNow() }))).Text("credential");
        await using var hub = await ConnectAsync(pair.Service, "/fresh", token);

        Assert.Equal("ok", await hub.InvokeAsync<string>("Ping", Token));
        Assert.Equal("ok", await hub.InvokeAsync<string>("Fresher", Token));
        pair.Service.Time.Advance(TimeSpan.FromMinutes(7));
        Assert.Equal("ok", await hub.InvokeAsync<string>("Ping", Token));
        await RefusesAsync("`auth_time` at most 300 seconds ago", () => hub.InvokeAsync<string>("Fresher", Token));
        pair.Service.Time.Advance(TimeSpan.FromMinutes(5));
        await RefusesAsync("`auth_time` at most 600 seconds ago", () => hub.InvokeAsync<string>("Ping", Token));
    }

    [Finding("G1", "nobody, a person and an agent on a hub that is open to everybody and has methods with `[AgentScope]`, `[UserOrAgentScope]`, `[DenyAgents]` and `[Authorize]`", "the methods are guarded; elsewhere the agent is nobody")]
    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task G1_methods_of_an_open_hub_are_guarded(HttpTransportType transport)
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        var cookie = await SignInAsync(service);
        await using var nobody = await ConnectAsync(service, "/open", null, transport);
        await using var person = await ConnectAsync(service, "/open", null, transport, cookie);
        await using var agent = await ConnectAsync(service, "/open", key, transport, cookie);
        await using var refused = await ConnectAsync(service, "/open", "agk_000000000000000000000000000000000000", transport, cookie);

        Assert.Equal(("nobody", "alice", "nobody", "nobody"), (
            await nobody.InvokeAsync<string>("Unsaid", Token), await person.InvokeAsync<string>("Unsaid", Token),
            await agent.InvokeAsync<string>("Unsaid", Token), await refused.InvokeAsync<string>("Unsaid", Token)));

        await RefusesAsync(NeedsCredential, () => nobody.InvokeAsync<string>("Read", Token));
        await RefusesAsync(NeedsCredential, () => person.InvokeAsync<string>("Read", Token));
        Assert.Equal("an agent", await agent.InvokeAsync<string>("Read", Token));
        await RefusesAsync(Invalid, () => refused.InvokeAsync<string>("Read", Token));

        await RefusesAsync(NeedsCredential, () => nobody.InvokeAsync<string>("Both", Token));
        Assert.Equal("alice", await person.InvokeAsync<string>("Both", Token));
        await RefusesAsync("The credential lacks a scope: tickets.write is needed here.", () => agent.InvokeAsync<string>("Both", Token));
        await RefusesAsync(Invalid, () => refused.InvokeAsync<string>("Both", Token));

        Assert.Equal(("nobody", "alice"), (await nobody.InvokeAsync<string>("Denied", Token), await person.InvokeAsync<string>("Denied", Token)));
        await RefusesAsync(NotForAgents, () => agent.InvokeAsync<string>("Denied", Token));
        await RefusesAsync(Invalid, () => refused.InvokeAsync<string>("Denied", Token));

        await RefusesAsync("user is unauthorized", () => nobody.InvokeAsync<string>("SignedIn", Token));
        Assert.Equal("alice", await person.InvokeAsync<string>("SignedIn", Token));
        await RefusesAsync("user is unauthorized", () => agent.InvokeAsync<string>("SignedIn", Token));
    }

    [Finding("G1", "hubs that are guarded where they are mapped, by conventions and by metadata", "the same")]
    [Fact]
    public async Task G1_what_is_said_where_a_hub_is_mapped_counts()
    {
        await using var service = await StartAsync();
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");

        foreach (var path in (string[])["/denied", "/unsaid", "/scoped-and-denied"])
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => ConnectAsync(service, path, key));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        await using var hub = await ConnectAsync(service, "/scoped", key);
        Assert.Equal("ok", await hub.InvokeAsync<string>("Ping", Token));
        await RefusesAsync("The credential lacks a scope: tickets.read, tickets.write is needed here.", () => hub.InvokeAsync<string>("Write", Token));
    }

    [Finding("G1", "a person on a hub with `[UserOrAgentScope]` and methods with `[AgentScope]`, `[UserOrAgentScope]` and `[DenyAgents]`", "a person is asked for no scope, and is no agent")]
    [Fact]
    public async Task G1_people_are_asked_for_no_scope_and_are_no_agents()
    {
        await using var service = await StartAsync();
        await using var hub = await ConnectAsync(service, "/guarded", null, cookie: await SignInAsync(service));

        Assert.Equal("read", await hub.InvokeAsync<string>("Read", Token));
        Assert.Equal("denied", await hub.InvokeAsync<string>("Denied", Token));
        Assert.Equal("written", await hub.InvokeAsync<string>("WriteForBoth", Token));
        Assert.Equal("fresh", await hub.InvokeAsync<string>("Fresh", Token));
        Assert.Equal("signed in", await hub.InvokeAsync<string>("SignedIn", Token));
        await RefusesAsync(NeedsCredential, () => hub.InvokeAsync<string>("Write", Token));
    }

    [Finding("G1", "a hub's call while the store is down", "refused, and told to come back")]
    [Fact]
    public async Task G1_no_call_is_let_in_while_nobody_can_be_told_apart()
    {
        await using var service = await StartAsync(ChangingStore.Use);
        var store = (ChangingStore)(object)service.Store;
        var key = (await service.RegisterAnonymouslyAsync()).Text("credential");
        await using var hub = await ConnectAsync(service, "/guarded", key);

        // The client is connected before the hub has asked whether the credential is good still; the first call waits for that.
        Assert.Equal("read", await hub.InvokeAsync<string>("Read", Token));
        store.IsDown = true;
        await RefusesAsync("again", () => hub.InvokeAsync<string>("Read", Token));
        store.IsDown = false;

        Assert.Equal("read", await hub.InvokeAsync<string>("Read", Token));
        Assert.Contains("Error: The credential store is unavailable", service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G1", "a hub whose connections come without a request of ours (Kestrel's `UseHub`, Azure SignalR)", "the class's attributes count at each call, and claims that a service copied from an agent make nobody of it")]
    [Fact]
    public async Task G1_without_a_request_the_attributes_of_the_class_count()
    {
        await using var service = await StartAsync();
        var person = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "Cookies"));
        var copied = new ClaimsPrincipal(new ClaimsIdentity([new Claim("agent_registration", "reg_1"), new Claim("scope", "tickets.read")], AgentAuthDefaults.AuthenticationScheme));

        Assert.Null(await RefusalAsync(new GuardedHub(new Called()), "Read", person));
        Assert.Null(await RefusalAsync(new GuardedHub(new Called()), "Read", new ClaimsPrincipal([new ClaimsIdentity(), .. person.Identities])));
        Assert.StartsWith(NeedsCredential, await RefusalAsync(new GuardedHub(new Called()), "Read", null), StringComparison.Ordinal);
        Assert.StartsWith(NeedsCredential, await RefusalAsync(new GuardedHub(new Called()), "Read", new ClaimsPrincipal()), StringComparison.Ordinal);
        Assert.StartsWith(Invalid, await RefusalAsync(new GuardedHub(new Called()), "Read", copied), StringComparison.Ordinal);
        Assert.StartsWith(Invalid, await RefusalAsync(new SignedInHub(), "Ping", copied), StringComparison.Ordinal);
        Assert.Null(await RefusalAsync(new SignedInHub(), "Ping", person));
        Assert.StartsWith(NeedsCredential, await RefusalAsync(new DerivedHub(new Called()), "Read", null), StringComparison.Ordinal);
        Assert.StartsWith(Invalid, await RefusalAsync(new OpenByClassHub(), "Denied", copied), StringComparison.Ordinal);

        // Nor does an agent call what no endpoint has refused to it.
        var registered = await service.RegisterAnonymouslyAsync();
        var hash = SecretHash.Of(registered.Text("credential"));
        var agent = new ClaimsPrincipal(new AgentClaimsIdentity((await service.Store.FindCredentialAsync(hash, Token))!, hash));
        Assert.Null(await RefusalAsync(new GuardedHub(new Called()), "Read", agent));
        Assert.Equal(NotForAgents, await RefusalAsync(new DeniedHub(), "Ping", agent));
        Assert.Equal(NotForAgents, await RefusalAsync(new SignedInHub(), "Ping", agent));
        Assert.Equal(NotForAgents, await RefusalAsync(new SteppedUpHub(), "Ping", agent));
        Assert.StartsWith(Invalid, await RefusalAsync(new SteppedUpHub(), "Ping", copied), StringComparison.Ordinal);
        Assert.Null(await RefusalAsync(new OpenByClassHub(), "Denied", null));
        Assert.Null(await RefusalAsync(new OpenByClassHub(), "Unsaid", copied));

        async Task<string?> RefusalAsync(Hub hub, string method, ClaimsPrincipal? user)
        {
            var context = new HubInvocationContext(new BareCaller(user), service.Services, hub, hub.GetType().GetMethod(method)!, []);
            try
            {
                Assert.Equal("called", await service.Services.GetRequiredService<AgentHubFilter>().InvokeMethodAsync(context, _ => ValueTask.FromResult<object?>("called")));
                return null;
            }
            catch (HubException e)
            {
                return e.Message;
            }
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task RefusesAsync(string why, Func<Task> call) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<HubException>(call)).Message, StringComparison.Ordinal);

    private static string[] Calls(TestService service) => [.. service.Services.GetRequiredService<Called>()];

    private static async Task<HubConnection> ConnectAsync(
        TestService service, string path, string? credential, HttpTransportType transport = HttpTransportType.WebSockets, string? cookie = null)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(service.Client.BaseAddress!, path), transport, options =>
            {
                if (credential is not null)
                {
                    options.Headers["Authorization"] = $"Bearer {credential}";
                }

                if (cookie is not null)
                {
                    options.Headers["Cookie"] = cookie;
                }
            })
            .Build();
        try
        {
            await connection.StartAsync(Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<string> SignInAsync(TestService service) => (await service.GetAsync("/sign-in")).Headers["Set-Cookie"].Split(';')[0];

    private static Task<TestService> StartAsync(Action<IServiceCollection>? services = null) => TestService.StartAsync(
        services: collection =>
        {
            AddHubs(collection);
            services?.Invoke(collection);
        },
        endpoints: Map);

    private static void AddHubs(IServiceCollection services)
    {
        services.AddSignalR();
        services.AddAuthentication().AddCookie();
        services.AddSingleton<Called>();
    }

    private static void Map(WebApplication app)
    {
        app.MapHub<GuardedHub>("/guarded");
        app.MapHub<FreshHub>("/fresh");
        app.MapHub<OpenHub>("/open").AllowAnonymous();
        app.MapHub<PlainHub>("/unsaid");
        app.MapHub<PlainHub>("/denied").WithMetadata(new DenyAgentsAttribute());
        app.MapHub<PlainHub>("/scoped").WithMetadata(new AgentScopeAttribute("tickets.read"));
        app.MapGroup("/scoped-and-denied").DenyAgents().MapHub<PlainHub>("").RequireAgentScope("tickets.read");
        app.MapGet("/sign-in", (HttpContext http) => http.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "password")))).AllowAnonymous();
    }

    /// <summary>The methods that were called.</summary>
    private sealed class Called : ConcurrentQueue<string>
    {
        public T Note<T>(T result, [CallerMemberName] string method = "")
        {
            Enqueue(method);
            return result;
        }
    }

    private abstract class BaseHub(Called called) : Hub
    {
        [DenyAgents]
        public string Inherited() => called.Note("inherited");

        [DenyAgents]
        public virtual string Overridden() => called.Note("overridden");
    }

    [UserOrAgentScope("tickets.read")]
    private class GuardedHub(Called called) : BaseHub(called)
    {
        private readonly Called _called = called;

        public string Read() => _called.Note("read");

        public string Scopes() => string.Join(' ', Context.User!.GetAgent()!.Scopes);

        [AgentScope("tickets.write")]
        public string Write() => _called.Note("written");

        [UserOrAgentScope("tickets.write")]
        public string WriteForBoth() => _called.Note("written");

        [DenyAgents]
        public string Denied() => _called.Note("denied");

        [DenyAgents]
        [AgentScope("tickets.read")]
        public string DeniedAndScoped() => _called.Note("denied");

        [Authorize]
        public string SignedIn() => _called.Note("signed in");

        [Authorize]
        [AgentScope("tickets.read")]
        public string SignedInAndScoped() => _called.Note("signed in and scoped");

        [Own]
        public string OwnPolicy() => _called.Note("own");

        [AgentStepUp(MaxAge = 600)]
        public string Fresh() => _called.Note("fresh");

        public override string Overridden() => _called.Note("overridden");

        [HubMethodName("renamed")]
        [DenyAgents]
        public string Named() => _called.Note("named");

        public async IAsyncEnumerable<int> StreamRead()
        {
            yield return _called.Note(1);
            await Task.CompletedTask;
            yield return 2;
        }

        [AgentScope("tickets.write")]
        public async IAsyncEnumerable<int> StreamWrite()
        {
            yield return _called.Note(1);
            await Task.CompletedTask;
        }

        [DenyAgents]
        public async Task Upload(IAsyncEnumerable<int> items)
        {
            await foreach (var item in items)
            {
                _called.Note(item);
            }
        }
    }

#pragma warning disable CA1822 // SignalR calls no static methods.
    [AgentScope("tickets.read")]
    [AgentStepUp(MaxAge = 600)]
    private sealed class FreshHub : Hub
    {
        public string Ping() => "ok";

        [AgentStepUp(MaxAge = 300)]
        public string Fresher() => "ok";
    }

    private sealed class OpenHub : Hub
    {
        public string Unsaid() => Who();

        [AgentScope("tickets.read")]
        public string Read() => Who();

        [UserOrAgentScope("tickets.write")]
        public string Both() => Who();

        [DenyAgents]
        public string Denied() => Who();

        [Authorize]
        public string SignedIn() => Who();

        private string Who() => Context.User?.GetAgent() is not null ? "an agent" : Context.User?.Identity?.Name ?? "nobody";
    }

    // What its base class asks for counts.
    private sealed class DerivedHub(Called called) : GuardedHub(called);

    [DenyAgents]
    private sealed class DeniedHub : Hub
    {
        public string Ping() => "ok";
    }

    [AgentStepUp(MaxAge = 600)]
    private sealed class SteppedUpHub : Hub
    {
        public string Ping() => "ok";
    }

    [Authorize]
    private sealed class SignedInHub : Hub
    {
        public string Ping() => "ok";
    }

    [AllowAnonymous]
    private sealed class OpenByClassHub : Hub
    {
        public string Unsaid() => "ok";

        [DenyAgents]
        public string Denied() => "ok";
    }

    private sealed class PlainHub : Hub
    {
        public string Ping() => "ok";

        [AgentScope("tickets.write")]
        public string Write() => "ok";
    }
#pragma warning restore CA1822

    /// <summary>A guard of the app's own, which a filter of the app's own would read.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class OwnAttribute : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [];
    }

    private sealed class SeeingFilter(ConcurrentQueue<string> seen, string name) : IHubFilter
    {
        public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
        {
            seen.Enqueue(name);
            return next(invocationContext);
        }
    }

    private sealed class BareCaller(ClaimsPrincipal? user) : HubCallerContext
    {
        public override string ConnectionId => "1";

        public override string? UserIdentifier => null;

        public override ClaimsPrincipal? User => user;

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => CancellationToken.None;

        public override void Abort()
        {
        }
    }

#pragma warning disable CA1852 // DispatchProxy derives from it.
    /// <summary>The real store, whose credentials change in the running test when that says so.</summary>
    private class ChangingStore : DispatchProxy, IAsyncDisposable
#pragma warning restore CA1852
    {
        private IAgentAuthStore _inner = null!;

        public string[]? Scopes { get; set; }

        public bool IsDown { get; set; }

        public static void Use(IServiceCollection services)
        {
            TestService.RemoveSweeper(services);
            var real = services.Last(service => service.ServiceType == typeof(IAgentAuthStore)).ImplementationFactory!;
            services.AddSingleton(container =>
            {
                var store = Create<IAgentAuthStore, ChangingStore>();
                ((ChangingStore)(object)store)._inner = (IAgentAuthStore)real(container);
                return store;
            });
        }

        public ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            return ((IAsyncDisposable)_inner).DisposeAsync();
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var result = targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
            return targetMethod.Name == nameof(IAgentAuthStore.FindCredentialAsync)
                ? new ValueTask<CredentialRecord?>(ChangedAsync(((ValueTask<CredentialRecord?>)result!).AsTask()))
                : result;
        }

        private async Task<CredentialRecord?> ChangedAsync(Task<CredentialRecord?> found)
        {
            if (IsDown)
            {
                throw new AgentAuthStorageException("Down.");
            }

            return await found is { } credential ? credential with { Scopes = Scopes is { } scopes ? [.. scopes] : credential.Scopes } : null;
        }
    }
}

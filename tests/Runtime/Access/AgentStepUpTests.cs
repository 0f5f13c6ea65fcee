using System.Net;
using System.Text.Json;
using AgentAuth.Storage;
using AgentAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Access;

/// <summary>Endpoints that ask how and when the user behind an agent signed in: RFC 9470, over HTTP.</summary>
public sealed class AgentStepUpTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Sign_in_that_was_lately_and_good_enough_is_let_in_until_it_is_too_old()
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, Good);

        (await pair.Service.GetAsync("/pay", token)).Is(HttpStatusCode.OK);

        // Ten minutes, and one of skew.
        pair.Service.Time.Advance(TimeSpan.FromMinutes(11));
        (await pair.Service.GetAsync("/pay", token)).Is(HttpStatusCode.OK);
        pair.Service.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await pair.Service.GetAsync("/pay", token)).Is(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
        (await pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Sign_in_that_is_not_enough_is_told_all_that_would_be()
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, request => Good(request) with { AuthenticationMethods = ["pwd"] });

        var answer = await pair.Service.GetAsync("/pay", token);

        answer.Is(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
        Assert.Equal(
            $"Bearer resource_metadata=\"{TestService.Resource}/.well-known/oauth-protected-resource\", error=\"insufficient_user_authentication\", max_age=\"600\", acr_values=\"urn:strong urn:stronger\"",
            answer.Headers["WWW-Authenticate"]);
        using var body = JsonDocument.Parse(answer.Body);
        Assert.Equal((600, "urn:strong urn:stronger"), (body.RootElement.GetProperty("max_age").GetInt32(), body.RootElement.GetProperty("acr_values").GetString()));
        Assert.Contains("`amr` with mfa, `acr` urn:strong or urn:stronger, `auth_time` at most 600 seconds ago", answer.Text("error_description"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("method")]
    [InlineData("context")]
    [InlineData("other context")]
    [InlineData("time")]
    [InlineData("old")]
    [InlineData("ahead")]
    [InlineData("long")]
    public async Task Sign_in_that_lacks_one_thing_is_not_enough(string lacks)
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, request => lacks switch
        {
            "method" => Good(request) with { AuthenticationMethods = [] },
            "context" => Good(request) with { AuthenticationContext = null },
            "other context" => Good(request) with { AuthenticationContext = "URN:STRONG" },
            "time" => Good(request) with { AuthenticationTime = null },
            "old" => Good(request) with { AuthenticationTime = s_now.AddSeconds(-661) },
            "ahead" => Good(request) with { AuthenticationTime = s_now.AddSeconds(61) },
            _ => Good(request) with { AuthenticationContext = new string('a', 256) },
        });

        (await pair.Service.GetAsync("/pay", token)).Is(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
        (await pair.Service.GetAsync("/api/tickets", token)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_the_provider_said_of_the_sign_in_is_kept_and_shown_to_the_app_and_to_operators()
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, request => Good(request) with { AuthenticationMethods = ["mfa", "a b", "MFA", "mfa", "\u00fc"] });

        Assert.Equal("2026-11-24T12:00:00Z urn:strong mfa,MFA", (await pair.Service.GetAsync("/how", token)).Body);

        var listed = Assert.Single((await pair.Service.Services.GetRequiredService<IAgentAccess>().ListAsync(null, TestContext.Current.CancellationToken)).Registrations);
        Assert.Equal((s_now, "urn:strong", "mfa MFA"), (listed.Authentication!.At, listed.Authentication.Context, string.Join(' ', listed.Authentication.Methods)));
    }

    [Fact]
    public async Task Context_that_is_not_one_word_says_nothing()
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, request => Good(request) with { AuthenticationContext = "urn:strong urn:stronger" });

        Assert.Equal("2026-11-24T12:00:00Z  pwd,mfa", (await pair.Service.GetAsync("/how", token)).Body);
    }

    [Fact]
    public async Task No_more_than_32_methods_are_kept()
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, request => request with { AuthenticationMethods = [.. Enumerable.Range(1, 33).Select(i => $"m{i}")] });

        Assert.EndsWith(",m31,m32", (await pair.Service.GetAsync("/how", token)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("!", true)]
    [InlineData("~", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("\u007f", false)]
    [InlineData("a\"b", false)]
    [InlineData("a\\b", false)]
    [InlineData("\u00fc", false)]
    public void A_value_is_one_word_in_ASCII(string value, bool isValue) => Assert.Equal(isValue, AgentUserAuthentication.IsValue(value));

    [Fact]
    public void A_value_has_255_characters_at_the_most()
    {
        Assert.True(AgentUserAuthentication.IsValue(new string('a', 255)));
        Assert.False(AgentUserAuthentication.IsValue(new string('a', 256)));
    }

    [Fact]
    public void Any_one_thing_is_enough_to_ask_for_something()
    {
        Assert.True(new AgentStepUpAttribute().Required.IsEmpty);
        Assert.False(new AgentStepUpAttribute { MaxAge = 1 }.Required.IsEmpty);
        Assert.False(new AgentStepUpAttribute { Contexts = ["a"] }.Required.IsEmpty);
        Assert.False(new AgentStepUpAttribute { Methods = ["a"] }.Required.IsEmpty);
    }

    [Fact]
    public async Task Provider_that_says_nothing_is_not_one_that_was_never_asked()
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, request => request);

        Assert.Equal("  ", (await pair.Service.GetAsync("/how", token)).Body);
    }

    [Fact]
    public async Task Agent_that_nobody_vouched_for_is_told_what_would_be_enough()
    {
        await using var pair = await StartAsync();
        var key = (await pair.Service.RegisterAnonymouslyAsync()).Text("credential");

        Assert.Equal("unknown", (await pair.Service.GetAsync("/how", key)).Body);
        (await pair.Service.GetAsync("/pay", key)).Is(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
    }

    [Fact]
    public async Task Scope_comes_first_and_without_one_no_agent_gets_in()
    {
        await using var pair = await StartAsync();
        var key = (await pair.Service.RegisterAnonymouslyAsync()).Text("credential");
        var token = await RegisterAsync(pair, Good);

        (await pair.Service.GetAsync("/write", key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await pair.Service.GetAsync("/unsaid", token)).Is(HttpStatusCode.Forbidden, "insufficient_scope");
        (await pair.Service.GetAsync("/pay")).Is(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/unsaid")).Status);
    }

    [Fact]
    public async Task Agent_whose_sign_in_is_enough_is_not_sent_to_sign_in_where_the_app_refuses_it()
    {
        await using var pair = await StartAsync();

        var answer = await pair.Service.GetAsync("/never", await RegisterAsync(pair, Good));

        answer.Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Contains("for a reason of its own", answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requirements_of_a_group_and_its_endpoint_both_apply_and_are_told_at_once()
    {
        await using var pair = await StartAsync();
        var token = await RegisterAsync(pair, request => Good(request) with { AuthenticationTime = s_now.AddMinutes(-5) });

        var answer = await pair.Service.GetAsync("/group/pay", token);

        Assert.EndsWith("max_age=\"60\", acr_values=\"urn:stronger\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        (await pair.Service.GetAsync("/group/pay", await RegisterAsync(pair, request => Good(request) with
        {
            AuthenticationContext = "urn:stronger",
            AuthenticationMethods = ["hwk", "mfa"],
        }))).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(600, 60, "a", "b", "60:b")]
    [InlineData(60, 600, "a b", "b c", "60:b")]
    [InlineData(0, 600, "", "b", "600:b")]
    [InlineData(600, 600, "a b", "B A", "600:B A")]
    [InlineData(600, 0, "a", "", "600:a")]
    public void Two_requirements_are_one_that_meets_both(int firstAge, int secondAge, string firstContexts, string secondContexts, string both)
    {
        var first = new AgentStepUpAttribute { MaxAge = firstAge, Contexts = Words(firstContexts), Methods = ["mfa"] };
        var second = new AgentStepUpAttribute { MaxAge = secondAge, Contexts = Words(secondContexts), Methods = ["mfa", "hwk", "MFA"] };

        var required = EndpointAccess.AuthenticationOf(new Endpoint(null, new EndpointMetadataCollection(first, second), null))!;

        Assert.Equal(both, $"{required.MaxAge!.Value.TotalSeconds}:{string.Join(' ', required.Contexts)}");
        Assert.Equal(["mfa", "hwk", "MFA"], required.Methods);

        static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Attribute_that_asks_for_nothing_stops_the_start()
    {
        var stopped = await Assert.ThrowsAsync<AgentAuthConfigurationException>(
            () => TestService.StartAsync(endpoints: app => app.MapGet("/pay", [AgentScope("tickets.read"), AgentStepUp] () => "paid")));

        Assert.Contains("The endpoint GET /pay has [AgentStepUp] that asks for nothing. Give it MaxAge, Contexts or Methods, or remove it.", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attribute_that_asks_for_nothing_lets_no_agent_in_where_it_comes_later()
    {
        await using var pair = await StartAsync();
        var agent = new AuthenticatedAgent((await pair.Service.Store.FindCredentialAsync(SecretHash.Of(await RegisterAsync(pair, Good)), TestContext.Current.CancellationToken))!);

        Assert.False(pair.Service.Services.GetRequiredService<AgentStepUpHandler>().IsMet(new AgentStepUpAttribute().Required, agent));
    }

    [Fact]
    public void What_asks_for_nothing_or_cannot_be_told_is_refused_where_it_is_written()
    {
        var endpoint = WebApplication.CreateSlimBuilder().Build().MapGet("/", () => "");

        Assert.Throws<ArgumentException>(() => endpoint.RequireAgentStepUp());
        Assert.Throws<ArgumentException>(() => endpoint.RequireAgentStepUp(contexts: [], methods: []));
        Assert.Throws<ArgumentException>(() => endpoint.RequireAgentStepUp(contexts: ["a b"]));
        Assert.Throws<ArgumentException>(() => endpoint.RequireAgentStepUp(methods: [""]));
        Assert.Throws<ArgumentException>(() => endpoint.RequireAgentStepUp(contexts: ["\""]));
        Assert.Throws<ArgumentOutOfRangeException>(() => endpoint.RequireAgentStepUp(TimeSpan.FromMilliseconds(999)));
        Assert.Throws<ArgumentOutOfRangeException>(() => endpoint.RequireAgentStepUp(TimeSpan.FromDays(365.1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AgentStepUpAttribute { MaxAge = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AgentStepUpAttribute { MaxAge = int.MaxValue });
        Assert.Throws<ArgumentNullException>(() => new AgentStepUpAttribute { Methods = null! });
        Assert.Equal(31_536_000, new AgentStepUpAttribute { MaxAge = 31_536_000 }.MaxAge);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AgentStepUpAttribute { MaxAge = 31_536_001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => endpoint.RequireAgentStepUp(TimeSpan.MaxValue));
    }

    [Fact]
    public void What_is_asked_for_is_what_the_endpoint_has()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        app.MapGet("/", () => "")
            .RequireAgentStepUp(TimeSpan.FromSeconds(1))
            .RequireAgentStepUp(TimeSpan.FromDays(365))
            .RequireAgentStepUp(contexts: ["a"])
            .RequireAgentStepUp(methods: ["b"]);

        var endpoint = Assert.Single(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
        Assert.Equal(
            ["1||", "31536000||", "0|a|", "0||b"],
            endpoint.Metadata.GetOrderedMetadata<AgentStepUpAttribute>().Select(a => $"{a.MaxAge}|{string.Join(',', a.Contexts)}|{string.Join(',', a.Methods)}"));
    }

    private static Task<ServiceWithProvider> StartAsync() => ServiceWithProvider.StartAsync(endpoints: app =>
    {
        app.MapGet("/pay", () => "paid").RequireAgentScope("tickets.read")
            .RequireAgentStepUp(TimeSpan.FromMinutes(10), contexts: ["urn:strong", "urn:stronger"], methods: ["mfa"]);
        app.MapGet("/write", () => "written").RequireAgentScope("tickets.write").RequireAgentStepUp(TimeSpan.FromMinutes(10));
        app.MapGet("/never", () => "never").RequireAgentScope("tickets.read").RequireAgentStepUp(TimeSpan.FromMinutes(10))
            .RequireAuthorization(policy => policy.RequireAssertion(_ => false));
        app.MapGet("/unsaid", () => "unsaid").RequireAgentStepUp(TimeSpan.FromMinutes(10));
        app.MapGet("/how", (HttpContext http) => http.User.GetAgent()!.Authentication is { } authentication
            ? $"{authentication.At:yyyy-MM-dd'T'HH:mm:ss'Z'} {authentication.Context} {string.Join(',', authentication.Methods)}"
            : "unknown").RequireAgentScope("tickets.read");
        var group = app.MapGroup("/group").RequireAgentScope("tickets.read").RequireAgentStepUp(TimeSpan.FromMinutes(10), contexts: ["urn:strong", "urn:stronger"], methods: ["mfa"]);
        group.MapGet("/pay", () => "paid").RequireAgentStepUp(TimeSpan.FromMinutes(1), contexts: ["urn:stronger"], methods: ["hwk"]);
    });

    private static IdJagRequest Good(IdJagRequest request) => request with
    {
        AuthenticationTime = s_now,
        AuthenticationContext = "urn:strong",
        AuthenticationMethods = ["pwd", "mfa"],
    };

    private static async Task<string> RegisterAsync(ServiceWithProvider pair, Func<IdJagRequest, IdJagRequest> change) =>
        (await pair.RegisterAsync(pair.Mint(change))).Text("credential");
}

using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Wire.Operators;

/// <summary>The operator's endpoints: who gets in, what is read, what is answered.</summary>
public sealed class AccessEndpointsTests
{
    private const string Path = "/admin/agents";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_lists_agents_and_ends_their_access_in_their_own_name()
    {
        await using var pair = await StartAsync();
        var operatorsCookie = await SignInAsync(pair, "olga");
        var registered = await pair.RegisterAsync(pair.Mint(r => r with { AgentPlatform = "desk", AuthenticationTime = pair.Service.Time.GetUtcNow(), AuthenticationContext = "urn:a", AuthenticationMethods = ["mfa"], Claims = c => c["act"] = new System.Text.Json.Nodes.JsonObject { ["sub"] = "x" } }));
        var id = registered.Text("registration_id");

        var list = await ListAsync(pair, operatorsCookie);

        Assert.Equal((HttpStatusCode.OK, "no-store"), (list.Status, list.Headers["Cache-Control"]));
        var shown = list.Json.GetProperty("registrations")[0];
        Assert.Equal(id, shown.GetProperty("registration_id").GetString());
        Assert.Equal("claimed", shown.GetProperty("status").GetString());
        Assert.Equal("2026-11-24T12:00:00.000Z", shown.GetProperty("created_at").GetString());
        Assert.Equal(1, shown.GetProperty("live_credentials").GetInt32());
        Assert.Equal("desk", shown.GetProperty("agent").GetProperty("agent_platform").GetString());
        Assert.Equal("x", shown.GetProperty("agent").GetProperty("act").GetProperty("sub").GetString());
        Assert.Equal("{\"auth_time\":\"2026-11-24T12:00:00.000Z\",\"acr\":\"urn:a\",\"amr\":[\"mfa\"]}", shown.GetProperty("authentication").GetRawText());
        Assert.DoesNotContain(registered.Text("credential"), list.Body, StringComparison.Ordinal);

        var revoked = await RevokeAsync(pair, operatorsCookie, $$"""{"registration_id":"{{id}}","reason":"lost"}""");

        Assert.Equal((HttpStatusCode.OK, "{\"registrations\":1,\"credentials\":1}", "no-store"), (revoked.Status, revoked.Body, revoked.Headers["Cache-Control"]));
        (await pair.Service.GetAsync("/api/tickets", registered.Text("credential"))).Is(HttpStatusCode.Unauthorized, "invalid_token");
        var row = (await pair.Service.Store.ReadAuditAsync(id, 10, Token)).Single(e => e.Name == "registration.revoked");
        Assert.Equal(("olga", "lost", "127.0.0.1"), (row.RevokedBy, row.Reason, row.RemoteAddress));
        Assert.Equal("{\"registrations\":[],\"next\":null}", (await ListAsync(pair, operatorsCookie, "?live=true")).Body);
    }

    [Theory]
    [InlineData("""{"account_id":"ACCOUNT"}""")]
    [InlineData("""{"issuer":"ISSUER"}""")]
    [InlineData("""{"client_id":"ISSUER"}""")]
    [InlineData("""{"agent_platform":"desk","agent_context_id":"c-1","act":{"b":1,"a":{}}}""")]
    [InlineData("""{"everything":true}""")]
    public async Task Each_scope_is_read_and_ends_access(string body)
    {
        await using var pair = await StartAsync();
        var key = (await pair.RegisterAsync(pair.Mint(r => r with
        {
            AgentPlatform = "desk",
            AgentContextId = "c-1",
            Claims = c => c["act"] = new System.Text.Json.Nodes.JsonObject { ["a"] = new System.Text.Json.Nodes.JsonObject(), ["b"] = 1 },
        }))).Text("credential");
        var account = (await pair.Service.GetAsync("/api/tickets", key)).Body;

        var answer = await RevokeAsync(pair, await SignInAsync(pair, "olga"), body.Replace("ACCOUNT", account, StringComparison.Ordinal).Replace("ISSUER", pair.Provider.Issuer, StringComparison.Ordinal));

        Assert.Equal("{\"registrations\":1,\"credentials\":1}", answer.Body);
        (await pair.Service.GetAsync("/api/tickets", key)).Is(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reason":"because"}""")]
    [InlineData("""{"everything":false}""")]
    [InlineData("""{"everything":"true"}""")]
    [InlineData("""{"everything":true,"account_id":"acc_1"}""")]
    [InlineData("""{"account_id":"acc_1","issuer":"https://p.example"}""")]
    [InlineData("""{"account_id":"acc_1","client_id":"https://p.example"}""")]
    [InlineData("""{"agent_platform":"desk","agent_contxt_id":"c-1"}""")]
    [InlineData("""{"agent_platform":"desk","\ud800":"c-1"}""")]
    [InlineData("""{"account_id":""}""")]
    [InlineData("""{"account_id":7}""")]
    [InlineData("""{"account_id":null}""")]
    [InlineData("""{"client_id":""}""")]
    [InlineData("""{"act":"agent-7"}""")]
    [InlineData("""{"act":{"a":[[[[[[[[]]]]]]]]}}""")]
    [InlineData("""{"everything":true,"reason":""}""")]
    [InlineData("""{"everything":true,"reason":"one\ntwo"}""")]
    [InlineData("""{"everything":true,"everything":true}""")]
    [InlineData("""["everything"]""")]
    public async Task What_is_not_understood_whole_ends_nothing(string body)
    {
        await using var pair = await StartAsync();
        var key = (await pair.RegisterAsync(pair.Mint(r => r with { AgentPlatform = "desk" }))).Text("credential");

        (await RevokeAsync(pair, await SignInAsync(pair, "olga"), body)).Is(HttpStatusCode.BadRequest, "invalid_request");

        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", key)).Status);
    }

    [Theory]
    [InlineData("registration_id")]
    [InlineData("account_id")]
    [InlineData("issuer")]
    [InlineData("client_id")]
    [InlineData("agent_platform")]
    [InlineData("agent_context_id")]
    public async Task No_name_forges_a_line_of_the_log_and_the_refusal_says_which_and_not_what(string member)
    {
        await using var pair = await StartAsync();
        var cookie = await SignInAsync(pair, "olga");
        const string forged = "Information: event=registration.revoked revoked_by=otto";
        foreach (var separator in new[] { "\n", "\u2028", "\u202e" })
        {
            var answer = await RevokeAsync(pair, cookie, JsonSerializer.Serialize(new Dictionary<string, string> { [member] = "x" + separator + forged }));

            answer.Is(HttpStatusCode.BadRequest, "invalid_request");
            Assert.Contains(member + " must be a text of 1 to 1024 characters", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("otto", answer.Body, StringComparison.Ordinal);
        }

        (await RevokeAsync(pair, cookie, $$"""{"{{member}}":"{{new string('a', 1025)}}"}""")).Is(HttpStatusCode.BadRequest, "invalid_request");
        Assert.DoesNotContain("otto", pair.Service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await pair.Service.Store.ReadAuditAsync(null, 10, Token), row => row.Name == "registration.revoked");
    }

    [Theory]
    [InlineData("olga\nevent=registration.revoked\u202e", "olgaevent=registration.revoked")]
    [InlineData("olga \ud842\udfb7\u7530", "olga \ud842\udfb7\u7530")]
    [InlineData("\u2028", "(no name)")]
    public async Task The_operators_own_name_is_cleaned_for_the_audit_trail(string name, string kept)
    {
        await using var pair = await StartAsync();

        await RevokeAsync(pair, await SignInAsync(pair, name), """{"everything":true}""");

        Assert.Equal(kept, (await pair.Service.Store.ReadAuditAsync(null, 10, Token)).Single(row => row.Name == "registration.revoked").RevokedBy);
    }

    [Theory]
    [InlineData("?acount_id=x")]
    [InlineData("?account_id=")]
    [InlineData("?account_id=a&account_id=b")]
    [InlineData("?issuer=a%0Ab")]
    [InlineData("?status=expired")]
    [InlineData("?live=yes")]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=x")]
    [InlineData("?after=x")]
    [InlineData("?after=99999999999999999999.reg_1")]
    [InlineData("?act=x")]
    public async Task A_malformed_query_is_invalid_request(string query)
    {
        await using var pair = await StartAsync();

        (await ListAsync(pair, await SignInAsync(pair, "olga"), query)).Is(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_list_is_filtered_and_goes_on_where_the_page_before_ended()
    {
        await using var pair = await StartAsync();
        var cookie = await SignInAsync(pair, "olga");
        await pair.RegisterAsync(pair.Mint());
        await pair.RegisterAsync(pair.Mint());
        await pair.Service.RegisterAnonymouslyAsync();

        var first = await ListAsync(pair, cookie, $"?issuer={Uri.EscapeDataString(pair.Provider.Issuer)}&status=claimed&limit=1");
        var second = await ListAsync(pair, cookie, $"?issuer={Uri.EscapeDataString(pair.Provider.Issuer)}&status=claimed&limit=1&after={first.Text("next")}");

        Assert.Null(second.Json.GetProperty("next").GetString());
        Assert.NotEqual(IdOf(first), IdOf(second));

        static string? IdOf(Answer page) => Assert.Single(page.Json.GetProperty("registrations").EnumerateArray()).GetProperty("registration_id").GetString();
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task What_a_form_of_another_site_can_send_is_415_and_ends_nothing(string type)
    {
        await using var pair = await StartAsync();
        var key = (await pair.RegisterAsync(pair.Mint())).Text("credential");

        (await RevokeAsync(pair, await SignInAsync(pair, "olga"), """{"everything":true}""", type)).Is(HttpStatusCode.UnsupportedMediaType, "invalid_request");

        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", key)).Status);
    }

    [Fact]
    public async Task Agents_strangers_and_people_without_the_policy_are_refused()
    {
        await using var pair = await StartAsync();
        var key = (await pair.RegisterAsync(pair.Mint())).Text("credential");
        var olga = await SignInAsync(pair, "olga");
        var bob = await SignInAsync(pair, "bob");
        const string everything = """{"everything":true}""";

        Assert.Equal(HttpStatusCode.Redirect, (await RevokeAsync(pair, null, everything)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await RevokeAsync(pair, bob, everything)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await ListAsync(pair, bob)).Status);
        (await pair.Service.GetAsync(Path, key)).Is(HttpStatusCode.Forbidden, "insufficient_scope");

        // Whoever presents an agent's credential is judged as the agent, whatever cookies come with it.
        var both = await pair.Service.SendAsync(HttpMethod.Post, Path + "/revoke", key, TestService.JsonContent(everything), r => r.Headers.Add("Cookie", olga));
        both.Is(HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK, (await pair.Service.GetAsync("/api/tickets", key)).Status);
    }

    [Fact]
    public async Task A_store_that_is_down_is_503()
    {
        await using var pair = await StartAsync();
        var cookie = await SignInAsync(pair, "olga");
        await using (var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(pair.Service.Folder, "App_Data", "agentauth.db")};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE registrations RENAME TO gone";
            await command.ExecuteNonQueryAsync(Token);
        }

        (await ListAsync(pair, cookie)).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        (await RevokeAsync(pair, cookie, """{"everything":true}""")).Is(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
    }

    [Fact]
    public async Task Without_a_policy_the_service_does_not_start()
    {
        var refusal = await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => TestService.StartAsync(endpoints: app => app.MapAgentAccess(Path)));

        Assert.Contains("MapAgentAccess has no authorization", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_to_anybody_the_service_does_not_start()
    {
        await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => TestService.StartAsync(
            endpoints: app => app.MapAgentAccess(Path).RequireAuthorization().AllowAnonymous()));
        await Assert.ThrowsAsync<AgentAuthConfigurationException>(() => TestService.StartAsync(
            endpoints: app => app.MapGroup("/open").AllowAnonymous().MapAgentAccess(Path).RequireAuthorization()));
    }

    [Fact]
    public async Task A_policy_on_a_group_around_it_will_do()
    {
        await using var service = await TestService.StartAsync(endpoints: app => app.MapGroup("/admin").RequireAuthorization().MapAgentAccess("agents"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync(Path)).Status);
        Assert.DoesNotContain("says nothing about agents", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_services_it_is_not_mapped()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddAgentAuth", Assert.Throws<InvalidOperationException>(() => app.MapAgentAccess(Path)).Message, StringComparison.Ordinal);
    }

    private static Task<ServiceWithProvider> StartAsync() => ServiceWithProvider.StartAsync(
        services: services =>
        {
            services.AddAuthentication().AddCookie();
            services.AddAuthorization(options => options.AddPolicy("admin", policy => policy.RequireRole("admin")));
        },
        endpoints: app =>
        {
            app.MapAgentAccess(Path).RequireAuthorization("admin");
            app.MapGet("/sign-in/{name}", (string name, HttpContext http) => http.SignInAsync(
                CookieAuthenticationDefaults.AuthenticationScheme,
                new ClaimsPrincipal(new ClaimsIdentity(
                    [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, name == "bob" ? "user" : "admin")], "password")))).AllowAnonymous();
        });

    private static async Task<string> SignInAsync(ServiceWithProvider pair, string name) =>
        (await pair.Service.GetAsync("/sign-in/" + Uri.EscapeDataString(name))).Headers["Set-Cookie"].Split(';')[0];

    private static Task<Answer> ListAsync(ServiceWithProvider pair, string cookie, string query = "") =>
        pair.Service.SendAsync(HttpMethod.Get, Path + query, null, null, request => request.Headers.Add("Cookie", cookie));

    private static Task<Answer> RevokeAsync(ServiceWithProvider pair, string? cookie, string body, string type = "application/json")
    {
        var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        return pair.Service.SendAsync(HttpMethod.Post, Path + "/revoke", null, content, request =>
        {
            if (cookie is not null)
            {
                request.Headers.Add("Cookie", cookie);
            }
        });
    }
}

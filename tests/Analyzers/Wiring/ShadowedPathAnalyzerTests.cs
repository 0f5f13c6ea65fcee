namespace AgentAuth.Analyzers;

public sealed class ShadowedPathAnalyzerTests
{
    private const string WithPaths =
        """
        # TicketDesk auth.md

        - **Resource:** https://api.ticketdesk.example/v1
        - **Authorization server:** https://auth.ticketdesk.example/login

        ## Scopes

        | Scope            | Description         | Granted    |
        | ---------------- | ------------------- | ---------- |
        | `tickets.read`   | Read tickets.       | pre-claim  |

        ## Methods

        ### identity_assertion + id-jag
        - **Credentials:** `api_key`

        ## Trusted providers

        | Issuer                          | Name    |
        | ------------------------------- | ------- |
        | https://agents.provider.example | Example |

        ## Account matching
        1. Prior delegation
        2. Provision a new account

        ## Endpoints
        - **Register:** `POST /join`
        - **Revoke:** `POST /leave`
        """;

    [Theory]
    [InlineData("app.MapGet(\"/auth.md\", () => \"\");", "GET /auth.md")]
    [InlineData("app.MapGet(\"auth.md\", () => \"\");", "GET /auth.md")]
    [InlineData("app.MapGet(\"/AUTH.md/\", () => \"\");", "GET /auth.md")]
    [InlineData("app.MapGet(\"/auth.md\", () => \"\").AllowAnonymous().WithName(\"doc\");", "GET /auth.md")]
    [InlineData("app.MapMethods(\"/auth.md\", new[] { \"PUT\", \"HEAD\" }, () => \"\");", "HEAD /auth.md")]
    [InlineData("app.MapMethods(\"/auth.md\", [\"get\"], () => \"\");", "GET /auth.md")]
    [InlineData("app.MapGet(\"/.well-known/oauth-protected-resource\", () => \"\");", "GET /.well-known/oauth-protected-resource")]
    [InlineData("app.MapGet(\"/.well-known/oauth-authorization-server\", () => \"\");", "GET /.well-known/oauth-authorization-server")]
    [InlineData("app.MapPost(\"/agent/auth\", () => \"\");", "POST /agent/auth")]
    [InlineData("app.MapPost(\"/agent/auth/claim/complete\", () => \"\");", "POST /agent/auth/claim/complete")]
    [InlineData("app.MapGet(\"/agent/auth/claim/view\", () => \"\");", "GET /agent/auth/claim/view")]
    [InlineData("app.MapGroup(\"/agent\").MapPost(\"auth\", () => \"\");", "POST /agent/auth")]
    [InlineData("const string Prefix = \"/agent\"; var agent = app.MapGroup(Prefix).RequireAgentScope(\"tickets.read\"); agent.MapGroup(\"auth\").MapPost(\"/\", () => \"\");", "POST /agent/auth")]
    [InlineData("app.MapAll();", "GET /auth.md")]
    [InlineData("app.MapGroup(\"/agent\").MapUnder(\"\");", "POST /agent/auth")]
    [InlineData("Api.MapAll(app);", "GET /auth.md")]
    [InlineData("Local(app); static void Local(WebApplication own) => own.MapGet(\"/auth.md\", () => \"\");", "GET /auth.md")]
    public async Task A_route_on_a_path_and_method_of_the_protocol_is_reported(string statement, string clash)
    {
        Assert.EndsWith($"AUTHMD3003 MapAgentAuth maps {clash} too, so ASP.NET Core finds two endpoints and answers 500. Choose another path", Assert.Single(await RunAsync(statement)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.Map(\"/auth.md\", () => \"\");", "GET /auth.md")]
    [InlineData("app.Map(\"/agent/auth\", context => Task.CompletedTask);", "POST /agent/auth")]
    public async Task A_route_for_every_method_loses(string statement, string clash)
    {
        Assert.EndsWith($"AUTHMD3003 MapAgentAuth maps {clash}, so this handler never sees such a request. Choose another path", Assert.Single(await RunAsync(statement)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.MapPost(\"/auth.md\", () => \"\");")]
    [InlineData("app.MapGet(\"/agent/auth\", () => \"\");")]
    [InlineData("app.MapPost(\"/agent/auth/claim/view\", () => \"\");")]
    [InlineData("app.MapPost(\"/agent/auth/revoke\", () => \"\");")]
    [InlineData("app.MapGet(\"/{**path}\", () => \"\");")]
    [InlineData("app.MapGet(\"/{name}.md\", () => \"\");")]
    [InlineData("app.MapGet(\"/{name}\", () => \"\");")]
    [InlineData("app.MapFallback(\"/auth.md\", () => \"\");")]
    [InlineData("app.MapGroup(\"/docs\").MapGet(\"/auth.md\", () => \"\");")]
    [InlineData("app.MapGroup(\"/docs\").MapAll();")]
    [InlineData("app.Map(\"/auth.md\", branch => branch.Run(context => Task.CompletedTask));")]
    public async Task Another_path_or_another_method_is_free(string statement)
    {
        Assert.Empty(await RunAsync(statement));
    }

    [Theory]
    [InlineData("app.MapGet(\"/auth.md\", () => \"\").WithOrder(-1);")]
    [InlineData("app.MapGet(\"/auth.md\", () => \"\").RequireHost(\"docs.example\");")]
    [InlineData("app.MapGet(\"/auth.md\", [Host(\"docs.example\")] () => \"\");")]
    [InlineData("app.MapGet(\"/auth.md\", () => \"\").WithMetadata(new HostAttribute(\"docs.example\"));")]
    [InlineData("app.MapGet(\"/auth.md\", () => \"\").Somehow();")]
    [InlineData("var document = app.MapGet(\"/auth.md\", () => \"\"); document.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = -1);")]
    [InlineData("if (args.Length > 0) { app.MapGet(\"/auth.md\", () => \"\"); }")]
    [InlineData("app.MapGet(args[0], () => \"\");")]
    [InlineData("app.MapGroup(args[0]).MapGet(\"/auth.md\", () => \"\");")]
    [InlineData("var group = app.MapGroup(\"/\"); group = app.MapGroup(\"/docs\"); group.MapGet(\"/auth.md\", () => \"\");")]
    [InlineData("var second = WebApplication.Create(args); second.MapGet(\"/auth.md\", () => \"\");")]
    [InlineData("app.MapMaybe(true);")]
    [InlineData("void Never() { app.MapGet(\"/auth.md\", () => \"\"); }")]
    [InlineData("app.MapMethods(\"/auth.md\", args, () => \"\");")]
    public async Task What_is_not_certain_is_not_reported(string statement)
    {
        Assert.Empty(await RunAsync(statement));
    }

    [Theory]
    [InlineData("var app = WebApplication.Create(args); app.MapGet(\"/auth.md\", () => \"\");")]
    [InlineData("var app = WebApplication.Create(args); app.MapGet(\"/auth.md\", () => \"\"); app.MapGroup(\"/x\").MapAgentAuth();")]
    [InlineData("var app = WebApplication.Create(args); app.MapGet(\"/auth.md\", () => \"\"); app.MapAgentAuth().RequireHost(\"api.example\");")]
    [InlineData("var app = WebApplication.Create(args); app.MapGet(\"/auth.md\", () => \"\"); if (args.Length > 0) { app.MapAgentAuth(); }")]
    [InlineData("var app = WebApplication.Create(args); app.MapGet(\"/auth.md\", () => \"\"); if (args.Length > 0) { app.Run(); return; } app.MapAgentAuth();")]
    [InlineData("var app = WebApplication.Create(args); app.MapGet(\"/auth.md\", () => \"\"); app.MapAgentAuth(); var second = WebApplication.Create(args); second.MapAgentAuth();")]
    public async Task Where_the_protocol_is_mapped_must_be_certain_too(string code)
    {
        Assert.Empty(await WiredApp.RunAsync(new ShadowedPathAnalyzer(), code));
    }

    [Theory]
    [InlineData("MapPost", "/join", "POST")]
    [InlineData("MapPost", "/login/join", "POST")]
    [InlineData("MapPost", "/leave", "POST")]
    [InlineData("MapGet", "/.well-known/oauth-protected-resource/v1", "GET")]
    [InlineData("MapGet", "/v1/.well-known/oauth-protected-resource", "GET")]
    [InlineData("MapGet", "/login/.well-known/oauth-authorization-server", "GET")]
    public async Task The_paths_are_those_of_the_document(string map, string path, string method)
    {
        var found = await RunAsync($"app.{map}(\"{path}\", () => \"\");", WithPaths);

        Assert.EndsWith($"MapAgentAuth maps {method} {path} too, so ASP.NET Core finds two endpoints and answers 500. Choose another path", Assert.Single(found), StringComparison.Ordinal);
        Assert.Empty(await RunAsync("app.MapPost(\"/agent/auth\", () => \"\"); app.MapPost(\"/agent/auth/claim\", () => \"\");", WithPaths));
    }

    [Theory]
    [InlineData("public class Own : ControllerBase { [HttpGet(\"/auth.md\")] public string Get() => null; }", "GET /auth.md")]
    [InlineData("[Route(\"api\")] public class Own : ControllerBase { [HttpGet(\"~/auth.md\", Name = \"doc\")] public string Get() => null; }", "GET /auth.md")]
    [InlineData("[Route(\"agent/auth\")] public class Own : Controller { [HttpPost] public string Post() => null; }", "POST /agent/auth")]
    [InlineData("[Route(\"agent\")] public abstract class Base : ControllerBase { } public class Own : Base { [HttpPost(\"auth\")] public string Post() => null; }", "POST /agent/auth")]
    public async Task An_action_of_a_controller_is_a_route(string controller, string clash)
    {
        var message = $"AUTHMD3003 MapAgentAuth maps {clash} too, so ASP.NET Core finds two endpoints and answers 500. Choose another path";

        Assert.EndsWith(message, Assert.Single(await RunAsync("app.MapControllers();", types: controller)), StringComparison.Ordinal);
        Assert.Empty(await RunAsync("", types: controller));
        Assert.Empty(await RunAsync("app.MapGroup(\"/x\").MapControllers();", types: controller));
        Assert.Empty(await RunAsync("builder.Services.AddControllers(options => options.Conventions.Clear()); app.MapControllers();", types: controller));
    }

    [Theory]
    [InlineData("public class Own : ControllerBase { [HttpPost(\"/auth.md\")] public string Get() => null; }")]
    [InlineData("[Route(\"api\")] public class Own : ControllerBase { [HttpGet(\"auth.md\")] public string Get() => null; }")]
    [InlineData("[Route(\"[controller]\")] public class Own : ControllerBase { [HttpGet(\"auth.md\")] public string Get() => null; }")]
    [InlineData("public class Own : ControllerBase { [HttpGet(\"/auth.md\", Order = -1)] public string Get() => null; }")]
    [InlineData("public class Own : ControllerBase { [HttpGet(\"/auth.md\"), Host(\"docs.example\")] public string Get() => null; }")]
    [InlineData("[Host(\"docs.example\")] public class Own : ControllerBase { [HttpGet(\"/auth.md\")] public string Get() => null; }")]
    [InlineData("public class Own : ControllerBase { [HttpGet(\"/auth.md\"), Consumes(\"text/plain\")] public string Get() => null; }")]
    [InlineData("public class Own : ControllerBase { [HttpGet(\"/auth.md\"), NonAction] public string Get() => null; }")]
    [InlineData("[NonController] public class Own : ControllerBase { [HttpGet(\"/auth.md\")] public string Get() => null; }")]
    [InlineData("public abstract class Own : ControllerBase { [HttpGet(\"/auth.md\")] public string Get() => null; }")]
    [InlineData("class Own : ControllerBase { [HttpGet(\"/auth.md\")] public string Get() => null; }")]
    [InlineData("public class Own { [HttpGet(\"/auth.md\")] public string Get() => null; }")]
    public async Task An_action_of_which_something_else_decides_is_left_alone(string controller)
    {
        Assert.Empty(await RunAsync("app.MapControllers();", types: controller));
    }

    [Fact]
    public async Task In_a_Startup_class_the_lambda_of_UseEndpoints_is_read()
    {
        Assert.Single(await WiredApp.RunAsync(
            new ShadowedPathAnalyzer(),
            "class Startup { public void Configure(IApplicationBuilder app) => app.UseRouting().UseEndpoints(endpoints => { endpoints.MapAgentAuth(); endpoints.MapGet(\"/auth.md\", () => \"\"); }); }",
            kind: Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary));
    }

    [Fact]
    public async Task The_place_is_the_pattern()
    {
        const string code =
            """
            var app = WebApplication.Create(args);
            app.MapAgentAuth();
            app.MapGroup("/agent")
                .MapPost("/auth", () => "own");
            app.Run();
            """;

        Assert.Equal(
            ["Program.cs(4,14): AUTHMD3003 MapAgentAuth maps POST /agent/auth too, so ASP.NET Core finds two endpoints and answers 500. Choose another path"],
            await WiredApp.RunAsync(new ShadowedPathAnalyzer(), code));
    }

    [Fact]
    public async Task Nothing_is_said_without_a_marked_auth_md_or_without_the_runtime_or_in_generated_code()
    {
        const string code = "var app = WebApplication.Create(args); app.MapAgentAuth(); app.MapGet(\"/auth.md\", () => \"\");";

        Assert.Empty(await WiredApp.RunAsync(new ShadowedPathAnalyzer(), code, marked: false));
        Assert.Empty(await WiredApp.RunAsync(new ShadowedPathAnalyzer(), code, withRuntime: false));
        Assert.Empty(await WiredApp.RunAsync(new ShadowedPathAnalyzer(), code, path: "Program.g.cs"));
        Assert.Single(await WiredApp.RunAsync(new ShadowedPathAnalyzer(), code));
    }

    private static Task<string[]> RunAsync(string statement, string authMd = AnalyzerHarness.AuthMd, string types = "") => WiredApp.RunAsync(
        new ShadowedPathAnalyzer(),
        $$"""
        using Microsoft.AspNetCore.Mvc;

        if (args is ["seed"]) { return; }
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        {{statement}}
        app.MapAgentAuth();
        app.Run();
        static class Api
        {
            public static void MapAll(this IEndpointRouteBuilder own) => own.MapDocument();
            public static void MapUnder(this IEndpointRouteBuilder own, string unused) { own.MapPost("/auth", () => ""); }
            public static void MapMaybe(this IEndpointRouteBuilder own, bool flag) { if (flag) { return; } own.MapDocument(); }
            public static RouteHandlerBuilder Somehow(this RouteHandlerBuilder endpoint) => endpoint;
            private static void MapDocument(this IEndpointRouteBuilder app) { app.MapGet("/auth.md", () => ""); }
        }
        {{types}}
        """,
        authMd);
}

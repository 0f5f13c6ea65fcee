namespace AgentAuth.Analyzers;

public sealed class OwnUnauthorizedAnalyzerTests
{
    private const string Message = "AUTHMD3004 401 says that the credential is missing or dead, but the agent that got here holds a good one and would register again for nothing. Answer 403 or 404";

    [Theory]
    [InlineData("app.MapGet(\"/\", () => Results.Unauthorized()).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => TypedResults.Unauthorized()).WithName(\"x\").RequireAgentScope(\"tickets.read\").WithTags(\"y\");")]
    [InlineData("app.MapGet(\"/\", () => Results.StatusCode(401)).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => Results.StatusCode(StatusCodes.Status401Unauthorized)).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => Results.StatusCode((int)System.Net.HttpStatusCode.Unauthorized)).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => Results.Problem(statusCode: 401)).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", context => { context.Response.StatusCode = 401; return Task.CompletedTask; }).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapPost(\"/\", (HttpContext context) => context.User.GetAgent()?.AccountId is null ? Results.Unauthorized() : Results.Ok()).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", [AgentScope(\"tickets.read\")] () => Results.Unauthorized());")]
    [InlineData("app.MapGroup(\"/a\").RequireAgentScope(\"tickets.read\").MapGet(\"/\", () => Results.Unauthorized());")]
    [InlineData("var group = app.MapGroup(\"/a\").RequireAgentScope(\"tickets.read\"); group.MapGet(\"/\", () => Results.Unauthorized());")]
    [InlineData("app.MapGet(\"/\", Local).RequireAgentScope(\"tickets.read\"); IResult Local() => Results.Unauthorized();")]
    [InlineData("app.MapGet(\"/\", Handlers.Refuse).RequireAgentScope(\"tickets.read\"); app.MapPost(\"/\", Handlers.Refuse).RequireAgentScope(\"tickets.read\");")]
    public async Task A_401_of_an_endpoint_with_a_scope_is_reported(string statement)
    {
        Assert.EndsWith(Message, Assert.Single(await RunAsync(statement)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[AgentScope(\"tickets.read\")] public IActionResult Act() => Unauthorized();")]
    [InlineData("[AgentScope(\"tickets.read\")] public IActionResult Act() => Unauthorized(new { reason = 1 });")]
    [InlineData("[AgentScope(\"tickets.read\")] public IActionResult Act() => new UnauthorizedResult();")]
    [InlineData("[AgentScope(\"tickets.read\")] public IActionResult Act() => StatusCode(401);")]
    [InlineData("[AgentScope(\"tickets.read\")] public IActionResult Act() => new StatusCodeResult(401);")]
    [InlineData("[AgentScope(\"tickets.read\")] public IActionResult Act() => new ObjectResult(1) { StatusCode = 401 };")]
    [InlineData("[AgentScope(\"tickets.read\")] public void Act() => Response.StatusCode = 401;")]
    public async Task So_is_one_of_a_controller(string action)
    {
        Assert.EndsWith(Message, Assert.Single(await RunAsync("", $"class Controller : Microsoft.AspNetCore.Mvc.ControllerBase {{ {action} }}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_attribute_of_a_controller_or_its_base_is_that_of_its_actions()
    {
        const string code =
            """
            [AgentScope("tickets.read")] class Base : ControllerBase { }
            class Derived : Base { public IActionResult Act() => Unauthorized(); private IActionResult Helper() => Unauthorized(); [AllowAnonymous] public IActionResult Open() => Unauthorized(); }
            """;

        Assert.Equal(["Program.cs(17,54): " + Message], await RunAsync("", code));
    }

    [Theory]
    [InlineData("app.MapGet(\"/\", () => Results.Unauthorized());")]
    [InlineData("app.MapGet(\"/\", () => Results.Unauthorized()).RequireAuthorization();")]
    [InlineData("app.MapGet(\"/\", () => Results.Unauthorized()).RequireUserOrAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => Results.Unauthorized()).RequireAgentScope(\"tickets.read\").AllowAnonymous();")]
    [InlineData("app.MapGet(\"/\", [Microsoft.AspNetCore.Authorization.AllowAnonymous] () => Results.Unauthorized()).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGroup(\"/a\").AllowAnonymous().MapGet(\"/\", () => Results.Unauthorized()).RequireAgentScope(\"tickets.read\");")]
    [InlineData("var group = app.MapGroup(\"/a\"); group.MapGet(\"/\", () => Results.Unauthorized()); group.MapPost(\"/\", () => 1).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => Results.Forbid()).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => Results.NotFound()).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => Results.StatusCode(403)).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", (HttpContext context) => { if (context.Response.StatusCode == 401) { return 1; } return 2; }).RequireAgentScope(\"tickets.read\");")]
    [InlineData("app.MapGet(\"/\", () => new Reading { StatusCode = 401 }).RequireAgentScope(\"tickets.read\");")]
    public async Task What_is_no_401_to_an_agent_is_left_alone(string statement)
    {
        Assert.Empty(await RunAsync(statement));
    }

    [Theory]
    [InlineData("context.User.GetAgent() is null ? Results.Unauthorized() : Results.Ok()")]
    [InlineData("context.User.GetAgent() == null ? Results.Unauthorized() : Results.Ok()")]
    [InlineData("context.User.GetAgent() is not { } agent ? Results.Unauthorized() : Results.Ok(agent.AccountId)")]
    [InlineData("context.User.GetAgent() switch { null => Results.Unauthorized(), var agent => Results.Ok(agent.AccountId) }")]
    [InlineData("context.User.Identity?.IsAuthenticated != true ? Results.Unauthorized() : Results.Ok()")]
    public async Task A_401_where_no_agent_can_be_is_only_careful(string result)
    {
        Assert.Empty(await RunAsync($"app.MapGet(\"/\", (HttpContext context) => {result}).RequireAgentScope(\"tickets.read\");"));
    }

    [Fact]
    public async Task The_place_is_the_answer()
    {
        const string code =
            """
            var app = WebApplication.Create(args);
            app.MapGet("/tickets/{id}", (int id, HttpContext context) =>
            {
                if (id > 10)
                {
                    return Results.Unauthorized();
                }

                return Results.Ok();
            }).RequireAgentScope(AgentScopes.TicketsRead);
            app.Run();
            """;

        Assert.Equal(["Program.cs(6,16): " + Message], await WiredApp.RunAsync(new OwnUnauthorizedAnalyzer(), code));
    }

    [Fact]
    public async Task Nothing_is_said_without_a_marked_auth_md_or_without_the_runtime_or_in_generated_code()
    {
        const string code = "var app = WebApplication.Create(args); app.MapGet(\"/\", () => Results.Unauthorized()).RequireAgentScope(\"tickets.read\");";

        Assert.Empty(await WiredApp.RunAsync(new OwnUnauthorizedAnalyzer(), code, marked: false));
        Assert.Empty(await WiredApp.RunAsync(new OwnUnauthorizedAnalyzer(), code, withRuntime: false));
        Assert.Empty(await WiredApp.RunAsync(new OwnUnauthorizedAnalyzer(), code, path: "Program.g.cs"));
        Assert.Single(await WiredApp.RunAsync(new OwnUnauthorizedAnalyzer(), code));
    }

    private static Task<string[]> RunAsync(string statement, string types = "") => WiredApp.RunAsync(
        new OwnUnauthorizedAnalyzer(),
        $$"""
        using Microsoft.AspNetCore.Authorization;
        using Microsoft.AspNetCore.Mvc;

        var app = WebApplication.Create(args);
        {{statement}}
        app.Run();
        static class Handlers
        {
            public static IResult Refuse() => Results.Unauthorized();
        }

        class Reading
        {
            public int StatusCode { get; set; }
        }
        {{types}}
        """);
}

namespace AgentAuth.Analyzers;

public sealed class MiddlewareOrderAnalyzerTests
{
    private const string Effect = "endpoints with scopes answer 500 and the others let every agent in";
    private const string Missing = $"AUTHMD3002 UseRouting is called and no UseAuthorization between it and the endpoints, so {Effect}. Call app.UseAuthorization() behind app.UseRouting()";
    private const string TooEarly = $"AUTHMD3002 UseAuthorization stands before UseRouting, where no endpoint is known yet, so {Effect}. Move it behind app.UseRouting()";
    private const string TooLate = $"AUTHMD3002 UseAuthorization stands behind the endpoints, which have run by then, so {Effect}. Move it between app.UseRouting() and app.UseEndpoints()";
    private const string Terminal = "AUTHMD3002 This handler answers every request before the endpoints run, so auth.md and the endpoints where agents register are never reached. Map it with app.MapFallback() instead";

    [Theory]
    [InlineData("app.UseRouting(); app.MapAgentAuth();", Missing)]
    [InlineData("app.MapAgentAuth(); app.UseRouting();", Missing)]
    [InlineData("app.UseRouting(); app.UseAuthentication(); app.MapAgentAuth();", Missing)]
    [InlineData("app.UseAuthentication(); app.UseRouting(); app.MapAgentAuth();", Missing)]
    [InlineData("app.UseRouting().UseCors(); app.Use((context, next) => next(context)); app.UseMiddleware<Timing>(); app.MapAgentAuth();", Missing)]
    [InlineData("if (app.Environment.IsDevelopment()) { app.UseDeveloperExceptionPage(); } app.UseRouting(); app.MapAgentAuth(); app.MapOther();", Missing)]
    [InlineData("app.UseRouting(); app.MapAgentAuth(); app.MapGet(\"/\", () => app.Environment.EnvironmentName);", Missing)]
    [InlineData("app.UseAuthorization(); app.UseRouting(); app.MapAgentAuth();", TooEarly)]
    [InlineData("app.UseAuthentication().UseAuthorization().UseRouting(); app.MapAgentAuth();", TooEarly)]
    [InlineData("app.UseRouting(); app.UseEndpoints(endpoints => endpoints.MapAgentAuth());", Missing)]
    [InlineData("app.UseRouting(); app.UseEndpoints(endpoints => endpoints.MapAgentAuth()); app.UseAuthorization();", TooLate)]
    [InlineData("app.UseRouting(); app.UseEndpoints(_ => { }); app.UseAuthorization(); app.MapAgentAuth();", TooLate)]
    [InlineData("app.UseElse(); app.UseRouting(); app.MapAgentAuth();", Missing)]
    [InlineData("app.MapAgentAuth(); app.Run(context => context.Response.WriteAsync(\"nothing here\"));", Terminal)]
    [InlineData("app.Run(context => context.Response.WriteAsync(\"nothing here\")); app.MapAgentAuth();", Terminal)]
    public async Task In_an_app_these_orders_break(string statements, string expected)
    {
        Assert.EndsWith(expected, Assert.Single(await RunAsync(statements)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.MapAgentAuth();")]
    [InlineData("app.UseAuthorization(); app.MapAgentAuth();")]
    [InlineData("app.UseAuthorization(); app.UseAuthentication(); app.MapAgentAuth();")]
    [InlineData("app.MapAgentAuth(); app.UseAuthorization();")]
    [InlineData("app.UseRouting(); app.UseAuthorization(); app.MapAgentAuth();")]
    [InlineData("app.UseAuthorization(); app.UseRouting(); app.UseAuthorization(); app.MapAgentAuth();")]
    [InlineData("app.MapAgentAuth(); app.UseRouting(); app.UseAuthorization();")]
    [InlineData("app.UseRouting().UseAuthentication().UseAuthorization().UseEndpoints(endpoints => endpoints.MapAgentAuth());")]
    [InlineData("app.UseRouting().UseAuthorization().UseEndpoints(endpoints => endpoints.MapAgentAuth()); app.Run(context => Task.CompletedTask);")]
    [InlineData("app.UseRouting(); app.UseAuthorization(); app.UseEndpoints(endpoints => endpoints.MapAgentAuth()); app.UseRouting(); app.UseEndpoints(_ => { });")]
    [InlineData("app.MapAgentAuth(); app.MapFallback(() => \"nothing here\");")]
    public async Task In_an_app_these_orders_work(string statements)
    {
        Assert.Empty(await RunAsync(statements));
    }

    [Theory]
    [InlineData("app.UseRouting();")]
    [InlineData("app.UseRouting(); app.MapGet(\"/\", () => \"\");")]
    [InlineData("app.UseRouting(); app.UseElse(); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); Else.UseElse(app); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); app.UseGeneric(); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); app.UseMiddleware(typeof(Timing)); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); app.UseMiddleware<Microsoft.AspNetCore.Authorization.AuthorizationMiddleware>(); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); app.UseWhen(context => true, branch => branch.UseAuthorization()); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); if (args.Length > 0) { app.UseAuthorization(); } app.MapAgentAuth();")]
    [InlineData("if (args.Length > 0) { app.UseRouting(); } app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); IApplicationBuilder other = app; other.UseAuthorization(); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); Action authorize = () => app.UseAuthorization(); authorize(); app.MapAgentAuth();")]
    [InlineData("app.UseRouting(); Authorize(); app.MapAgentAuth(); void Authorize() { app.UseAuthorization(); }")]
    [InlineData("app.UseRouting(); app.UseAuthorization(); app.MapAgentAuth(); var second = builder.Build(); second.UseRouting();")]
    [InlineData("if (args.Length > 0) { app.Run(context => Task.CompletedTask); } app.MapAgentAuth();")]
    [InlineData("app.UseElse(); app.Run(context => Task.CompletedTask); app.MapAgentAuth();")]
    [InlineData("app.Map(\"/x\", branch => branch.Run(context => Task.CompletedTask)); app.MapAgentAuth();")]
    public async Task What_is_not_certain_is_not_reported(string statements)
    {
        Assert.Empty(await RunAsync(statements));
    }

    [Theory]
    [InlineData("app.UseRouting(); app.UseEndpoints(endpoints => { endpoints.MapAgentAuth(); });", Missing)]
    [InlineData("app.UseRouting().UseEndpoints(endpoints => endpoints.MapAgentAuth());", Missing)]
    [InlineData("app.UseAuthorization(); app.UseRouting(); app.UseEndpoints(endpoints => endpoints.MapAgentAuth());", TooEarly)]
    [InlineData("app.UseRouting(); app.UseAuthorization(); app.UseRouting(); app.UseEndpoints(endpoints => endpoints.MapAgentAuth());", TooEarly)]
    [InlineData("app.Run(context => Task.CompletedTask); app.UseRouting(); app.UseAuthorization(); app.UseEndpoints(endpoints => endpoints.MapAgentAuth());", Terminal)]
    [InlineData("app.Map(\"/x\", branch => { branch.UseRouting(); branch.UseEndpoints(endpoints => endpoints.MapAgentAuth()); });", Missing)]
    public async Task In_a_Startup_class_these_orders_break(string statements, string expected)
    {
        Assert.EndsWith(expected, Assert.Single(await RunStartupAsync(statements)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.UseRouting();")]
    [InlineData("app.UseRouting(); app.UseAuthorization(); app.UseEndpoints(endpoints => endpoints.MapAgentAuth());")]
    [InlineData("app.UseEndpoints(endpoints => endpoints.MapAgentAuth());")]
    [InlineData("app.Run(context => Task.CompletedTask);")]
    [InlineData("app.UseRouting(); app.UseEndpoints(endpoints => endpoints.MapGet(\"/\", () => \"\"));")]
    public async Task In_a_Startup_class_these_orders_work_or_may_work(string statements)
    {
        Assert.Empty(await RunStartupAsync(statements));
    }

    [Fact]
    public async Task An_app_that_somebody_else_built_may_get_the_rest_from_them()
    {
        Assert.Empty(await RunAsync("static class Api { public static void Use(WebApplication app) { app.UseRouting(); app.MapAgentAuth(); } }", topLevel: false));
    }

    [Fact]
    public async Task The_place_is_the_name_of_the_call_that_stands_wrong()
    {
        const string code =
            """
            var builder = WebApplication.CreateBuilder(args);
            var app = builder.Build();
            app
                .UseAuthentication()
                .UseAuthorization()
                .UseRouting();
            app.MapAgentAuth();
            """;

        Assert.Equal(["Program.cs(5,6): " + TooEarly], await WiredApp.RunAsync(new MiddlewareOrderAnalyzer(), code));
    }

    [Fact]
    public async Task Nothing_is_said_without_a_marked_auth_md_or_without_the_runtime_or_in_generated_code()
    {
        const string code = "var app = WebApplication.Create(args); app.UseRouting(); app.MapAgentAuth();";

        Assert.Empty(await WiredApp.RunAsync(new MiddlewareOrderAnalyzer(), code, marked: false));
        Assert.Empty(await WiredApp.RunAsync(new MiddlewareOrderAnalyzer(), code, withRuntime: false));
        Assert.Empty(await WiredApp.RunAsync(new MiddlewareOrderAnalyzer(), code, path: "Program.g.cs"));
        Assert.Single(await WiredApp.RunAsync(new MiddlewareOrderAnalyzer(), code));
    }

    private const string Others =
        """
        static class Else
        {
            public static IApplicationBuilder UseElse(this IApplicationBuilder app) => app;
            public static T UseGeneric<T>(this T app) where T : IApplicationBuilder => app;
            public static void MapOther(this IEndpointRouteBuilder app) { }
        }
        class Timing(RequestDelegate next) { public Task InvokeAsync(HttpContext context) => next(context); }
        """;

    private static Task<string[]> RunAsync(string code, bool topLevel = true) => topLevel
        ? WiredApp.RunAsync(new MiddlewareOrderAnalyzer(), $"var builder = WebApplication.CreateBuilder(args); var app = builder.Build(); {code} app.Run();\n{Others}")
        : WiredApp.RunAsync(new MiddlewareOrderAnalyzer(), code, kind: Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary);

    private static Task<string[]> RunStartupAsync(string statements) => RunAsync(
        "class Startup { public void ConfigureServices(IServiceCollection services) => services.AddAgentAuth(); public void Configure(IApplicationBuilder app) { " + statements + " } }", topLevel: false);
}

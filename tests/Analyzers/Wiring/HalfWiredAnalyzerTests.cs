using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

public sealed class HalfWiredAnalyzerTests
{
    private const string OnlyAdded =
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services
            .AddAgentAuth(options => options.AllowLoopbackHttp = true);
        var app = builder.Build();
        app.MapGet("/tickets", () => "").RequireAgentScope("tickets.read");
        app.Run();
        """;

    private const string OnlyMapped =
        """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        app.MapAgentAuth();
        app.Run();
        """;

    [Fact]
    public async Task Services_without_endpoints_are_reported_at_the_call()
    {
        Assert.Equal(
            ["Program.cs(3,6): AUTHMD3001 AddAgentAuth is called and MapAgentAuth is not, so auth.md and the endpoints where agents register answer 404. Call app.MapAgentAuth() where the app maps its endpoints"],
            await RunAsync(OnlyAdded));
    }

    [Fact]
    public async Task Endpoints_without_services_are_reported_at_the_call()
    {
        Assert.Equal(
            ["Program.cs(3,5): AUTHMD3001 MapAgentAuth is called and AddAgentAuth is not, so the app throws at its start. Call builder.Services.AddAgentAuth() before the app is built"],
            await RunAsync(OnlyMapped));
    }

    [Theory]
    [InlineData("AgentAuthServiceCollectionExtensions.AddAgentAuth(builder.Services);")]
    [InlineData("AgentAuth.Hosting.AgentAuthServices.Add(builder.Services, AgentAuthService.Manifest, null);")]
    [InlineData("if (args.Length > 0) { builder.Services.AddAgentAuth(); }")]
    public async Task However_the_services_are_added(string add)
    {
        Assert.Single(await RunAsync($$"""var builder = WebApplication.CreateBuilder(args); {{add}} var app = builder.Build(); app.MapGet("/", () => ""); app.Run();"""));
    }

    [Theory]
    [InlineData("app.MapAgentAuth();")]
    [InlineData("if (args.Length > 0) { app.MapAgentAuth(); }")]
    [InlineData("app.MapGroup(\"/x\").MapAgentAuth();")]
    [InlineData("AgentAuth.Hosting.AgentAuthEndpoints.For(app, AgentAuthService.Manifest).MapDiscovery();")]
    [InlineData("app.UseRouting().UseEndpoints(endpoints => endpoints.MapAgentAuth());")]
    [InlineData("Func<IEndpointRouteBuilder, IEndpointConventionBuilder> map = AgentAuthEndpointRouteBuilderExtensions.MapAgentAuth; map(app);")]
    [InlineData("typeof(AgentAuthEndpointRouteBuilderExtensions).GetMethod(\"MapAgentAuth\");")]
    [InlineData("_ = nameof(AgentAuthEndpointRouteBuilderExtensions.MapAgentAuth);")]
    [InlineData("\n#if AGENTS\napp.MapAgentAuth();\n#endif\n")]
    public async Task Endpoints_that_are_mapped_or_may_be_mapped_are_enough(string map)
    {
        Assert.Empty(await RunAsync(OnlyAdded.Replace("app.Run();", map + "\napp.Run();", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_comment_maps_nothing()
    {
        Assert.Single(await RunAsync(OnlyAdded.Replace("app.Run();", "// app.MapAgentAuth();\napp.Run();", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("builder.Services.AddAgentAuth();")]
    [InlineData("Func<IServiceCollection, Action<AgentAuthOptions>, AgentAuthBuilder> add = AgentAuthServiceCollectionExtensions.AddAgentAuth; add(builder.Services, null);")]
    [InlineData("typeof(AgentAuth.Hosting.AgentAuthServices).GetMethod(\"Add\");")]
    public async Task Services_that_are_added_or_may_be_added_are_enough(string add)
    {
        Assert.Empty(await RunAsync(OnlyMapped.Replace("var app", add + "\nvar app", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_worker_that_maps_nothing_may_share_the_store_of_a_service()
    {
        Assert.Empty(await RunAsync("var builder = Host.CreateApplicationBuilder(args); builder.Services.AddAgentAuth(); builder.Build().Run();"));
    }

    [Fact]
    public async Task Another_generator_may_write_the_other_half()
    {
        const string other = "static class Other { public static void Map(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder app) => app.MapAgentAuth(); }";

        Assert.Empty(await WiredApp.RunAsync(new HalfWiredAnalyzer(), OnlyAdded, generated: other));
    }

    [Fact]
    public async Task Only_an_app_that_knows_the_runtime_and_an_auth_md_must_be_wired()
    {
        Assert.Empty(await WiredApp.RunAsync(new HalfWiredAnalyzer(), OnlyAdded, marked: false));
        Assert.Empty(await WiredApp.RunAsync(new HalfWiredAnalyzer(), OnlyAdded, withRuntime: false));
        Assert.Empty(await WiredApp.RunAsync(new HalfWiredAnalyzer(), OnlyAdded, ofTests: true));
        Assert.Empty(await WiredApp.RunAsync(new HalfWiredAnalyzer(), OnlyAdded, path: "Program.g.cs"));
        Assert.Empty(await WiredApp.RunAsync(
            new HalfWiredAnalyzer(),
            "static class Api { public static void Add(IServiceCollection services, IEndpointRouteBuilder app) { services.AddAgentAuth(); app.MapGet(\"/\", () => \"\"); } }",
            kind: OutputKind.DynamicallyLinkedLibrary));
    }

    [Fact]
    public async Task A_project_that_the_app_references_may_wire_the_other_half()
    {
        Assert.Empty(await WiredApp.RunAsync(new HalfWiredAnalyzer(), OnlyAdded, library: "public class Plugin { public AgentAuth.AgentAuthBuilder Builder; }"));
        Assert.Single(await WiredApp.RunAsync(new HalfWiredAnalyzer(), OnlyAdded, library: "public class Nothing { }"));
    }

    private static Task<string[]> RunAsync(string code) => WiredApp.RunAsync(new HalfWiredAnalyzer(), code);
}

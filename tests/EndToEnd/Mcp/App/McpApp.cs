using AgentAuth.Hosting;
using Microsoft.AspNetCore.Authentication;
using ModelContextProtocol.AspNetCore;

namespace Mcp.App;

/// <summary>How the app is put together.</summary>
public sealed record McpAppSetup
{
    /// <summary>True: an MCP session keeps its server; false: every message has one of its own.</summary>
    public bool IsStateful { get; init; }

    /// <summary>True: AddMcpServer before AddAgentAuth.</summary>
    public bool McpFirst { get; init; }

    /// <summary>True: the app calls the SDK's AddAuthorizationFilters itself.</summary>
    public bool HasSdkFilters { get; init; }

    /// <summary>True: AddAgentAuth as it was generated in a project that does not reference the SDK.</summary>
    public bool IsUnguarded { get; init; }

    /// <summary>Without the tools, prompts and resources of this project.</summary>
    public bool OffersNothing { get; init; }

    /// <summary>More of the server.</summary>
    public Action<IMcpServerBuilder>? Server { get; init; }

    /// <summary>More of its transport.</summary>
    public Action<HttpServerTransportOptions>? Transport { get; init; }
}

/// <summary>A service with an MCP server at three places: for agents, for users and agents, for everybody.</summary>
public static class McpApp
{
    /// <summary>Builds it.</summary>
    /// <param name="arguments">Configuration.</param>
    /// <param name="setup">How.</param>
    public static WebApplication Build(string[] arguments, McpAppSetup setup)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        if (setup.McpFirst)
        {
            AddServer(builder.Services, setup);
        }

        builder.Services.AddAuthentication(PersonHandler.Name).AddScheme<AuthenticationSchemeOptions, PersonHandler>(PersonHandler.Name, null);
        if (setup.IsUnguarded)
        {
            AgentAuthServices.Add(builder.Services, AgentAuthService.Manifest, null);
        }
        else
        {
            builder.Services.AddAgentAuth();
        }

        if (!setup.McpFirst)
        {
            AddServer(builder.Services, setup);
        }

        var app = builder.Build();
        app.MapAgentAuth();
        app.MapGet("/api/tickets", () => "tickets").RequireAgentScope(AgentScopes.TicketsRead);
        app.MapMcp("/agents").RequireAgentScope(AgentScopes.TicketsRead);
        app.MapMcp("/desk").RequireUserOrAgentScope(AgentScopes.TicketsRead);
        app.MapMcp("/open").AllowAnonymous();
        return app;
    }

    private static void AddServer(IServiceCollection services, McpAppSetup setup)
    {
        services.AddSingleton<Runs>();
        var server = services.AddMcpServer().WithHttpTransport(options =>
        {
            options.Stateless = !setup.IsStateful;
            setup.Transport?.Invoke(options);
        });
        if (!setup.OffersNothing)
        {
            server.WithTools<Tools>().WithTools<WritingTools>().WithTools<DerivedTools>().WithPrompts<Prompts>().WithResources<DeskResources>();
        }

        if (setup.HasSdkFilters)
        {
            server.AddAuthorizationFilters();
        }

        setup.Server?.Invoke(server);
    }
}

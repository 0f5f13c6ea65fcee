using AgentAuth.Access;
using AgentAuth.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Hosting;

/// <summary>
/// Before the service listens: an MCP server whose tools, prompts and resources nobody holds to their attributes does not start, and what they ask for
/// is held against auth.md.
/// </summary>
internal sealed partial class McpCheck(IServiceCollection registered, AgentAuthSettings settings, IServiceProvider services, ILogger<McpCheck> logger) : IStartupFilter
{
    // A name, for this assembly does not reference the SDK. Whatever adds a server configures its options.
    private const string ServerOptions = "ModelContextProtocol.Server.McpServerOptions";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        Check();
    };

    private void Check()
    {
        if (services.GetService<AgentAuthMcp>() is { } mcp)
        {
            CheckOffered(mcp);
        }
        else if (registered.Any(s => s.ServiceType.GenericTypeArguments is [{ FullName: ServerOptions }]))
        {
            throw new AgentAuthConfigurationException([
                "An MCP server is registered, and nothing holds its tools, prompts and resources to [AgentScope], [UserOrAgentScope], [DenyAgents] and [AgentStepUp]. "
                + "AddAgentAuth does so when the project that compiles auth.md references ModelContextProtocol.AspNetCore 2.0.0 or later: add that package there, or update it. "
                + "Where the build cannot see the reference, set the property AgentAuthMcpServers to true in that project.",
            ]);
        }
    }

    private void CheckOffered(AgentAuthMcp mcp)
    {
        List<string> problems = [];
        foreach (var (name, metadata) in mcp.Offered(services))
        {
            var access = new McpAccess(metadata);
            if (access.AsksForNoSignIn)
            {
                throw new AgentAuthConfigurationException([
                    $"The MCP {name} has [AgentStepUp] that asks for nothing. Give it MaxAge, Contexts or Methods, or remove it.",
                ]);
            }

            problems.AddRange(access.Scopes.Except(settings.AllScopes, StringComparer.Ordinal).Select(scope =>
                $"The MCP {name} asks for the scope '{scope}' that auth.md does not declare: no agent can ever hold it."));
        }

        if (settings.RequireScopes == AgentScopesMode.Fail && problems.Count > 0)
        {
            throw new AgentAuthConfigurationException([
                .. problems,
                "AgentAuth:RequireScopes is Fail, so each of these stops the start. Warn logs them and starts.",
            ]);
        }

        problems.ForEach(problem => Found(logger, problem));
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void Found(ILogger logger, string problem);
}

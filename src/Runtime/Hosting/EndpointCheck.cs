using AgentAuth.Access;
using AgentAuth.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Mvc.ViewComponents;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Hosting;

/// <summary>
/// Looks at the endpoints themselves, and so sees what static analysis cannot: routes that other libraries map, scopes in variables. Warns, or
/// refuses to start, as <see cref="AgentAuthOptions.RequireScopes"/> says. Attributes of ours that nothing reads stop the start in any case.
/// </summary>
internal sealed partial class EndpointCheck(
    AgentAuthSettings settings,
    EndpointDataSource endpoints,
    IServiceProvider services,
    IOptions<AuthorizationOptions> authorization,
    ILogger<EndpointCheck> logger) : IStartupFilter, IDisposable
{
    private const int LinesOfAKind = 50;

    private readonly Lock _lock = new();
    private HashSet<EndpointFinding> _found = [];
    private IDisposable? _changes;

    // What is put in first is built last: by then every part of the pipeline has mapped its endpoints, and the server does not listen yet.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(pipeline =>
        {
            CheckBeforeListening();
            return pipeline;
        });
        next(app);
    };

    public void Dispose() => _changes?.Dispose();

    private void CheckBeforeListening()
    {
        RefuseToStartWith(Replaced());
        List<EndpointFinding> findings;
        lock (_lock)
        {
            // Listens before it looks, and holds whoever comes in between until it has looked: no endpoint is missed, none is told as a later one.
            _changes = ChangeToken.OnChange(endpoints.GetChangeToken, CheckAgain);
            findings = NewFindings();
        }

        RefuseToStartWith([.. PublishedUrlCheck.Problems(endpoints.Endpoints)]);
        RefuseToStartWith(InertGuards());
        if (settings.RequireScopes == AgentScopesMode.Fail && findings.Count > 0)
        {
            throw new AgentAuthConfigurationException([
                .. findings.Select(f => f.ToString()),
                "AgentAuth:RequireScopes is Fail, so each of these stops the start. Warn logs them and starts.",
            ]);
        }

        Log(LogLevel.Warning, findings);
    }

    // Whatever the mode: who writes a guard relies on it.
    private static void RefuseToStartWith(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new AgentAuthConfigurationException(problems);
        }
    }

    // They keep agents and people apart.
    private List<string> Replaced()
    {
        using var scope = services.CreateScope();
        List<string> problems = [];
        if (scope.ServiceProvider.GetRequiredService<IAuthenticationService>() is not AgentAuthenticationService)
        {
            problems.Add(Replaced(nameof(IAuthenticationService)));
        }

        if (scope.ServiceProvider.GetRequiredService<IPolicyEvaluator>() is not AgentPolicyEvaluator)
        {
            problems.Add(Replaced(nameof(IPolicyEvaluator)));
        }

        return problems;
    }

    private static string Replaced(string service) =>
        $"{service} is registered behind AddAgentAuth, whose own, which keeps agents and people apart, would never be asked. Register it before AddAgentAuth, which then asks it.";

    private List<string> InertGuards() =>
        [.. new InertGuards(services.GetService<IViewComponentDescriptorProvider>()).In(endpoints.Endpoints.Select(Findings().Loaded))];

    // A service that has begun is not stopped from within; agents get 403 at what was added, whatever the mode.
    private void CheckAgain()
    {
        Log(settings.RequireScopes == AgentScopesMode.Fail ? LogLevel.Critical : LogLevel.Warning, NewFindings());
        foreach (var sentence in InertGuards())
        {
            FoundInert(logger, sentence);
        }
    }

    private List<EndpointFinding> NewFindings()
    {
        lock (_lock)
        {
            var before = _found;
            _found = [.. Findings().In(endpoints.Endpoints)];
            return [.. _found.Where(f => !before.Contains(f))];
        }
    }

    private EndpointFindings Findings()
    {
        var fallback = authorization.Value.FallbackPolicy;
        return new EndpointFindings(
            settings.AllScopes, fallback is null || AgentGateRequirement.IsAlone(fallback.Requirements), services.GetService<PageLoader>());
    }

    private void Log(LogLevel level, List<EndpointFinding> findings)
    {
        foreach (var kind in findings.GroupBy(f => f.UndeclaredScope is null))
        {
            foreach (var finding in kind.Take(LinesOfAKind))
            {
                Found(logger, level, finding.Endpoint, finding.Problem);
            }

            if (kind.Count() - LinesOfAKind is > 0 and var more)
            {
                FoundMore(logger, level, more, kind.Key ? "say nothing about agents" : "ask for a scope that auth.md does not declare");
            }
        }
    }

    [LoggerMessage(EventId = 1, Message = "The endpoint {Endpoint} {Problem}")]
    private static partial void Found(ILogger logger, LogLevel level, string endpoint, string problem);

    [LoggerMessage(EventId = 3, Level = LogLevel.Critical, Message = "{Sentence}")]
    private static partial void FoundInert(ILogger logger, string sentence);

    [LoggerMessage(EventId = 2, Message = "{Count} more endpoints {Problem}.")]
    private static partial void FoundMore(ILogger logger, LogLevel level, int count, string problem);
}

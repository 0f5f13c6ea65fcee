using AgentAuth.Credentials;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Hosting;

/// <summary>
/// Looks at the endpoints themselves, and so sees what static analysis cannot: routes that other libraries map, scopes in variables. Warns, or
/// refuses to start, as <see cref="AgentAuthOptions.RequireScopes"/> says.
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
        List<EndpointFinding> findings;
        lock (_lock)
        {
            // Listens before it looks, and holds whoever comes in between until it has looked: no endpoint is missed, none is told as a later one.
            _changes = ChangeToken.OnChange(endpoints.GetChangeToken, CheckAgain);
            findings = NewFindings();
        }

        if (endpoints.Endpoints.FirstOrDefault(AsksForNothing) is { } empty)
        {
            throw new AgentAuthConfigurationException([
                $"The endpoint {EndpointFindings.NameOf(empty)} has [AgentStepUp] that asks for nothing. Give it MaxAge, Contexts or Methods, or remove it.",
            ]);
        }

        if (PublishedUrlCheck.Problems(endpoints.Endpoints).ToArray() is { Length: > 0 } unserved)
        {
            throw new AgentAuthConfigurationException(unserved);
        }

        if (settings.RequireScopes == RequireScopesMode.Fail && findings.Count > 0)
        {
            throw new AgentAuthConfigurationException([
                .. findings.Select(f => f.ToString()),
                "AgentAuth:RequireScopes is Fail, so each of these stops the start. Warn logs them and starts.",
            ]);
        }

        Log(LogLevel.Warning, findings);
    }

    private static bool AsksForNothing(Endpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<AgentStepUpAttribute>().Any(stepUp => stepUp.Required.IsEmpty);

    // A service that has begun is not stopped from within; agents get 403 at what was added, whatever the mode.
    private void CheckAgain() =>
        Log(settings.RequireScopes == RequireScopesMode.Fail ? LogLevel.Critical : LogLevel.Warning, NewFindings());

    private List<EndpointFinding> NewFindings()
    {
        var fallback = authorization.Value.FallbackPolicy;
        var findings = new EndpointFindings(
            settings.AllScopes, fallback is null || AgentGateRequirement.IsAlone(fallback.Requirements), services.GetService<PageLoader>());
        lock (_lock)
        {
            var before = _found;
            _found = [.. findings.In(endpoints.Endpoints)];
            return [.. _found.Where(f => !before.Contains(f))];
        }
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

    [LoggerMessage(EventId = 2, Message = "{Count} more endpoints {Problem}.")]
    private static partial void FoundMore(ILogger logger, LogLevel level, int count, string problem);
}

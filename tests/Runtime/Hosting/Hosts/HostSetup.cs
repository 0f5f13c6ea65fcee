using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Yarp.ReverseProxy.Configuration;

namespace AgentAuth.Hosting.Hosts;

/// <summary>How a service is hosted: a row of the matrix.</summary>
internal sealed record HostSetup
{
    /// <summary>Where the world finds the service: its issuer and its resource.</summary>
    public string Url { get; init; } = "https://tickets.example";

    /// <summary>Services of the app, behind <c>AddAgentAuth</c>.</summary>
    public Action<WebApplicationBuilder> Services { get; init; } = _ => { };

    /// <summary>What is there before the first request, such as the app's own database.</summary>
    public Func<IServiceProvider, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    /// <summary>Middleware and endpoints of the app, before the shared ones.</summary>
    public Action<WebApplication> Pipeline { get; init; } = _ => { };

    /// <summary>What <c>MapAgentAuth</c> is called on.</summary>
    public Func<WebApplication, IEndpointRouteBuilder> MapsAgentAuthOn { get; init; } = app => app;

    /// <summary>What the API's own endpoints are mapped on.</summary>
    public Func<WebApplication, IEndpointRouteBuilder> MapsApiOn { get; init; } = app => app;

    /// <summary>True: it listens to http as well.</summary>
    public bool ListensToHttp { get; init; }

    /// <summary>The routes of the YARP gateway before it, to the cluster <c>service</c>; null: there is none.</summary>
    public IReadOnlyList<RouteConfig>? Gateway { get; init; }

    /// <summary>True: there is no server at all.</summary>
    public bool IsTestServer { get; init; }

    /// <summary>What the service takes for the caller's address.</summary>
    public string? RemoteAddress { get; init; } = HostedService.CallersAddress;

    /// <summary>Signs a person of the app in: what their requests have then. Null: the app has no people.</summary>
    public Func<HostedService, Task<Action<HttpRequestMessage>>>? SignIn { get; init; }

    /// <summary>What else holds on this host, with the key of an agent.</summary>
    public Func<HostedService, string, Task> Also { get; init; } = (_, _) => Task.CompletedTask;
}

using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>Looks at the requests to an MCP endpoint before its SDK does. There is one where the project references the SDK.</summary>
internal interface IMcpGate
{
    /// <summary>Runs what comes next, unless the message asks for something that its sender may not have: then the request is answered here.</summary>
    /// <param name="context">A request that the endpoint itself has let in.</param>
    /// <param name="next">The SDK.</param>
    Task RunAsync(HttpContext context, RequestDelegate next);
}

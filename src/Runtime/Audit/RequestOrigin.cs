using System.Net;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Audit;

/// <summary>Where and when a request came in.</summary>
/// <param name="Address">Remote address; null when unknown. Behind a proxy the app's forwarded-headers settings decide what it is.</param>
/// <param name="ReceivedAt">Before anything was decided.</param>
internal sealed record RequestOrigin(IPAddress? Address, DateTimeOffset ReceivedAt)
{
    public string? AddressText => Address?.ToString();

    public static RequestOrigin Of(HttpContext context, TimeProvider time) => new(context.Connection.RemoteIpAddress, time.GetUtcNow());
}

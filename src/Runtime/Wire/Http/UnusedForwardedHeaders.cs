using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Wire.Http;

/// <summary>
/// Says once that requests come through a proxy whose forwarded headers nobody reads: all callers have the proxy's address then, and share one
/// limit.
/// </summary>
internal sealed partial class UnusedForwardedHeaders(ILogger<UnusedForwardedHeaders> logger)
{
    private const string ForwardedFor = "X-Forwarded-For";

    private int _isTold;

    /// <summary>Looks at a request. The middleware takes the header away when it uses it.</summary>
    public void Notice(HttpContext context)
    {
        if (IsUnused(context, out var proxy))
        {
            LogUnused(proxy);
        }
    }

    /// <summary>Looks at a request that is being authenticated, which may be before the middleware gets it.</summary>
    public void NoticeAtAuthentication(HttpContext context)
    {
        if (IsUnused(context, out var proxy))
        {
            LogUnusedYet(proxy);
        }
    }

    private bool IsUnused(HttpContext context, [NotNullWhen(true)] out IPAddress? proxy)
    {
        proxy = context.Connection.RemoteIpAddress;
        return _isTold == 0
            && context.Request.Headers.ContainsKey(ForwardedFor)
            && proxy is not null && IsInner(proxy)
            && Interlocked.Exchange(ref _isTold, 1) == 0;
    }

    private static bool IsInner(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (IPAddress.IsLoopback(address))
        {
            return true;
        }

        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal
            : bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168);
    }

    [LoggerMessage(1, LogLevel.Warning, "A request came from {Proxy} with an X-Forwarded-For header that the app does not use. Behind a proxy every caller then has the proxy's address, and all of them share one limit: add app.UseForwardedHeaders() with the proxy among KnownProxies or KnownIPNetworks. Without a proxy somebody made the header up, and all is well.")]
    private partial void LogUnused(IPAddress proxy);

    [LoggerMessage(2, LogLevel.Warning, "An agent's request came from {Proxy} with an X-Forwarded-For header that was not used before authentication, so what is audited there, such as the use of a revoked credential, has the proxy's address. Call app.UseForwardedHeaders() first, with the proxy among KnownProxies or KnownIPNetworks, and app.UseAuthentication() and app.UseAuthorization() behind it: where the app does not call these, WebApplication puts them before all else. Without a proxy somebody made the header up, and all is well.")]
    private partial void LogUnusedYet(IPAddress proxy);
}

using System.Net;
using System.Net.Sockets;
using AgentAuth.Hosting;
using AgentAuth.Manifest;
using AgentAuth.Registrations;

namespace AgentAuth.Limits;

/// <summary>The limits of auth.md, by operation. Where the remote address is not known, the limit per address is skipped.</summary>
internal sealed class RequestLimits(AgentAuthSettings settings, SlidingWindowLimiter limiter)
{
    private readonly ManifestLimits _limits = settings.Manifest.Limits;

    public Refusal? Anonymous(IPAddress? address) =>
        Acquire(Per("anonymous", address, _limits.AnonymousPerAddress), Per("anonymous", "all", _limits.AnonymousTotal));

    public Refusal? IdentityAssertion(IPAddress? address) =>
        Acquire(Per("identity", address, _limits.IdentityAssertionPerAddress), Per("identity", "all", _limits.IdentityAssertionTotal));

    public Refusal? ClaimMail(IPAddress? address, string recipient) =>
        Acquire(Per("mail", address, _limits.ClaimMailPerAddress), Per("mail-to", recipient, _limits.ClaimMailPerRecipient));

    public Refusal? Complete(IPAddress? address) =>
        Acquire(Per("complete", address, _limits.CompletePerAddress));

    private static LimitedKey? Per(string operation, IPAddress? address, RateLimit? limit) =>
        address is null ? null : Per(operation, Network(address), limit);

    private static LimitedKey? Per(string operation, string who, RateLimit? limit) =>
        limit is { } rate ? new LimitedKey($"{operation} {who}", rate) : null;

    // An IPv6 customer has a whole /64 to choose addresses from; to count them apart would be to count nothing.
    private static string Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private Refusal? Acquire(params ReadOnlySpan<LimitedKey?> limits)
    {
        if (!settings.LimitsEnabled)
        {
            return null;
        }

        var keys = new List<LimitedKey>(limits.Length);
        foreach (var limit in limits)
        {
            if (limit is { } key)
            {
                keys.Add(key);
            }
        }

        return limiter.TryAcquire(keys) is { } wait
            ? new Refusal(RefusalReason.RateLimited, "Too many requests of this kind. Wait as long as Retry-After says, then try again.", wait)
            : null;
    }
}

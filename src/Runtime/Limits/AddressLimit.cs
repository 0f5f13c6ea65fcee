using System.Net;
using AgentAuth.Manifest;

namespace AgentAuth.Limits;

/// <summary>
/// A limit for each remote address. An IPv6 customer has a whole /64 to choose addresses from: that is what counts as one. Many have more than one
/// of them, so a /56 counts as well, and a /48, with more for each: they may be one customer or a street.
/// </summary>
internal sealed class AddressLimit(RateLimit limit)
{
    private const int Capacity = 20_000;

    private readonly LimitTable _addresses = new(limit, Capacity);
    private readonly LimitTable _customers = new(Times(limit, 4), Capacity / 4);
    private readonly LimitTable _streets = new(Times(limit, 16), Capacity / 4);

    /// <summary>The limit, or null where there is none.</summary>
    public static AddressLimit? Of(RateLimit? limit) => limit is { } rate ? new AddressLimit(rate) : null;

    /// <summary>Adds what an address is counted by.</summary>
    public void Add(List<LimitedKey> keys, IPAddress address)
    {
        keys.Add(new LimitedKey(_addresses, LimitKeys.Of(address, ipv6Bits: 64)));
        if (LimitKeys.IsIPv6(address))
        {
            keys.Add(new LimitedKey(_customers, LimitKeys.Of(address, ipv6Bits: 56)));
            keys.Add(new LimitedKey(_streets, LimitKeys.Of(address, ipv6Bits: 48)));
        }
    }

    private static RateLimit Times(RateLimit limit, int factor) => limit with { Permits = (int)Math.Min(int.MaxValue, (long)limit.Permits * factor) };
}

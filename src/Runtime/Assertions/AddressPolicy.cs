using System.Net;
using System.Net.Sockets;

namespace AgentAuth.Assertions;

/// <summary>
/// Tells public addresses from those that lead inside: loopback, private, link-local and the other special-use ranges (RFC 6890 and its
/// registries), in IPv4, in IPv6, and in IPv6 forms that carry an IPv4 address.
/// </summary>
internal static class AddressPolicy
{
    /// <summary>Global unicast. No other IPv6 address is globally reachable.</summary>
    private static readonly IPNetwork s_globalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>NAT64 (RFC 6052): the last four bytes are where it goes. 64:ff9b:1::/48 is for local use and no global unicast.</summary>
    private static readonly IPNetwork s_nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>6to4 (RFC 3056): the four bytes behind the prefix are where it goes.</summary>
    private static readonly IPNetwork s_sixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Ranges that are not globally reachable, IPv4 and within global unicast.</summary>
    private static readonly IPNetwork[] s_special =
    [
        IPNetwork.Parse("0.0.0.0/8"),        // this host; Linux connects 0.0.0.0 to loopback
        IPNetwork.Parse("10.0.0.0/8"),       // private
        IPNetwork.Parse("100.64.0.0/10"),    // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"),      // loopback
        IPNetwork.Parse("169.254.0.0/16"),   // link-local, where clouds keep their metadata
        IPNetwork.Parse("172.16.0.0/12"),    // private
        IPNetwork.Parse("192.0.0.0/24"),     // IETF protocol assignments
        IPNetwork.Parse("192.0.2.0/24"),     // documentation
        IPNetwork.Parse("192.88.99.0/24"),   // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),   // private
        IPNetwork.Parse("198.18.0.0/15"),    // benchmarking
        IPNetwork.Parse("198.51.100.0/24"),  // documentation
        IPNetwork.Parse("203.0.113.0/24"),   // documentation
        IPNetwork.Parse("224.0.0.0/3"),      // multicast, reserved, broadcast
        IPNetwork.Parse("2001::/23"),        // Teredo, ORCHID, benchmarking …
        IPNetwork.Parse("2001:db8::/32"),    // documentation
        IPNetwork.Parse("3fff::/20"),        // documentation
    ];

    /// <summary>True when an address is globally reachable, so that a key server may live there.</summary>
    /// <param name="address">The address.</param>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (s_nat64.Contains(address))
        {
            return IsPublic(Carried(address, 12));
        }

        return (address.AddressFamily is AddressFamily.InterNetwork || s_globalUnicast.Contains(address))
            && !s_special.Any(network => network.Contains(address))
            && (!s_sixToFour.Contains(address) || IsPublic(Carried(address, 2)));
    }

    /// <summary>The IPv4 address within an IPv6 address.</summary>
    private static IPAddress Carried(IPAddress address, int start) => new(address.GetAddressBytes().AsSpan(start, 4));
}

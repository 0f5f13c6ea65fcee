using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AgentAuth.Assertions;

/// <summary>
/// Tells public addresses from those that lead inside: loopback, private, link-local and the other special-use ranges (RFC 6890 and its
/// registries), in IPv4, in IPv6, and in IPv6 forms that carry an IPv4 address.
/// </summary>
internal static class AddressPolicy
{
    /// <summary>IPv4 ranges that are not globally reachable: network and prefix length.</summary>
    private static readonly (uint Network, int Prefix)[] SpecialIPv4 =
    [
        (Network(0, 0, 0, 0), 8),         // this host; Linux connects 0.0.0.0 to loopback
        (Network(10, 0, 0, 0), 8),        // private
        (Network(100, 64, 0, 0), 10),     // carrier-grade NAT
        (Network(127, 0, 0, 0), 8),       // loopback
        (Network(169, 254, 0, 0), 16),    // link-local, where clouds keep their metadata
        (Network(172, 16, 0, 0), 12),     // private
        (Network(192, 0, 0, 0), 24),      // IETF protocol assignments
        (Network(192, 0, 2, 0), 24),      // documentation
        (Network(192, 88, 99, 0), 24),    // 6to4 relays
        (Network(192, 168, 0, 0), 16),    // private
        (Network(198, 18, 0, 0), 15),     // benchmarking
        (Network(198, 51, 100, 0), 24),   // documentation
        (Network(203, 0, 113, 0), 24),    // documentation
        (Network(224, 0, 0, 0), 3),       // multicast, reserved, broadcast
    ];

    /// <summary>True when an address is globally reachable, so that a key server may live there.</summary>
    /// <param name="address">The address.</param>
    public static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            Span<byte> bytes = stackalloc byte[4];
            return address.TryWriteBytes(bytes, out _) && IsPublicIPv4(bytes);
        }

        Span<byte> b = stackalloc byte[16];
        if (address.AddressFamily is not AddressFamily.InterNetworkV6 || !address.TryWriteBytes(b, out _))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublicIPv4(b[12..]);
        }

        // NAT64 (RFC 6052): the last four bytes are where it goes. 64:ff9b:1::/48 is for local use and falls to the rule below.
        if (b[..12].SequenceEqual((ReadOnlySpan<byte>)[0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
        {
            return IsPublicIPv4(b[12..]);
        }

        // Global unicast is 2000::/3 and nothing else. Out of it: 2001::/23 (Teredo, ORCHID, benchmarking …), documentation, and 6to4
        // (RFC 3056) by the IPv4 address it carries.
        return (b[0] & 0xe0) == 0x20
            && !(b[0] == 0x20 && b[1] == 0x01 && b[2] < 0x02)
            && !(b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8)
            && !(b[0] == 0x3f && b[1] == 0xff && b[2] < 0x10)
            && !(b[0] == 0x20 && b[1] == 0x02 && !IsPublicIPv4(b[2..6]));
    }

    private static bool IsPublicIPv4(ReadOnlySpan<byte> bytes)
    {
        var address = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        foreach (var (network, prefix) in SpecialIPv4)
        {
            if (address >> (32 - prefix) == network >> (32 - prefix))
            {
                return false;
            }
        }

        return true;
    }

    private static uint Network(byte a, byte b, byte c, byte d) => BinaryPrimitives.ReadUInt32BigEndian([a, b, c, d]);
}

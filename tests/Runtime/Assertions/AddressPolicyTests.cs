using System.Net;
using System.Net.Sockets;

namespace AgentAuth.Assertions;

/// <summary>Every range to the address: its first and last are inside, and what lies next to them is public.</summary>
public class AddressPolicyTests
{
    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")]
    [InlineData("10.0.0.0", "10.255.255.255")]
    [InlineData("100.64.0.0", "100.127.255.255")]
    [InlineData("127.0.0.0", "127.255.255.255")]
    [InlineData("169.254.0.0", "169.254.255.255")]
    [InlineData("172.16.0.0", "172.31.255.255")]
    [InlineData("192.0.0.0", "192.0.0.255")]
    [InlineData("192.0.2.0", "192.0.2.255")]
    [InlineData("192.88.99.0", "192.88.99.255")]
    [InlineData("192.168.0.0", "192.168.255.255")]
    [InlineData("198.18.0.0", "198.19.255.255")]
    [InlineData("198.51.100.0", "198.51.100.255")]
    [InlineData("203.0.113.0", "203.0.113.255")]
    [InlineData("224.0.0.0", "255.255.255.255")]
    public void Special_IPv4_range_ends_where_it_ends(string first, string last)
    {
        foreach (var carry in (Func<IPAddress, IPAddress>[])[ip => ip, ip => ip.MapToIPv6(), Nat64, SixToFour])
        {
            Assert.False(AddressPolicy.IsPublic(carry(IPAddress.Parse(first))));
            Assert.False(AddressPolicy.IsPublic(carry(IPAddress.Parse(last))));
            if (Next(first, -1) is { } before)
            {
                Assert.True(AddressPolicy.IsPublic(carry(before)), before.ToString());
            }

            if (Next(last, 1) is { } after)
            {
                Assert.True(AddressPolicy.IsPublic(carry(after)), after.ToString());
            }
        }
    }

    [Theory]
    [InlineData("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::")]
    [InlineData("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::")]
    [InlineData("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::")]
    public void Special_IPv6_range_ends_where_it_ends(string first, string last, string before, string after)
    {
        Assert.False(AddressPolicy.IsPublic(IPAddress.Parse(first)));
        Assert.False(AddressPolicy.IsPublic(IPAddress.Parse(last)));
        Assert.True(AddressPolicy.IsPublic(IPAddress.Parse(before)));
        Assert.True(AddressPolicy.IsPublic(IPAddress.Parse(after)));
    }

    [Theory]
    [InlineData("2000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::")]
    public void Only_global_unicast_is_public(string first, string last, string before, string after)
    {
        Assert.True(AddressPolicy.IsPublic(IPAddress.Parse(first)));
        Assert.True(AddressPolicy.IsPublic(IPAddress.Parse(last)));
        Assert.False(AddressPolicy.IsPublic(IPAddress.Parse(before)));
        Assert.False(AddressPolicy.IsPublic(IPAddress.Parse(after)));
    }

    [Theory]
    [InlineData("64:ff9b::1:101:101")]
    [InlineData("64:ff9b:0:0:1::101:101")]
    [InlineData("64:ff9c::101:101")]
    [InlineData("65:ff9b::101:101")]
    [InlineData("::fffe:101:101")]
    [InlineData("::1:0:101:101")]
    [InlineData("::101:101")]
    public void What_only_resembles_a_form_that_carries_an_IPv4_address_is_not_public(string address) =>
        Assert.False(AddressPolicy.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("2003:a00:1::")]
    [InlineData("2a02:a00:1::")]
    [InlineData("2001:1db8::")]
    [InlineData("2011:db8::")]
    [InlineData("2fff::")]
    public void What_only_resembles_a_special_range_is_public(string address) => Assert.True(AddressPolicy.IsPublic(IPAddress.Parse(address)));

    private static IPAddress? Next(string address, int step)
    {
        var value = BitConverter.ToUInt32([.. IPAddress.Parse(address).GetAddressBytes().Reverse()]) + (long)step;
        return value is < 0 or > uint.MaxValue ? null : new IPAddress([.. BitConverter.GetBytes((uint)value).Reverse()]);
    }

    /// <summary>RFC 6052 §2.1.</summary>
    private static IPAddress Nat64(IPAddress ip) => IPAddress.Parse($"64:ff9b::{ip}");

    /// <summary>RFC 3056 §2: the address stands behind 2002.</summary>
    private static IPAddress SixToFour(IPAddress ip)
    {
        Assert.Equal(AddressFamily.InterNetwork, ip.AddressFamily);
        return new IPAddress([0x20, 0x02, .. ip.GetAddressBytes(), .. new byte[10]]);
    }
}

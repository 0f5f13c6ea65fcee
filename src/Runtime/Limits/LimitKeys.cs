using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace AgentAuth.Limits;

/// <summary>What is counted together, in 16 bytes whatever its length was.</summary>
internal static class LimitKeys
{
    /// <summary>The key of what is counted in all.</summary>
    public const ulong All = 0;

    /// <summary>A text, by the half of its SHA-256: nobody finds two that are counted together.</summary>
    public static UInt128 Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The network of an address: of an IPv6 address the first bits, of an IPv4 address, mapped or not, all of it.</summary>
    public static UInt128 Of(IPAddress address, int ipv6Bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        var key = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return IsIPv6(address) ? key >> (128 - ipv6Bits) << (128 - ipv6Bits) : key;
    }

    /// <summary>Whether an address is IPv6 and not an IPv4 address that is written so.</summary>
    public static bool IsIPv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6;
}

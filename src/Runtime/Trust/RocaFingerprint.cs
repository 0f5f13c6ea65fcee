using System.Collections.Immutable;
using System.Numerics;

namespace AgentAuth.Trust;

/// <summary>
/// Tells moduli made by the Infineon library whose keys can be factored (ROCA, CVE-2017-15361). Its primes are powers of 65537 modulo many
/// small primes, so their product is one too: for every small prime. That another key has this by chance is less likely than 1 in 100 million.
/// </summary>
internal static class RocaFingerprint
{
    private const int Generator = 65537;

    // The primes that the library uses at every length of a key; but for 2, which tells nothing about an odd number.
    private static readonly ImmutableArray<(int Prime, ImmutableArray<bool> IsPower)> s_groups =
    [
        .. ((int[])[3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127,
            131, 137, 139, 149, 151, 157, 163, 167]).Select(prime => (prime, PowersOfGenerator(prime))),
    ];

    /// <summary>True when a modulus has the fingerprint.</summary>
    /// <param name="modulus">The modulus of an RSA key.</param>
    public static bool Has(BigInteger modulus) => s_groups.All(group => group.IsPower[(int)(modulus % group.Prime)]);

    private static ImmutableArray<bool> PowersOfGenerator(int prime)
    {
        var isPower = new bool[prime];
        for (var power = 1; !isPower[power]; power = power * Generator % prime)
        {
            isPower[power] = true;
        }

        return [.. isPower];
    }
}

using System.Numerics;
using System.Security.Cryptography;

namespace AgentAuth.Trust;

public class RocaFingerprintTests
{
    // 2 to 167: the product of the primes that the weak library uses at every length.
    private static readonly BigInteger s_primorial = Enumerable.Range(2, 166)
        .Where(number => Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0))
        .Aggregate(BigInteger.One, (product, prime) => product * prime);

    [Fact]
    public void Product_of_powers_of_65537_has_the_fingerprint()
    {
        // How the library makes its primes: k·M + (65537^a mod M). Whether they are prime is nothing that the fingerprint sees.
        var (p, q) = ((12345 * s_primorial) + BigInteger.ModPow(65537, 6789, s_primorial), (54321 * s_primorial) + BigInteger.ModPow(65537, 98765, s_primorial));

        Assert.True(RocaFingerprint.Has(p * q));
        Assert.False(RocaFingerprint.Has((p * q) + 2));
    }

    [Fact]
    public void Modulus_of_this_platform_has_not()
    {
        using var key = RSA.Create(2048);

        Assert.False(RocaFingerprint.Has(new BigInteger(key.ExportParameters(false).Modulus, isUnsigned: true, isBigEndian: true)));
    }

    [Fact]
    public void Modulus_that_fails_at_one_prime_alone_has_not()
    {
        int[] primes = [.. Enumerable.Range(3, 165).Where(number => Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0))];
        Assert.Equal(38, primes.Length);

        foreach (var prime in primes)
        {
            // 1 is a power of everything. 0 is not, and this is 1 for all numbers that matter, or lie next to this prime, but 0 for the prime.
            var others = primes.Where(other => other != prime).Append(prime - 1).Append(prime + 1)
                .Aggregate(BigInteger.One, (product, number) => product * number / BigInteger.GreatestCommonDivisor(product, number));
            var modulus = BigInteger.One;
            while (!(modulus % prime).IsZero)
            {
                modulus += others;
            }

            Assert.False(RocaFingerprint.Has(modulus), $"{prime}");
        }
    }
}

using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentAuth.Assertions.Differential;

/// <summary>A key for the comparison: what it is published as, and how it signs.</summary>
/// <param name="Algorithm">Its <c>alg</c>.</param>
/// <param name="Jwk">Its public half; each case has a copy.</param>
/// <param name="Sign">Makes a signature.</param>
internal sealed record DifferentialKey(string Algorithm, JsonObject Jwk, Func<string, byte[]> Sign)
{
    /// <summary>DER of a DigestInfo with SHA-256, but for the hash (RFC 8017 §9.2).</summary>
    private static readonly byte[] s_digestInfo = Convert.FromHexString("3031300D060960864801650304020105000420");

    public string KeyId => Jwk["kid"]!.GetValue<string>();

    public static DifferentialKey Create(string algorithm, int rsaBits = 2048)
    {
        var hash = algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        if (algorithm[0] == 'E')
        {
            return Create(algorithm, ECDsa.Create(algorithm switch
            {
                "ES256" => ECCurve.NamedCurves.nistP256,
                "ES384" => ECCurve.NamedCurves.nistP384,
                _ => ECCurve.NamedCurves.nistP521,
            }), hash);
        }

        var key = RSA.Create(rsaBits);
        var parameters = key.ExportParameters(false);
        var padding = algorithm[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        return new(algorithm, Rsa(parameters.Modulus!, parameters.Exponent!), input => key.SignData(Encoding.ASCII.GetBytes(input), hash, padding));
    }

    /// <summary>A key on P-256 whose first coordinate begins with a zero: one in 256 does.</summary>
    public static DifferentialKey WithZero()
    {
        while (true)
        {
            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            if (key.ExportParameters(false).Q.X![0] == 0)
            {
                return Create("ES256", key, HashAlgorithmName.SHA256);
            }

            key.Dispose();
        }
    }

    /// <summary>An RSA key that the platform would not make: of many small primes, so that a large one is made quickly. For comparisons only.</summary>
    /// <param name="bits">At least so many.</param>
    /// <param name="exponent">The public exponent.</param>
    /// <param name="isRoca">True for primes as the library with CVE-2017-15361 makes them.</param>
    /// <param name="random">Makes the primes.</param>
    public static DifferentialKey OddRsa(int bits, BigInteger exponent, bool isRoca, Random random)
    {
        var primes = new HashSet<BigInteger>();
        var modulus = BigInteger.One;
        while (modulus.GetBitLength() < bits)
        {
            var prime = isRoca ? RocaPrime(random) : Prime(random);
            if (BigInteger.GreatestCommonDivisor(prime - 1, exponent).IsOne && primes.Add(prime))
            {
                modulus *= prime;
            }
        }

        // By the Chinese remainder theorem: with each prime alone, and then together.
        (BigInteger Prime, BigInteger Secret, BigInteger Share)[] shares =
            [.. primes.Select(prime => (prime, Inverse(exponent, prime - 1), modulus / prime * Inverse(modulus / prime % prime, prime)))];
        var length = modulus.GetByteCount(isUnsigned: true);
        return new("RS256", Rsa(Bytes(modulus, length), Bytes(exponent, exponent.GetByteCount(isUnsigned: true))), input =>
        {
            byte[] digest = [.. s_digestInfo, .. SHA256.HashData(Encoding.ASCII.GetBytes(input))];
            byte[] padded = [0, 1, .. Enumerable.Repeat((byte)0xff, length - digest.Length - 3), 0, .. digest];
            var message = new BigInteger(padded, isUnsigned: true, isBigEndian: true);
            var signature = shares.Aggregate(BigInteger.Zero, (sum, one) => sum + (BigInteger.ModPow(message, one.Secret, one.Prime) * one.Share));
            return Bytes(signature % modulus, length);
        });
    }

    private static DifferentialKey Create(string algorithm, ECDsa key, HashAlgorithmName hash)
    {
        var point = key.ExportParameters(false).Q;
        var jwk = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = algorithm == "ES512" ? "P-521" : $"P-{algorithm[2..]}",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
            ["kid"] = "key-1",
        };
        return new(algorithm, jwk, input => key.SignData(Encoding.ASCII.GetBytes(input), hash));
    }

    private static JsonObject Rsa(byte[] modulus, byte[] exponent) => new()
    {
        ["kty"] = "RSA",
        ["n"] = Base64Url.EncodeToString(modulus),
        ["e"] = Base64Url.EncodeToString(exponent),
        ["kid"] = "key-1",
    };

    private static BigInteger Prime(Random random)
    {
        var bytes = new byte[32];
        while (true)
        {
            random.NextBytes(bytes);
            bytes[0] |= 1;
            bytes[^1] |= 0x80;
            if (new BigInteger(bytes, isUnsigned: true) is var number && IsPrime(number))
            {
                return number;
            }
        }
    }

    private static BigInteger RocaPrime(Random random)
    {
        var primorial = Enumerable.Range(2, 166)
            .Where(number => Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0))
            .Aggregate(BigInteger.One, (product, prime) => product * prime);
        while (true)
        {
            var number = (primorial * random.NextInt64(1L << 40, 1L << 41)) + BigInteger.ModPow(65537, random.Next(), primorial);
            if (IsPrime(number))
            {
                return number;
            }
        }
    }

    private static bool IsPrime(BigInteger number) => BigInteger.ModPow(2, number - 1, number).IsOne && BigInteger.ModPow(3, number - 1, number).IsOne;

    private static BigInteger Inverse(BigInteger number, BigInteger modulus)
    {
        var (r, next, t, nextT) = (modulus, number, BigInteger.Zero, BigInteger.One);
        while (!next.IsZero)
        {
            var quotient = r / next;
            (r, next) = (next, r - (quotient * next));
            (t, nextT) = (nextT, t - (quotient * nextT));
        }

        return t.Sign < 0 ? t + modulus : t;
    }

    private static byte[] Bytes(BigInteger number, int length)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }
}

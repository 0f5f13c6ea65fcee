using System.Security.Cryptography;

namespace AgentAuth.Credentials;

/// <summary>Random names and secrets in the 62 letters and digits that survive every copy and paste.</summary>
internal static class Base62
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Random text without bias; each character carries 5.95 bits.</summary>
    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>One character for each byte: for hashes, of which nobody needs the bytes back.</summary>
    public static string Of(ReadOnlySpan<byte> hash)
    {
        Span<char> digits = stackalloc char[hash.Length];
        for (var i = 0; i < digits.Length; i++)
        {
            digits[i] = Alphabet[hash[i] % Alphabet.Length];
        }

        return new string(digits);
    }

    public static bool IsDigit(char c) => char.IsAsciiLetterOrDigit(c);

    /// <summary>Writes a number in exactly as many digits as there is room for.</summary>
    public static void Write(uint value, Span<char> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(value % 62)];
            value /= 62;
        }
    }
}

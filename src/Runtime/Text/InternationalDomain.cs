using System.Globalization;
using System.Text;

namespace AgentAuth.Text;

/// <summary>
/// Domains in other letters than ASCII's (IDNA, RFC 5891), written as the name servers know them. Versions of IDNA differ in what they make of
/// some letters, and so does the platform with its globalization switched off; if we made another domain of a spelling than the provider that vouches
/// for the address, somebody else's account would be opened. So this is our own, the same everywhere, and takes only what all of them write alike:
/// letters, marks and digits that nothing but the case is changed of. For all else there is the <c>xn--</c> form.
/// </summary>
internal static class InternationalDomain
{
    private const string Prefix = "xn--";

    /// <summary>
    /// Letters, marks and digits that some version of IDNA changes, drops or refuses, as ranges of a first and a last character: sharp s, final sigma and
    /// what has another form that is compatible (NFKC, UTS 46), marks that may melt into the letter before (NFC), conjoining Jamo, Cherokee, polytonic Greek.
    /// </summary>
    private const string Unstable =
        "\u00aa\u00df\u0131\u0133\u0140\u0140\u0149\u0149\u017f\u017f\u01c6\u01cc\u01f3\u01f3\u02b0\u036f\u0374\u037a\u03c2\u03c2\u03d0\u03d6\u03f0\u03f5" +
        "\u0587\u0587\u0653\u0655\u0675\u0678\u0958\u095f\u09d7\u09df\u0a33\u0a36\u0a59\u0a5e\u0b56\u0b5d\u0bd7\u0bd7\u0c56\u0c56\u0cd5\u0cd6\u0d57\u0d57" +
        "\u0dca\u0dca\u0ddf\u0ddf\u0e33\u0e33\u0eb3\u0eb3\u0edc\u0edd\u0f43\u0f43\u0f4d\u0f4d\u0f52\u0f52\u0f57\u0f57\u0f5c\u0f5c\u0f69\u0f69\u0f73\u0f81" +
        "\u0f93\u0f93\u0f9d\u0f9d\u0fa2\u0fa2\u0fa7\u0fa7\u0fac\u0fac\u0fb9\u0fb9\u10fc\u10fc\u1100\u11ff\u13a0\u13fd\u180b\u180f\u1b35\u1b35\u1c80\u1c88\u1d00\u1dff" +
        "\u1e9a\u1e9b\u1f00\u214f\u2c7c\u2c7d\u2d6f\u2d6f\u3099\u309a\u309f\u309f\u30ff\u30ff\u3131\u318e\ua69c\ua69d\ua770\ua770\ua7f2\ua7f9\ua960\ua97c" +
        "\uab30\uabbf\ud7b0\ud7ff\uf900\uffff";

    /// <summary>Pairs that are one letter or sign when they are written as one (NFC): two spellings of the same. Each sign is in use without the other, too.</summary>
    private const string Split =
        "\u0928\u093c\u0930\u093c\u0933\u093c\u09c7\u09be\u0b47\u0b3e\u0bc6\u0bbe\u0bc7\u0bbe\u0cc6\u0cc2\u0d46\u0d3e\u0d47\u0d3e\u0dd9\u0dcf\u1025\u102e";

    /// <summary>Writes a domain in ASCII.</summary>
    /// <param name="domain">The domain. What is of ASCII alone in it is handed on as it is: whether it is a domain is not decided here.</param>
    /// <param name="ascii">The domain in ASCII; empty when the answer is false.</param>
    /// <returns>False when it has something that not all would write the same way.</returns>
    public static bool TryWriteInAscii(string domain, out string ascii)
    {
        ascii = "";
        if (Ascii.IsValid(domain))
        {
            ascii = domain;
            return true;
        }

        var labels = domain.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            if (!Ascii.IsValid(labels[i]))
            {
                var label = labels[i].ToLowerInvariant();
                if (!IsStable(label))
                {
                    return false;
                }

                labels[i] = Prefix + Punycode(label);
            }
        }

        ascii = string.Join('.', labels);
        return true;
    }

    /// <summary>No letter becomes one of ASCII by its case: the sign of the kelvin is a k then, and not for everybody.</summary>
    private static bool IsStable(string label)
    {
        if (Ascii.IsValid(label) || CharUnicodeInfo.GetUnicodeCategory(label[0]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            || label[0] == '-' || label[^1] == '-' || label.AsSpan().Slice(Math.Min(2, label.Length)).StartsWith("--"))
        {
            return false;
        }

        for (var i = 0; i < label.Length; i++)
        {
            if (!(char.IsAscii(label[i]) ? char.IsAsciiLetterLower(label[i]) || char.IsAsciiDigit(label[i]) || label[i] == '-' : IsStable(label[i]))
                || (i > 0 && IsSplit(label[i - 1], label[i])))
            {
                return false;
            }
        }

        return true;
    }

    // Capitals that have no small form are left as capitals, and refused: so are halves of pairs, which stand for letters beyond the first 65,536.
    private static bool IsStable(char c)
    {
        if (CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber))
        {
            return false;
        }

        for (var i = 0; i < Unstable.Length; i += 2)
        {
            if (c >= Unstable[i] && c <= Unstable[i + 1])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSplit(char first, char second)
    {
        for (var i = 0; i < Split.Length; i += 2)
        {
            if (first == Split[i] && second == Split[i + 1])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>RFC 3492 §6.3, for characters of one unit each. Labels are short: no number grows out of its type.</summary>
    private static string Punycode(string label)
    {
        const int tMin = 1;
        const int tMax = 26;
        const int numberBase = 36;

        var encoded = new StringBuilder();
        foreach (var c in label.Where(char.IsAscii))
        {
            encoded.Append(c);
        }

        var handled = encoded.Length;
        var basic = handled;
        if (basic > 0)
        {
            encoded.Append('-');
        }

        long delta = 0;
        for (int next = 0x80, bias = 72; handled < label.Length; next++)
        {
            var smallest = label.Where(c => c >= next).Min();
            delta += (long)(smallest - next) * (handled + 1);
            next = smallest;
            foreach (var c in label)
            {
                if (c < next)
                {
                    delta++;
                }
                else if (c == next)
                {
                    var rest = delta;
                    for (var k = numberBase; ; k += numberBase)
                    {
                        var threshold = Math.Clamp(k - bias, tMin, tMax);
                        if (rest < threshold)
                        {
                            encoded.Append(Digit(rest));
                            break;
                        }

                        encoded.Append(Digit(threshold + ((rest - threshold) % (numberBase - threshold))));
                        rest = (rest - threshold) / (numberBase - threshold);
                    }

                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
        }

        return encoded.ToString();

        static char Digit(long value) => (char)(value < 26 ? 'a' + value : '0' + (value - 26));

        static int Adapt(long delta, int length, bool isFirst)
        {
            delta = isFirst ? delta / 700 : delta / 2;
            delta += delta / length;
            var k = 0;
            for (; delta > (numberBase - tMin) * tMax / 2; k += numberBase)
            {
                delta /= numberBase - tMin;
            }

            return (int)(k + ((numberBase - tMin + 1) * delta / (delta + 38)));
        }
    }
}

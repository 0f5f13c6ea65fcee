using System.Buffers;

namespace AgentAuth.Text;

/// <summary>
/// Mail addresses as accounts are matched by them: plain <c>local@domain</c> in ASCII (RFC 5321 §4.1.2 without quoted strings and address
/// literals), in lower case throughout. RFC 5321 §2.4 lets the part before the @ be case-sensitive; no provider makes use of that, and two
/// accounts that differ only in case would be a trap for their owners. A domain in other letters (<c>bücher.example</c>) is kept in the form that
/// mail servers use (<c>xn--bcher-kva.example</c>), so that both spellings are one account; people are shown that form too, in which no letter looks like another.
/// </summary>
internal static class EmailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private const int MaxLabelLength = 63;

    private static readonly SearchValues<char> s_labelCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> s_atomCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~");

    /// <summary>Checks an address and writes it the one way that accounts are looked up by.</summary>
    /// <param name="address">The address as it came. Nothing is trimmed or repaired.</param>
    /// <param name="normalized">The address in lower case, all of it in ASCII; empty when the answer is false.</param>
    /// <returns>
    /// False for display names, comments, quotes, white space, line breaks, other than one @, non-ASCII before the @, a domain that not all would write
    /// the same way in ASCII, a host without a dot, or too much.
    /// </returns>
    public static bool TryNormalize(string? address, out string normalized)
    {
        normalized = "";
        if (address is null || address.Length > MaxLength)
        {
            return false;
        }

        var at = address.IndexOf('@', StringComparison.Ordinal);
        if (at < 0
            || !IsLocalPart(address.AsSpan(0, at))
            || !InternationalDomain.TryWriteInAscii(address[(at + 1)..], out var domain)
            || !IsDomain(domain)
            || at + 1 + domain.Length > MaxLength)
        {
            return false;
        }

        normalized = $"{address.AsSpan(0, at)}@{domain}".ToLowerInvariant();
        return true;
    }

    /// <summary>
    /// The mailbox that an address most likely leads to: without what follows a <c>+</c> in the part before the @ (RFC 5233 §1). For counting only: to
    /// accounts the two are different addresses. Dots count, for they do so at most providers.
    /// </summary>
    /// <param name="normalized">An address of <see cref="TryNormalize"/>.</param>
    public static string MailboxOf(string normalized)
    {
        var plus = normalized.IndexOf('+', StringComparison.Ordinal);
        var at = normalized.IndexOf('@', StringComparison.Ordinal);
        return plus > 0 && plus < at ? string.Concat(normalized.AsSpan(0, plus), normalized.AsSpan(at)) : normalized;
    }

    /// <summary>A dot-atom (RFC 5322 §3.2.3).</summary>
    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (local.Length > MaxLocalLength)
        {
            return false;
        }

        foreach (var atom in local.Split('.'))
        {
            var text = local[atom];
            if (text.IsEmpty || text.ContainsAnyExcept(s_atomCharacters))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Two labels or more (RFC 1123 §2.1), the last of which is not a number: that would be an IP address.</summary>
    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        var labels = 0;
        var last = ReadOnlySpan<char>.Empty;
        foreach (var range in domain.Split('.'))
        {
            last = domain[range];
            labels++;
            if (last.IsEmpty || last.Length > MaxLabelLength || last[0] == '-' || last[^1] == '-' || last.ContainsAnyExcept(s_labelCharacters))
            {
                return false;
            }
        }

        return labels >= 2 && last.ContainsAnyExceptInRange('0', '9');
    }
}

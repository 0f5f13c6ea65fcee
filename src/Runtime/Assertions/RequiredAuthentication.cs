using System.Collections.Immutable;
using System.Globalization;

namespace AgentAuth.Assertions;

/// <summary>What a provider's entry requires of its users' authentication: what an agent has to ask its provider for (RFC 9470 §3).</summary>
/// <param name="Methods">All of these must be in <c>amr</c>.</param>
/// <param name="Contexts">One of these must be the <c>acr</c>; empty: none is asked for.</param>
/// <param name="MaxAge">How long ago <c>auth_time</c> may be at the most; null: that does not matter.</param>
public sealed record RequiredAuthentication(ImmutableArray<string> Methods, ImmutableArray<string> Contexts, TimeSpan? MaxAge)
{
    /// <summary>What an entry requires.</summary>
    /// <param name="provider">The entry.</param>
    internal static RequiredAuthentication Of(TrustedProvider provider) =>
        new(provider.RequiredAuthenticationMethods, provider.AcceptedAuthenticationContexts, provider.MaxAuthenticationAge);

    /// <summary>All of it in words; empty when nothing is required.</summary>
    public override string ToString()
    {
        List<string> parts = [];
        if (!Methods.IsEmpty)
        {
            parts.Add($"`amr` with {string.Join(" and ", Methods)}");
        }

        if (!Contexts.IsEmpty)
        {
            parts.Add($"`acr` {string.Join(" or ", Contexts)}");
        }

        if (MaxAge is { } age)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"`auth_time` at most {(long)age.TotalSeconds} seconds ago"));
        }

        return string.Join(", ", parts);
    }
}

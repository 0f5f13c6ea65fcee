using System.Collections.Immutable;
using System.Globalization;

namespace AgentAuth.Trust;

/// <summary>
/// What a provider's entry, or an endpoint, requires of a user's authentication: what an agent has to ask its provider for (RFC 9470 §3).
/// </summary>
/// <param name="Methods">All of these must be in <c>amr</c>.</param>
/// <param name="Contexts">One of these must be the <c>acr</c>; empty: none is asked for.</param>
/// <param name="MaxAge">How long ago <c>auth_time</c> may be at the most; null: that does not matter.</param>
public sealed record RequiredAuthentication(ImmutableArray<string> Methods, ImmutableArray<string> Contexts, TimeSpan? MaxAge)
{
    /// <summary><see cref="MaxAge"/> as <c>max_age</c> has it: in whole seconds (RFC 9470 §3).</summary>
    internal long? MaxAgeSeconds => (long?)MaxAge?.TotalSeconds;

    /// <summary><see cref="Contexts"/> as <c>acr_values</c> has them: with spaces between (RFC 9470 §3); null when there are none.</summary>
    internal string? AcrValues => Contexts.IsEmpty ? null : string.Join(' ', Contexts);

    /// <summary>True when it requires nothing.</summary>
    internal bool IsEmpty => Methods.IsEmpty && Contexts.IsEmpty && MaxAge is null;

    /// <summary>What an entry requires.</summary>
    /// <param name="provider">The entry.</param>
    internal static RequiredAuthentication Of(TrustedProvider provider) =>
        new(provider.RequiredAuthenticationMethods, provider.AcceptedAuthenticationContexts, provider.MaxAuthenticationAge);

    /// <summary>
    /// What meets two requirements, to be told at once: one more sign-in is to be enough. Where they have no context in common, the second's are told.
    /// </summary>
    /// <param name="first">Null: nothing is required.</param>
    /// <param name="second">The other.</param>
    internal static RequiredAuthentication Both(RequiredAuthentication? first, RequiredAuthentication second)
    {
        if (first is null)
        {
            return second;
        }

        ImmutableArray<string> common = [.. first.Contexts.Intersect(second.Contexts, StringComparer.Ordinal)];
        return new RequiredAuthentication(
            [.. first.Methods.Union(second.Methods, StringComparer.Ordinal)],
            !common.IsEmpty ? common : second.Contexts.IsEmpty ? first.Contexts : second.Contexts,
            first.MaxAge < second.MaxAge ? first.MaxAge : second.MaxAge ?? first.MaxAge);
    }

    /// <summary>True when an authentication is enough. The skew is given on both ends; a sign-in that lies ahead is none.</summary>
    /// <param name="authentication">What the provider said of it.</param>
    /// <param name="skew">How far the provider's clock may be off.</param>
    /// <param name="now">Now.</param>
    internal bool IsMetBy(AgentUserAuthentication authentication, TimeSpan skew, DateTimeOffset now) =>
        Methods.All(method => authentication.Methods.Contains(method, StringComparer.Ordinal))
        && (Contexts.IsEmpty || (authentication.Context is { } context && Contexts.Contains(context, StringComparer.Ordinal)))
        && (MaxAge is not { } limit || (authentication.At is { } at && at <= now + skew && at + limit + skew >= now));

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

        if (MaxAgeSeconds is { } age)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"`auth_time` at most {age} seconds ago"));
        }

        return string.Join(", ", parts);
    }
}

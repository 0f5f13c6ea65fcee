using System.Collections.Immutable;
using System.Globalization;

namespace AgentAuth;

/// <summary>
/// How and when the user behind an agent signed in at the provider, as the ID-JAG said that the credential came of (RFC 9470 §6). What it did
/// not say, or not in a form that can be kept, is not here.
/// </summary>
public sealed record AgentUserAuthentication
{
    /// <summary>The most values of <c>amr</c> that are kept.</summary>
    internal const int MaxMethods = 32;

    /// <summary>The longest value of <c>amr</c> or <c>acr</c> that is kept.</summary>
    internal const int MaxLength = 255;

    /// <summary><c>auth_time</c>: when the user signed in; null: not said.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary><c>acr</c>: the authentication context; null: not said.</summary>
    public string? Context { get; init; }

    /// <summary><c>amr</c>: the authentication methods (RFC 8176); empty: not said.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>As <c>auth_time</c>, <c>acr</c> and <c>amr</c>, for logs.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        At is { } at ? string.Create(CultureInfo.InvariantCulture, $"auth_time {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}") : null,
        Context is null ? null : "acr " + Context,
        Methods.IsDefaultOrEmpty ? null : "amr " + string.Join(' ', Methods),
    }.OfType<string>().DefaultIfEmpty("nothing said"));

    /// <summary>Says nothing: of an agent that no ID-JAG vouched for.</summary>
    internal static AgentUserAuthentication Unknown { get; } = new();

    /// <summary>True of a value that can be kept, told to an agent between others, and put in quotation marks: one word in ASCII.</summary>
    internal static bool IsValue(string value) =>
        value.Length is > 0 and <= MaxLength && value.All(c => c is > ' ' and < '\u007f' and not ('"' or '\\'));
}

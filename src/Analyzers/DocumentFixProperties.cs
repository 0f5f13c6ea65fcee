using System.Collections.Immutable;
using System.Globalization;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Analyzers;

/// <summary>How a fix travels from the analyzer, which found it, to the code fix, which offers it: as properties of the diagnostic.</summary>
internal static class DocumentFixProperties
{
    private const string Title = "AuthMdFix.Title";
    private const string Start = "AuthMdFix.Start";
    private const string Length = "AuthMdFix.Length";
    private const string Text = "AuthMdFix.Text";
    private const string Unseen = "AuthMdFix.GivesNothing";

    public static ImmutableDictionary<string, string?> Of(AuthMdFix? fix) => fix is null
        ? ImmutableDictionary<string, string?>.Empty
        : ImmutableDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string?>
        {
            [Title] = fix.Title,
            [Start] = fix.Span.Start.ToString(CultureInfo.InvariantCulture),
            [Length] = fix.Span.Length.ToString(CultureInfo.InvariantCulture),
            [Text] = fix.Text,
            [Unseen] = fix.GivesNothing ? "true" : null,
        });

    /// <summary>Whether a machine may apply the fix of a diagnostic unseen: it gives nobody access.</summary>
    public static bool GivesNothing(ImmutableDictionary<string, string?> properties) => properties.TryGetValue(Unseen, out var value) && value == "true";

    /// <summary>The fix of a diagnostic; null when it has none.</summary>
    public static (string Title, TextChange Change)? Read(ImmutableDictionary<string, string?> properties) =>
        properties.TryGetValue(Title, out var title) && title is not null
        && properties.TryGetValue(Start, out var start) && int.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && properties.TryGetValue(Length, out var length) && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && properties.TryGetValue(Text, out var text) && text is not null
            ? (title, new TextChange(new TextSpan(from, count), text))
            : null;
}

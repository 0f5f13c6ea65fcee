using System.Collections.Immutable;
using AgentAuth.AuthMd.Published;
using AgentAuth.Protocol.OAuth;

namespace AgentAuth.AuthMd;

/// <summary>A place in the published auth.md that the deployment fills.</summary>
public enum PublishedSlot
{
    /// <summary>None: the part is text.</summary>
    None,

    /// <summary>The issuer.</summary>
    Issuer,

    /// <summary>The resource.</summary>
    Resource,

    /// <summary>The issuer without a trailing slash, before an endpoint's path.</summary>
    IssuerBase,

    /// <summary>The absolute URL of the published auth.md.</summary>
    AuthMdUrl,

    /// <summary>The absolute URL of the protected-resource metadata (RFC 9728 §3.1).</summary>
    ProtectedResourceMetadataUrl,

    /// <summary>The absolute URL of the authorization-server metadata (RFC 8414 §3.1).</summary>
    AuthorizationServerMetadataUrl,
}

/// <summary>A part of the published auth.md: text, or a slot.</summary>
/// <param name="Text">The text; empty for a slot.</param>
/// <param name="Slot">The slot; <see cref="PublishedSlot.None"/> for text.</param>
public sealed record PublishedPart(string Text, PublishedSlot Slot);

/// <summary>
/// What is served at <c>/auth.md</c>: the author's text without its private parts, with endpoint paths made absolute, cut wherever it names the
/// issuer or the resource, so that a deployment under other names publishes a document that names itself; and the steps that the author did
/// not write, where the comment <c>auth.md:steps</c> stands or else at the end.
/// </summary>
public static class PublishedText
{
    /// <summary>Cuts the text.</summary>
    /// <param name="text">The whole auth.md.</param>
    /// <param name="document">The same, parsed.</param>
    public static ImmutableArray<PublishedPart> Create(string text, AuthDocument document)
    {
        if (text is null)
        {
            throw new ArgumentNullException(nameof(text));
        }

        if (document is null)
        {
            throw new ArgumentNullException(nameof(document));
        }

        var cuts = Removals(text, document)
            .Concat(Endpoints(text, document))
            .Concat(Occurrences(text, document.Resource?.Value, PublishedSlot.Resource))
            .Concat(Occurrences(text, document.AuthorizationServer?.Value, PublishedSlot.Issuer))
            .OrderBy(cut => cut.Start).ThenByDescending(cut => cut.Length);
        var newLine = text.IndexOf("\r\n", StringComparison.Ordinal) >= 0 ? "\r\n" : "\n";
        var steps = PublishedSteps.Write(document, newLine);
        var parts = ImmutableArray.CreateBuilder<PublishedPart>();
        var position = 0;
        foreach (var cut in cuts)
        {
            // Inside a longer cut, such as an identifier in a private part.
            if (cut.Start < position)
            {
                continue;
            }

            AddText(cut.Start);
            if (cut.Start == document.StepsMarker?.Start && cut.Length == document.StepsMarker?.Length)
            {
                parts.AddRange(steps);
                steps = [];
            }
            else if (cut.Slot != PublishedSlot.None)
            {
                parts.Add(new PublishedPart("", cut.Slot));
            }

            position = cut.Start + cut.Length;
        }

        AddText(text.Length);
        if (steps.Count > 0)
        {
            parts.Add(new PublishedPart(BlankLine(text, newLine), PublishedSlot.None));
            parts.AddRange(steps);
        }

        return parts.ToImmutable();

        void AddText(int end)
        {
            if (end > position)
            {
                parts.Add(new PublishedPart(text.Substring(position, end - position), PublishedSlot.None));
            }
        }
    }

    /// <summary>The text as a deployment serves it.</summary>
    /// <param name="text">The whole auth.md.</param>
    /// <param name="document">The same, parsed.</param>
    /// <param name="issuer">The deployment's issuer.</param>
    /// <param name="resource">The deployment's resource.</param>
    /// <exception cref="UriFormatException">The issuer or the resource is not an absolute URL.</exception>
    public static string Render(string text, AuthDocument document, string issuer, string resource)
    {
        var urls = new WellKnownUrls(issuer, resource);
        return string.Concat(Create(text, document).Select(part => part.Slot switch
        {
            PublishedSlot.Issuer => issuer,
            PublishedSlot.Resource => resource,
            PublishedSlot.IssuerBase => urls.IssuerBase,
            PublishedSlot.AuthMdUrl => urls.AuthMd,
            PublishedSlot.ProtectedResourceMetadataUrl => urls.ProtectedResourceMetadata,
            PublishedSlot.AuthorizationServerMetadataUrl => urls.AuthorizationServerMetadata,
            _ => part.Text,
        }));
    }

    // What follows the author's text begins behind an empty line.
    private static string BlankLine(string text, string newLine) => text.EndsWith("\n", StringComparison.Ordinal) ? newLine : newLine + newLine;

    private static IEnumerable<Cut> Removals(string text, AuthDocument document)
    {
        if (text.Length > 0 && text[0] == '\uFEFF')
        {
            yield return new Cut(0, 1, PublishedSlot.None);
        }

        foreach (var part in document.PrivateParts)
        {
            yield return new Cut(part.Start, part.Length, PublishedSlot.None);
        }

        foreach (var marker in new[] { document.StepsMarker, document.NoStepsMarker }.OfType<SourceSpan>())
        {
            yield return new Cut(marker.Start, marker.Length, PublishedSlot.None);
        }
    }

    // Nothing is taken away: the base goes before the path. The request line of an http fence takes a path only (RFC 9112 §3.2.1).
    private static IEnumerable<Cut> Endpoints(string text, AuthDocument document) =>
        new[] { document.Endpoints.Register, document.Endpoints.Claim, document.Endpoints.Revoke }
            .OfType<Located<string>>()
            .Where(endpoint => endpoint.Value.StartsWith("/", StringComparison.Ordinal) && !IsRequestLine(text, endpoint.Span.Start))
            .Select(endpoint => new Cut(endpoint.Span.Start, 0, PublishedSlot.IssuerBase));

    // In the Endpoints section a path stands in a bullet or a table, never at the start of a line.
    private static bool IsRequestLine(string text, int path)
    {
        const string Method = "POST ";
        var line = path - Method.Length;
        return line >= 0 && string.CompareOrdinal(text, line, Method, 0, Method.Length) == 0 && (line == 0 || text[line - 1] is '\r' or '\n');
    }

    private static IEnumerable<Cut> Occurrences(string text, string? identifier, PublishedSlot slot)
    {
        if (string.IsNullOrEmpty(identifier))
        {
            yield break;
        }

        for (var at = text.IndexOf(identifier, StringComparison.Ordinal); at >= 0; at = text.IndexOf(identifier, at + identifier!.Length, StringComparison.Ordinal))
        {
            if (IsWhole(text, at, at + identifier!.Length))
            {
                yield return new Cut(at, identifier.Length, slot);
            }
        }
    }

    // "https://api.example" is not meant in "https://api.example.org", nor in "https://api.example-two" or "https://api.example:8080".
    private static bool IsWhole(string text, int start, int end)
    {
        if (start > 0 && char.IsLetterOrDigit(text[start - 1]))
        {
            return false;
        }

        if (end >= text.Length || text[end - 1] == '/')
        {
            return true;
        }

        var next = text[end];
        var second = end + 1 < text.Length ? text[end + 1] : ' ';
        return !(char.IsLetterOrDigit(next) || next is '-' or '_' or '@' || (next is '.' or ':' && char.IsLetterOrDigit(second)));
    }

    private readonly record struct Cut(int Start, int Length, PublishedSlot Slot);
}

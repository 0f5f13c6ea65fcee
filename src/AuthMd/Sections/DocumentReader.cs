using System.Collections.Immutable;
using AgentAuth.AuthMd.Text;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads the head of the document, divides the rest into sections, and lets each reader read its own.</summary>
internal sealed class DocumentReader(string text)
{
    private const string PrivateMarker = "auth.md:private";
    private const string StepsMarker = "auth.md:steps";

    private readonly MarkdownSource _source = new(text);
    private readonly Problems _problems = new();
    private readonly List<Section> _sections = [];
    private readonly List<Block> _head = [];

    private HeadingBlock? _title;

    public AuthMdParseResult Read()
    {
        Divide();
        var document = new HeadReader(_source, _problems).Read(_title, _head) with
        {
            Scopes = new ScopesReader(_source, _problems).Read(Of(SectionKind.Scopes)),
            Methods = new MethodsReader(_source, _problems).Read(Of(SectionKind.Methods)),
            TrustedProviders = new ProvidersReader(_source, _problems).Read(Of(SectionKind.TrustedProviders)),
            AccountMatching = new MatchingReader(_source, _problems).Read(Of(SectionKind.AccountMatching)),
            Lifetimes = new LifetimesReader(_source, _problems).Read(Of(SectionKind.Lifetimes)),
            Limits = new LimitsReader(_source, _problems).Read(Of(SectionKind.Limits)),
            Endpoints = new EndpointsReader(_source, _problems).Read(Of(SectionKind.Endpoints)),
            PrivateParts = PrivateParts(),
            StepsMarker = _source.Blocks.Where(block => IsMarker(block, StepsMarker)).Select(block => (SourceSpan?)_source.Of(block).Span).FirstOrDefault(),
        };
        CheckWhole(document);
        return new AuthMdParseResult(document, _problems.InOrder());
    }

    private List<Section> Of(SectionKind kind) => [.. _sections.Where(section => section.Kind == kind)];

    private void Divide()
    {
        Section? current = null;
        foreach (var block in _source.Blocks)
        {
            if (block is not HeadingBlock heading)
            {
                (current?.Blocks ?? _head).Add(block);
            }
            else if (heading.Level == 1 && _title is null && current is null)
            {
                _title = heading;
            }
            else
            {
                var kind = heading.Level is >= 2 and <= 4 ? SectionNames.Find(MarkdownSource.PlainTextOf(heading)) : SectionKind.Other;
                if (kind == SectionKind.Other && current is not null && current.Kind != SectionKind.Other && heading.Level > current.Heading.Level)
                {
                    current.Blocks.Add(heading);
                }
                else
                {
                    _sections.Add(current = new Section(kind, heading, []));
                }
            }
        }
    }

    // A marker right under a heading makes its whole section private, elsewhere the block that follows it.
    private ImmutableArray<SourceSpan> PrivateParts()
    {
        var parts = ImmutableArray.CreateBuilder<SourceSpan>();
        var blocks = _source.Blocks;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (!IsMarker(blocks[i], PrivateMarker))
            {
                continue;
            }

            var heading = i > 0 ? blocks[i - 1] as HeadingBlock : null;
            var end = i + 2;
            if (heading is not null)
            {
                while (end < blocks.Count && !(blocks[end] is HeadingBlock next && next.Level <= heading.Level))
                {
                    end++;
                }
            }

            var start = (heading ?? blocks[i]).Span.Start;
            if (parts.Count > 0 && start < parts[parts.Count - 1].End)
            {
                continue;
            }

            parts.Add(new SourceSpan(start, (end < blocks.Count ? blocks[end].Span.Start : _source.Length) - start));
        }

        return parts.ToImmutable();
    }

    private bool IsMarker(Block block, string marker) =>
        block is HtmlBlock { Type: HtmlBlockType.Comment }
        && _source.Of(block).Trim().Value is var comment
        && comment.StartsWith("<!--", StringComparison.Ordinal) && comment.EndsWith("-->", StringComparison.Ordinal) && comment.Length >= 7
        && comment.Substring(4, comment.Length - 7).Trim() == marker;

    private void CheckWhole(AuthDocument document)
    {
        var place = _title is null ? new SourceSpan(0, 0) : _source.ContentOf(_title).Span;
        if (document.Name is null)
        {
            _problems.Error(AuthMdRules.MissingPart, place, "The document names no service. Begin it with a heading such as '# TicketDesk auth.md'.");
        }

        if (document.Resource is null)
        {
            _problems.Error(AuthMdRules.MissingPart, place, "The document names no resource. Add a bullet under the title: '- **Resource:** https://api.example.com'.");
        }

        if (document.Methods.IsEmpty)
        {
            _problems.Error(AuthMdRules.MissingPart, place, "The document enables no registration method. Add a section '## Methods' with '### anonymous', '### verified_email' or '### identity_assertion + id-jag'.");
        }
        else if (document.Scopes.IsEmpty)
        {
            _problems.Error(AuthMdRules.MissingPart, place, "The document declares no scope, though its methods issue credentials. Add a section '## Scopes' with a table: Scope, Description, Granted.");
        }
    }
}

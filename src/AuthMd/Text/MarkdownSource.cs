using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentAuth.AuthMd.Text;

/// <summary>A parsed Markdown file and the text it came from.</summary>
internal sealed class MarkdownSource
{
    // Precise locations cost a little and give every inline its place.
    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().UsePipeTables().UsePreciseSourceLocation().Build();

    private readonly string _text;

    public MarkdownSource(string text)
    {
        // A byte order mark is no text, but it counts as a place: a space keeps every offset right.
        _text = text.Length > 0 && text[0] == '\uFEFF' ? " " + text.Substring(1) : text;
        Blocks = [.. Markdown.Parse(_text, s_pipeline)];
    }

    public IReadOnlyList<Block> Blocks { get; }

    public int Length => _text.Length;

    public Fragment Of(int start, int end) => new(_text, Math.Max(0, start), Math.Min(_text.Length, Math.Max(start, end)));

    public Fragment Of(Block block) => Of(block.Span.Start, block.Span.End + 1);

    /// <summary>What stands in a heading, paragraph or cell, mark-up included.</summary>
    public Fragment ContentOf(Block block)
    {
        var inline = InlineOf(block);
        return inline?.FirstChild is null
            ? Of(block.Span.Start, block.Span.Start)
            : Of(inline.FirstChild.Span.Start, inline.LastChild!.Span.End + 1);
    }

    /// <summary>The same as people read it, on one line.</summary>
    public static string PlainTextOf(Block block)
    {
        var text = new StringBuilder();
        if (InlineOf(block) is { } inline)
        {
            Append(inline, text);
        }

        return text.ToString().Trim();
    }

    /// <summary>The items of a list, each as its first paragraph.</summary>
    public static IEnumerable<ParagraphBlock> Items(ListBlock list) =>
        list.OfType<ListItemBlock>().Select(item => item.FirstOrDefault()).OfType<ParagraphBlock>();

    /// <summary>Reads <c>**Label:** value</c>; null when the paragraph does not begin with a label.</summary>
    public LabelledValue? LabelOf(ParagraphBlock paragraph)
    {
        if (paragraph.Inline?.FirstChild is not EmphasisInline { DelimiterCount: 2 } emphasis)
        {
            return null;
        }

        var label = Of(emphasis.Span.Start + 2, emphasis.Span.End - 1).Trim();
        var value = ContentOf(paragraph).From(emphasis.Span.End + 1);
        if (label.Value.EndsWith(":", StringComparison.Ordinal))
        {
            label = label.To(label.End - 1).Trim();
        }
        else if (value.Trim() is { IsEmpty: false } rest && rest.Value[0] == ':')
        {
            value = rest.From(rest.Start + 1);
        }
        else
        {
            return null;
        }

        return new LabelledValue(Names.Normalize(label.Value), label, FirstLine(value).Trim());
    }

    /// <summary>A table's rows as cells; the first row is the heading.</summary>
    public List<List<Fragment>> Rows(Table table) =>
        [.. table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(cell => ContentOf(cell)).ToList())];

    /// <summary>A piece of the source as people read it.</summary>
    public static string PlainTextOf(Fragment fragment)
    {
        var text = new StringBuilder();
        foreach (var block in Markdown.Parse(fragment.Trim().Value, s_pipeline))
        {
            if (block is LeafBlock { Inline: { } inline })
            {
                Append(inline, text);
            }
        }

        return text.ToString().Trim();
    }

    private static ContainerInline? InlineOf(Block block) => block switch
    {
        LeafBlock leaf => leaf.Inline,
        ContainerBlock container => container.OfType<LeafBlock>().FirstOrDefault()?.Inline,
        _ => null,
    };

    private static Fragment FirstLine(Fragment value)
    {
        var (r, n) = (value.IndexOf("\r"), value.IndexOf("\n"));
        var end = r >= 0 && (n < 0 || r < n) ? r : n;
        return end < 0 ? value : value.To(end);
    }

    private static void Append(ContainerInline container, StringBuilder text)
    {
        foreach (var inline in container)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.ToString());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case LineBreakInline:
                    text.Append(' ');
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.ToString());
                    break;
                case ContainerInline inner:
                    Append(inner, text);
                    break;
            }
        }
    }
}

/// <summary>A labelled bullet.</summary>
/// <param name="Name">The label, normalised.</param>
/// <param name="Label">The label as written.</param>
/// <param name="Value">What follows it on the line.</param>
internal sealed record LabelledValue(string Name, Fragment Label, Fragment Value);

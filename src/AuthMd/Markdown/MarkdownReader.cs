using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Markdown;

/// <summary>
/// Cuts a document into its sections. Markdig finds the blocks; tables and inline syntax are read here from the source text itself,
/// because every value needs its exact place, and because Markdig's inline parsing is not linear on hostile text.
/// </summary>
internal sealed class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = CreatePipeline();

    private readonly string _text;
    private readonly int _shift;
    private readonly List<Section> _sections = [];
    private Section _section;

    private MarkdownReader(string text, int shift)
    {
        _text = text;
        _shift = shift;
        _section = Open(0, new Fragment(text, shift, shift), shift);
    }

    /// <summary>Cuts a text. Null when Markdig refuses it.</summary>
    public static MarkdownText? TryRead(string text)
    {
        // Markdig takes a byte order mark for a letter, which would hide a heading in the first line.
        var shift = text.Length > 0 && text[0] == '\uFEFF' ? 1 : 0;
        MarkdownDocument blocks;
        try
        {
            blocks = Markdig.Markdown.Parse(text.Substring(shift), Pipeline);
        }
        catch (ArgumentException)
        {
            // How Markdig refuses blocks that are nested too deeply.
            return null;
        }

        var reader = new MarkdownReader(text, shift);
        foreach (var block in blocks)
        {
            reader.Read(block);
        }

        reader.Close();
        return new MarkdownText(text, reader._sections, reader.FrontMatter);
    }

    private static MarkdownPipeline CreatePipeline()
    {
        var builder = new MarkdownPipelineBuilder().UseYamlFrontMatter();
        builder.InlineParsers.Clear();
        builder.BlockParsers.Replace<ParagraphBlockParser>(new PlainParagraphParser());
        foreach (var parser in builder.BlockParsers)
        {
            // Markdig forgets a block's lines once it has read its inlines.
            parser.Closed += (_, block) => KeepLines(block);
        }

        return builder.Build();
    }

    private static void KeepLines(Block block)
    {
        if (block is LeafBlock leaf)
        {
            leaf.ProcessInlines = false;
        }
    }

    private FenceContent? FrontMatter { get; set; }

    private Section Open(int level, Fragment title, int start)
    {
        var section = new Section { Index = _sections.Count, Level = level, Title = title, Start = start, End = _text.Length };
        _sections.Add(section);
        return section;
    }

    private void Read(Block block)
    {
        if (block is not (HeadingBlock or HtmlBlock))
        {
            _section.LastContentStart = block.Span.Start + _shift;
        }

        switch (block)
        {
            case YamlFrontMatterBlock frontMatter:
                FrontMatter = new FenceContent("yaml", LinesOf(frontMatter));
                break;
            case HeadingBlock heading:
                ReadHeading(heading);
                break;
            case ParagraphBlock paragraph:
                ReadParagraph(paragraph);
                break;
            case ListBlock list:
                foreach (var item in list.OfType<ListItemBlock>())
                {
                    ReadItem(item);
                }

                break;
            case FencedCodeBlock fence:
                _section.Contents.Add(AddFence(fence));
                break;
            case CodeBlock code:
                _section.Contents.Add(new IndentedContent(LinesOf(code)));
                break;
            case HtmlBlock html:
                ReadHtml(html);
                break;
            case ContainerBlock container:
                FindMisplaced(container);
                break;
        }
    }

    private void ReadHeading(HeadingBlock heading)
    {
        var title = LinesOf(heading);
        if (heading.IsSetext && Tables.Split(title).Any(part => part is TableContent))
        {
            // A table with a rule right below it: the rule is not the underline of a heading.
            AddAll(title);
            return;
        }

        _section = Open(heading.Level, title.Trim(), heading.Span.Start + _shift);
        _section.LastContentStart = heading.Span.End + _shift;
        _section.Directives.AddRange(Directives.Find(title, isPlaced: true));
    }

    private void ReadParagraph(ParagraphBlock paragraph)
    {
        var text = LinesOf(paragraph);
        AddAll(text);
        _section.Directives.AddRange(Directives.Find(text, isPlaced: false));
    }

    private void ReadItem(ListItemBlock item)
    {
        if (item.FirstOrDefault() is ParagraphBlock paragraph)
        {
            _section.Contents.Add(new ItemContent(LinesOf(paragraph)) { End = item.Span.End + 1 + _shift, Nested = [.. Nested(item).Select(LinesOf)] });
        }

        AddNestedFences(item);
        FindMisplaced(item);
    }

    private static IEnumerable<ParagraphBlock> Nested(ListItemBlock item) =>
        item.OfType<ListBlock>().SelectMany(list => list.OfType<ListItemBlock>()).Select(nested => nested.FirstOrDefault()).OfType<ParagraphBlock>();

    // In lists, but not in quotes, whose marks would be taken for the code's own.
    private void AddNestedFences(ContainerBlock container)
    {
        foreach (var block in container)
        {
            if (block is FencedCodeBlock fence)
            {
                AddFence(fence);
            }
            else if (block is ListBlock or ListItemBlock)
            {
                AddNestedFences((ContainerBlock)block);
            }
        }
    }

    private FenceContent AddFence(FencedCodeBlock block)
    {
        var fence = new FenceContent(block.Info ?? "", LinesOf(block));
        _section.Fences.Add(fence);
        return fence;
    }

    private void ReadHtml(HtmlBlock html)
    {
        var directives = Directives.Find(LinesOf(html), isPlaced: true);
        if (directives.Count == 0)
        {
            _section.LastContentStart = html.Span.Start + _shift;
        }

        _section.Directives.AddRange(directives);
    }

    // Comments inside lists and quotes mark nothing. Their author believes that they do, so they are kept to be reported.
    private void FindMisplaced(ContainerBlock container)
    {
        foreach (var leaf in container.Descendants<LeafBlock>())
        {
            if (leaf is not CodeBlock)
            {
                _section.Directives.AddRange(Directives.Find(LinesOf(leaf), isPlaced: false));
            }
        }
    }

    private void AddAll(Fragment paragraph)
    {
        foreach (var content in Tables.Split(paragraph))
        {
            _section.Contents.Add(content);
        }
    }


    // From the first line's first character to the last line's end. What continuation lines are indented by stays inside.
    private Fragment LinesOf(LeafBlock leaf)
    {
        var lines = leaf.Lines;
        if (lines.Count == 0)
        {
            return new Fragment(_text, leaf.Span.Start + _shift, leaf.Span.Start + _shift);
        }

        return new Fragment(_text, StartOf(lines.Lines[0]), EndOf(lines.Lines[lines.Count - 1]));
    }

    // Markdig copies a line whose tab is cut in two, which happens in code only; then the line's own start is what is known.
    private int StartOf(in StringLine line) => IsOfText(line) ? line.Slice.Start + _shift : line.Position + _shift;

    private int EndOf(in StringLine line) => IsOfText(line) ? line.Slice.End + 1 + _shift : Math.Min(_text.Length, line.Position + line.Slice.Length + _shift);

    private bool IsOfText(in StringLine line) => line.Slice.Text?.Length == _text.Length - _shift;

    private void Close()
    {
        var open = new Stack<Section>();
        foreach (var section in _sections)
        {
            while (open.Count > 0 && open.Peek().Level >= section.Level)
            {
                open.Pop().End = section.Start;
            }

            open.Push(section);
        }
    }
}

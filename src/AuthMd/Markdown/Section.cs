namespace AgentAuth.AuthMd.Markdown;

/// <summary>A heading and what stands under it up to the next heading of any level.</summary>
internal sealed class Section
{
    /// <summary>Which section of the document it is, counted from 0.</summary>
    public required int Index { get; init; }

    /// <summary>1 to 6; 0 for what stands before the first heading.</summary>
    public required int Level { get; init; }

    /// <summary>The heading without its marks; empty before the first heading.</summary>
    public required Fragment Title { get; init; }

    /// <summary>Where the heading's line starts.</summary>
    public required int Start { get; init; }

    /// <summary>Where the next heading of the same or a higher level starts, or the text ends.</summary>
    public int End { get; set; }

    /// <summary>Where the last block starts that is not a <see cref="Directive"/>.</summary>
    public int LastContentStart { get; set; }

    public List<Content> Contents { get; } = [];

    /// <summary>The fenced code blocks, those inside lists included, in their order.</summary>
    public List<FenceContent> Fences { get; } = [];

    /// <summary>The comments that speak to the compiler, in their order.</summary>
    public List<Directive> Directives { get; } = [];

    public IEnumerable<ItemContent> Items => Contents.OfType<ItemContent>();

    public IEnumerable<TableContent> Tables => Contents.OfType<TableContent>();
}

/// <summary>A comment of the form <c>&lt;!-- auth.md:name --&gt;</c>.</summary>
/// <param name="Name">What follows the colon.</param>
/// <param name="Span">The whole comment.</param>
internal sealed record Directive(string Name, SourceSpan Span)
{
    /// <summary>True when it stands on a line of its own or in a heading.</summary>
    public required bool IsPlaced { get; init; }
}

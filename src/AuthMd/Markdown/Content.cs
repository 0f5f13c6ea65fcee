namespace AgentAuth.AuthMd.Markdown;

/// <summary>A block that can declare something. What is not one of these is prose.</summary>
internal abstract record Content;

/// <summary>A paragraph, or what precedes or follows a table inside one.</summary>
internal sealed record ParagraphContent(Fragment Text) : Content;

/// <summary>An item of a list that stands directly in a section: its first paragraph.</summary>
internal sealed record ItemContent(Fragment Text) : Content
{
    /// <summary>Index of the first code unit behind all that belongs to the item, the lists and fences inside it too.</summary>
    public required int End { get; init; }

    /// <summary>The first paragraphs of the items of a list inside it.</summary>
    public IReadOnlyList<Fragment> Nested { get; init; } = [];
}

/// <summary>A pipe table.</summary>
internal sealed record TableContent(IReadOnlyList<Fragment> Header, IReadOnlyList<IReadOnlyList<Fragment>> Rows) : Content
{
    /// <summary>The column whose heading is one of the names, or -1.</summary>
    public int Column(Vocabulary<bool> names)
    {
        for (var i = 0; i < Header.Count; i++)
        {
            if (names.TryGet(Header[i], out _))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A fenced code block; also the front matter, whose info is "yaml".</summary>
internal sealed record FenceContent(string Info, Fragment Text) : Content
{
    /// <summary>The first word of the info string, in lower case.</summary>
    public string Language { get; } = Info.Trim().Split(' ', '\t')[0].ToLowerInvariant();
}

/// <summary>Code that is indented, not fenced.</summary>
internal sealed record IndentedContent(Fragment Text) : Content;

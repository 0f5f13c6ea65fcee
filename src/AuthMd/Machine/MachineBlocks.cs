using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Machine;

/// <summary>The machine-readable blocks of a document: front matter, and fences in JSON or YAML.</summary>
internal sealed class MachineBlocks
{
    // A fence that names none of these is somebody's example, whatever state its JSON is in.
    private static readonly string[] Marks = [MachineBlock.Name, "identity_types_supported"];

    private MachineBlocks(IReadOnlyList<MachineBlock> all) => All = all;

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<MachineBlock> All { get; }

    public static MachineBlocks Read(MarkdownText document, Problems problems)
    {
        var blocks = new List<MachineBlock>();
        if (document.FrontMatter is { } frontMatter && YamlReader.Read(frontMatter.Text) is { } yaml && MachineBlock.Of(yaml) is { AgentAuth: not null } first)
        {
            blocks.Add(first);
        }

        foreach (var fence in document.Sections.SelectMany(section => section.Fences))
        {
            if (ReadFence(fence, problems) is { } value && MachineBlock.Of(value) is { } block)
            {
                blocks.Add(block);
            }
        }

        return new MachineBlocks(blocks);
    }

    /// <summary>The items of the first block that lists something under a name.</summary>
    public IReadOnlyList<Located<string>> First(string name) =>
        All.Select(block => block.List(name).ToList()).FirstOrDefault(list => list.Count > 0) ?? [];

    /// <summary>The first text that the agent_auth metadata give under a name.</summary>
    public Located<string>? Text(string name) => All.Select(block => block.AgentAuth?.Text(name)).FirstOrDefault(text => text is not null);

    private static MachineValue? ReadFence(FenceContent fence, Problems problems)
    {
        if (fence.Language is "yaml" or "yml")
        {
            return YamlReader.Read(fence.Text);
        }

        if (fence.Language is not ("json" or "json5" or "jsonc" or "") || !fence.Text.Trim().StartsWith("{"))
        {
            return null;
        }

        var value = JsonReader.Read(fence.Text, out var fault);
        if (fault is not null && Marks.Any(mark => fence.Text.ToString().IndexOf('"' + mark + '"', StringComparison.Ordinal) >= 0))
        {
            problems.Report(AuthMdRules.MachineBlock, fault.Span, $"This block is not valid JSON: it {fault.Reason} here. Agents read it with a JSON parser; correct it, or remove the block.");
        }

        return value;
    }
}

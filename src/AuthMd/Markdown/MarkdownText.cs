namespace AgentAuth.AuthMd.Markdown;

/// <summary>A document, cut.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Sections">In the order of the text; the first is what stands before any heading.</param>
/// <param name="FrontMatter">The YAML between dashes at the very start; null when there is none.</param>
internal sealed record MarkdownText(string Text, IReadOnlyList<Section> Sections, FenceContent? FrontMatter);

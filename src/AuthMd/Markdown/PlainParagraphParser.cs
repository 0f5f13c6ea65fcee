using Markdig.Parsers;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Markdown;

/// <summary>
/// Leaves link reference definitions in their paragraph. Nothing here follows such links, and Markdig takes quadratic time to collect them.
/// </summary>
internal sealed class PlainParagraphParser : ParagraphBlockParser
{
    public override bool Close(BlockProcessor processor, Block block) => true;
}

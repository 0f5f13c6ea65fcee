using System.Globalization;
using System.Text.RegularExpressions;
using AgentAuth.AuthMd.Markdown;
using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Edits;

/// <summary>A scope that opens an item of a list.</summary>
/// <param name="section">The section of the list.</param>
/// <param name="index">Which of the section's contents the item is.</param>
/// <param name="name">The scope.</param>
internal sealed class ScopeBullet(Section section, int index, Fragment name) : ScopePlace(name)
{
    // A list inside a quote or an item has more before its marker, and is left to its author.
    private static readonly Regex s_marker = new(@"^[ \t]*([-*+]|(?<number>[0-9]{1,8})[.)])[ \t]+$", RegexOptions.CultureInvariant);

    private readonly ItemContent _item = (ItemContent)section.Contents[index];

    private TextLine First => TextLine.At(Text, _item.Text.Start);

    private TextLine Last
    {
        get
        {
            var end = Math.Max(_item.Text.End, _item.End);
            while (end > _item.Text.End && char.IsWhiteSpace(Text[end - 1]))
            {
                end--;
            }

            return TextLine.At(Text, end);
        }
    }

    private bool IsLoose => IsItem(index - 1) && First.Previous is { IsBlank: true };

    public override (SourceSpan Span, string Text)? Add(string scope, bool isPreClaim)
    {
        if (Marker(_item) is not { } marker)
        {
            return null;
        }

        var lineBreak = First.Break;
        return (new SourceSpan(Last.End, 0), lineBreak + (IsLoose ? lineBreak : "") + Next(marker) + Marked(_item.Text, scope) + Grant(isPreClaim));
    }

    public override SourceSpan? Remove()
    {
        // An only item would leave an empty list, and one out of the middle a gap in the numbers.
        if (Marker(_item) is not { } marker || !(IsItem(index - 1) || IsItem(index + 1)) || (marker.Groups["number"].Success && IsItem(index + 1)))
        {
            return null;
        }

        var (first, last) = (First, Last);
        if (IsLoose)
        {
            first = first.Previous!.Value;
        }
        else if (!IsItem(index - 1) && last.Following is { IsBlank: true } below)
        {
            last = below;
        }

        return first.RemovalTo(last);
    }

    private bool IsItem(int at) => at >= 0 && at < section.Contents.Count && section.Contents[at] is ItemContent;

    private Match? Marker(ItemContent item) =>
        s_marker.Match(new Fragment(Text, TextLine.At(Text, item.Text.Start).Start, item.Text.Start).ToString()) is { Success: true } match ? match : null;

    // "2." after "1.", but "1." after two of them: some authors leave the counting to Markdown.
    private string Next(Match marker)
    {
        var group = marker.Groups["number"];
        if (!group.Success || (IsItem(index - 1) && Marker((ItemContent)section.Contents[index - 1])?.Groups["number"].Value == group.Value))
        {
            return marker.Value;
        }

        var next = int.Parse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture) + 1;
        return marker.Value.Remove(group.Index, group.Length).Insert(group.Index, next.ToString(CultureInfo.InvariantCulture));
    }

    // What is not said is post-claim; it is said where the author says it of others.
    private string Grant(bool isPreClaim)
    {
        foreach (var item in section.Items)
        {
            if (Inlines.TryLeadingCode(item.Text, out _, out var rest) && (ScopesReader.TryGrant(rest.Trim(), out var grant, out var before) || ScopesReader.TryGrantAtEnd(rest.Trim(), out grant, out before)) && before == isPreClaim)
            {
                return " " + grant;
            }
        }

        return isPreClaim ? " (pre-claim)" : "";
    }
}

using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Machine;

/// <summary>
/// Reads the part of YAML in which people write metadata: nested mappings, sequences of scalars or mappings, flow sequences of scalars, quotes and
/// comments. What is beyond that (anchors, tags, block scalars) is skipped as somebody else's: front matter belongs to site generators too.
/// </summary>
internal sealed class YamlReader
{
    private const int Deepest = 64;

    private readonly List<Line> _lines;
    private int _next;

    private YamlReader(List<Line> lines) => _lines = lines;

    /// <param name="Indent">Columns before the content.</param>
    /// <param name="Content">Without indentation, comment and trailing space; never empty.</param>
    private readonly record struct Line(int Indent, Fragment Content);

    /// <summary>The mapping at the root; null when there is none.</summary>
    public static MachineObject? Read(Fragment text)
    {
        var lines = LinesOf(text);
        if (lines.Count == 0 || TryKey(lines[0].Content) is null)
        {
            return null;
        }

        return new YamlReader(lines).ReadMapping(lines[0].Indent, 0);
    }

    private static List<Line> LinesOf(Fragment text)
    {
        // The fragment starts behind the first line's indentation, which counts.
        var start = text.Start;
        while (start > 0 && text.Text[start - 1] is ' ')
        {
            start--;
        }

        var lines = new List<Line>();
        for (var i = start; i <= text.End; i++)
        {
            if (i == text.End || text.Text[i] is '\r' or '\n')
            {
                var line = WithoutComment(new Fragment(text.Text, start, i));
                var content = line.Trim();
                if (!content.IsEmpty && !content.StartsWith("---") && !content.StartsWith("..."))
                {
                    lines.Add(new Line(content.Start - start, content));
                }

                start = i + 1;
            }
        }

        return lines;
    }

    private static Fragment WithoutComment(Fragment line)
    {
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'' && (i == 0 || line[i - 1] is ' ' or '[' or ','))
            {
                quote = c;
            }
            else if (c == '#' && (i == 0 || line[i - 1] is ' ' or '\t'))
            {
                return line.Slice(0, i);
            }
        }

        return line;
    }

    private MachineObject ReadMapping(int indent, int depth)
    {
        var start = _lines[_next].Content.Start;
        var end = start;
        var members = new List<MachineMember>();
        while (_next < _lines.Count && _lines[_next].Indent >= indent)
        {
            var line = _lines[_next++];
            end = line.Content.End;
            if (line.Indent > indent || TryKey(line.Content) is not { } key)
            {
                continue;
            }

            var value = ReadValue(key.Value, indent, depth);
            members.Add(new MachineMember(key.Name, value));
            end = Math.Max(end, value.Span.End);
        }

        return new MachineObject(members, new SourceSpan(start, end - start));
    }

    // What stands behind a key, or in the lines below it.
    private MachineValue ReadValue(Fragment inline, int indent, int depth)
    {
        if (!inline.IsEmpty || _next >= _lines.Count || depth >= Deepest)
        {
            return ReadScalar(inline);
        }

        var below = _lines[_next];
        if (IsItem(below.Content) && below.Indent >= indent)
        {
            return ReadSequence(below.Indent, depth + 1);
        }

        return below.Indent > indent && TryKey(below.Content) is not null ? ReadMapping(below.Indent, depth + 1) : ReadScalar(inline);
    }

    private MachineArray ReadSequence(int indent, int depth)
    {
        var start = _lines[_next].Content.Start;
        var end = start;
        var items = new List<MachineValue>();
        while (_next < _lines.Count && _lines[_next].Indent == indent && IsItem(_lines[_next].Content))
        {
            var content = _lines[_next].Content;
            var inner = content.From(1).Trim();
            if (TryKey(inner) is not null && depth < Deepest)
            {
                // "- name: value" opens a mapping whose keys stand where the name stands.
                _lines[_next] = new Line(indent + inner.Start - content.Start, inner);
                items.Add(ReadMapping(_lines[_next].Indent, depth + 1));
            }
            else
            {
                _next++;
                items.Add(ReadScalar(inner));
            }

            end = Math.Max(content.End, items[items.Count - 1].Span.End);

            // Continuations of a scalar, and whatever else is indented deeper.
            while (_next < _lines.Count && _lines[_next].Indent > indent)
            {
                end = _lines[_next++].Content.End;
            }
        }

        return new MachineArray(items, new SourceSpan(start, end - start));
    }

    private static MachineValue ReadScalar(Fragment text)
    {
        if (text.Length >= 2 && text[0] == '[' && text[text.Length - 1] == ']')
        {
            var inner = text.Slice(1, text.Length - 2);
            return new MachineArray([.. Inlines.Split(inner, ',').Select(item => item.Trim()).Where(item => !item.IsEmpty).Select(ReadText)], text.Span);
        }

        return text.ToString() == "{}" ? new MachineObject([], text.Span) : ReadText(text);
    }

    private static MachineText ReadText(Fragment text)
    {
        if (text.Length >= 2 && text[0] is '"' or '\'' && text[text.Length - 1] == text[0])
        {
            text = text.Slice(1, text.Length - 2);
        }

        return new MachineText(text.ToString(), text.Span);
    }

    private static bool IsItem(Fragment content) => content.StartsWith("- ") || content.ToString() == "-";

    // "key:" or "key: value", the key plain or in quotes.
    private static (Located<string> Name, Fragment Value)? TryKey(Fragment content)
    {
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == ':' && (i + 1 == content.Length || content[i + 1] is ' ' or '\t'))
            {
                var name = ReadText(content.Slice(0, i).Trim());
                return name.Value.Length > 0 && !IsItem(content) ? (name.Located, content.From(i + 1).Trim()) : null;
            }
        }

        return null;
    }
}

using System.Text;
using AgentAuth.Generator.Model;

namespace AgentAuth.Generator.Render;

/// <summary>
/// Builds a JSON document as calls that write it: literals, and between them the slots that a deployment fills. One call a member, so that the
/// generated code reads like the document.
/// </summary>
internal sealed class JsonTemplate(CSharpWriter code)
{
    private readonly StringBuilder _literal = new();
    private readonly Stack<bool> _hasMembers = new();

    public void Begin(string? name = null)
    {
        if (name is not null)
        {
            Name(name);
        }

        _literal.Append('{');
        _hasMembers.Push(false);
    }

    public void End()
    {
        var hadMembers = _hasMembers.Pop();
        if (hadMembers)
        {
            NewLine();
        }

        _literal.Append('}');
        if (_hasMembers.Count == 0)
        {
            _literal.Append('\n');
            Flush();
        }
    }

    public void String(string name, string value)
    {
        Name(name);
        _literal.Append(Quote(value));
    }

    public void OptionalString(string name, Fact? value)
    {
        if (value is not null)
        {
            String(name, value.Value);
        }
    }

    /// <summary>A string that is a slot, with text behind it.</summary>
    public void Slot(string name, string slot, string suffix = "")
    {
        Name(name);
        Slot(slot, suffix);
    }

    public void SlotArray(string name, string slot)
    {
        Name(name);
        _literal.Append('[');
        Slot(slot, "");
        _literal.Append(']');
    }

    public void Strings(string name, IEnumerable<string> values)
    {
        Name(name);
        _literal.Append('[').Append(string.Join(", ", values.Select(Quote))).Append(']');
    }

    private void Slot(string slot, string suffix)
    {
        _literal.Append('"');
        Flush();
        code.Line($"writer.Write(global::AgentAuth.Manifest.DocumentSlot.{slot});");
        var quoted = Quote(suffix);
        _literal.Append(quoted, 1, quoted.Length - 1);
    }

    private void Name(string name)
    {
        if (_hasMembers.Pop())
        {
            _literal.Append(',');
        }

        _hasMembers.Push(true);
        Flush();
        NewLine();
        _literal.Append(Quote(name)).Append(": ");
    }

    private void NewLine() => _literal.Append('\n').Append(' ', _hasMembers.Count * 2);

    private void Flush()
    {
        if (_literal.Length > 0)
        {
            code.Line($"writer.Write({CSharpWriter.Literal(_literal.ToString())}u8);");
            _literal.Clear();
        }
    }

    private static string Quote(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in CSharpWriter.WellFormed(text))
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                < ' ' or '\u2028' or '\u2029' or '\u007f' => json.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => json.Append(c),
            };
        }

        return json.Append('"').ToString();
    }
}

using System.Globalization;
using System.Text;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Machine;

/// <summary>
/// Reads JSON (RFC 8259) with the place of every value. The compiler's side ships no System assembly, and a parser without places could not
/// say where a problem is.
/// </summary>
internal sealed class JsonReader
{
    private const int Deepest = 64;

    private readonly Fragment _text;
    private int _position;
    private MachineFault? _fault;

    private JsonReader(Fragment text) => _text = text;

    /// <summary>Reads a whole text. Either a value or a fault comes back.</summary>
    public static MachineValue? Read(Fragment text, out MachineFault? fault)
    {
        var reader = new JsonReader(text);
        var value = reader.ReadValue(0);
        reader.SkipSpace();
        if (value is not null && reader._position < text.Length)
        {
            value = null;
            reader.Fail("has something behind its end");
        }

        fault = reader._fault;
        return value;
    }

    private bool IsAtEnd => _position >= _text.Length;

    private char Current => IsAtEnd ? '\0' : _text[_position];

    private MachineValue? ReadValue(int depth)
    {
        SkipSpace();
        if (depth > Deepest)
        {
            return Fail("is nested too deeply");
        }

        return Current switch
        {
            '{' => ReadObject(depth),
            '[' => ReadArray(depth),
            '"' => ReadString() is { } text ? new MachineText(text.Value, text.Span) : null,
            _ => ReadLiteral(),
        };
    }

    private MachineObject? ReadObject(int depth)
    {
        var start = _position++;
        var members = new List<MachineMember>();
        SkipSpace();
        if (Take('}'))
        {
            return new MachineObject(members, SpanFrom(start));
        }

        do
        {
            SkipSpace();
            if (Current != '"')
            {
                Fail(Current == '}' ? "has a comma before a closing brace" : "lacks the name of a member in double quotes");
                return null;
            }

            if (ReadString() is not { } name)
            {
                return null;
            }

            SkipSpace();
            if (!Take(':'))
            {
                Fail("lacks a colon behind the name of a member");
                return null;
            }

            if (ReadValue(depth + 1) is not { } value)
            {
                return null;
            }

            members.Add(new MachineMember(name, value));
            SkipSpace();
        }
        while (Take(','));

        if (Take('}'))
        {
            return new MachineObject(members, SpanFrom(start));
        }

        Fail("lacks a comma or a closing brace");
        return null;
    }

    private MachineArray? ReadArray(int depth)
    {
        var start = _position++;
        var items = new List<MachineValue>();
        SkipSpace();
        if (Take(']'))
        {
            return new MachineArray(items, SpanFrom(start));
        }

        do
        {
            if (ReadValue(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
            SkipSpace();
        }
        while (Take(','));

        if (Take(']'))
        {
            return new MachineArray(items, SpanFrom(start));
        }

        Fail("lacks a comma or a closing bracket");
        return null;
    }

    private Located<string>? ReadString()
    {
        var start = ++_position;
        var value = new StringBuilder();
        for (; !IsAtEnd && Current >= ' '; _position++)
        {
            if (Current == '"')
            {
                var span = SpanFrom(start);
                _position++;
                return new Located<string>(value.ToString(), span);
            }

            if (Current != '\\')
            {
                value.Append(Current);
            }
            else if (!ReadEscape(value))
            {
                Fail("has an unknown escape in a string");
                return null;
            }
        }

        Fail("has a string that is not closed on its line");
        return null;
    }

    // At the backslash before, at the last character of the escape behind.
    private bool ReadEscape(StringBuilder value)
    {
        _position++;
        const string Escapes = "\"\\/bfnrt";
        if (Current == 'u' && _position + 4 < _text.Length
            && ushort.TryParse(_text.Slice(_position + 1, 4).ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            value.Append((char)code);
            _position += 4;
            return true;
        }

        var index = IsAtEnd ? -1 : Escapes.IndexOf(Current);
        if (index >= 0)
        {
            value.Append("\"\\/\b\f\n\r\t"[index]);
        }

        return index >= 0;
    }

    private MachineLiteral? ReadLiteral()
    {
        var start = _position;
        while (!IsAtEnd && (char.IsLetterOrDigit(Current) || Current is '-' or '+' or '.'))
        {
            _position++;
        }

        var literal = _text.Slice(start, _position - start).ToString();
        if (literal is "true" or "false" or "null" || IsNumber(literal))
        {
            return new MachineLiteral(SpanFrom(start));
        }

        _position = start;
        Fail(IsAtEnd ? "ends too early" : "has something that is no JSON value");
        return null;
    }

    private static bool IsNumber(string text)
    {
        var digits = text.TrimStart('-');
        return digits.Length > 0 && text.Length - digits.Length <= 1 && char.IsDigit(digits[0]) && (digits[0] != '0' || digits.Length == 1 || !char.IsDigit(digits[1]))
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && !text.EndsWith(".", StringComparison.Ordinal);
    }

    private bool Take(char c)
    {
        if (Current != c || IsAtEnd)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void SkipSpace()
    {
        while (!IsAtEnd && Current is ' ' or '\t' or '\r' or '\n')
        {
            _position++;
        }
    }

    private SourceSpan SpanFrom(int start) => new(_text.Start + start, _position - start);

    private MachineValue? Fail(string reason)
    {
        _fault ??= new MachineFault(new SourceSpan(_text.Start + Math.Min(_position, _text.Length), IsAtEnd ? 0 : 1), reason);
        return null;
    }
}

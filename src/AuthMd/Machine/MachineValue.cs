namespace AgentAuth.AuthMd.Machine;

/// <summary>A value of a JSON or YAML block, with its place in auth.md.</summary>
internal abstract record MachineValue(SourceSpan Span);

/// <summary>An object or mapping. Members with one name twice are both kept: whoever reads it sees the first.</summary>
internal sealed record MachineObject(IReadOnlyList<MachineMember> Members, SourceSpan Span) : MachineValue(Span)
{
    public MachineMember? Find(string name) => Members.FirstOrDefault(member => member.Name.Value == name);

    /// <summary>The text of a member; null when there is none, or when it is something else.</summary>
    public Located<string>? Text(string name) => Find(name)?.Value is MachineText text ? text.Located : null;

    public MachineObject? Object(string name) => Find(name)?.Value as MachineObject;

    /// <summary>The texts of an array, or the names of an object; empty when the member is something else.</summary>
    public IEnumerable<Located<string>> List(string name) => Find(name)?.Value switch
    {
        MachineArray array => array.Items.OfType<MachineText>().Select(text => text.Located),
        MachineObject map => map.Members.Select(member => member.Name),
        _ => [],
    };
}

/// <summary>A member of an object.</summary>
internal sealed record MachineMember(Located<string> Name, MachineValue Value);

/// <summary>An array or sequence.</summary>
internal sealed record MachineArray(IReadOnlyList<MachineValue> Items, SourceSpan Span) : MachineValue(Span);

/// <summary>A string; in YAML every scalar, since nothing here is a number.</summary>
internal sealed record MachineText(string Value, SourceSpan Span) : MachineValue(Span)
{
    public Located<string> Located => new(Value, Span);
}

/// <summary>A number, true, false or null.</summary>
internal sealed record MachineLiteral(SourceSpan Span) : MachineValue(Span);

/// <summary>Why a block could not be read, as the end of a sentence, and where.</summary>
internal sealed record MachineFault(SourceSpan Span, string Reason);

namespace AgentAuth.AuthMd.Machine;

/// <summary>A JSON or YAML block that carries metadata of the protocol.</summary>
/// <param name="Root">All of it.</param>
/// <param name="Key">The name under which the agent_auth metadata stands; null when they stand at the root, or are absent.</param>
/// <param name="AgentAuth">The agent_auth metadata; null in a block that holds only metadata of RFC 9728 or RFC 8414.</param>
internal sealed record MachineBlock(MachineObject Root, Located<string>? Key, MachineObject? AgentAuth)
{
    /// <summary>What metadata is kept under.</summary>
    public const string Name = "agent_auth";

    // Names by which the metadata are known where their wrapper is missing or has another name.
    private static readonly string[] Marks = ["identity_types_supported", "supported_identity_types", "register_uri", "skill", "identity_endpoint"];

    /// <summary>Finds out what a value holds; null when it is none of ours.</summary>
    public static MachineBlock? Of(MachineValue value)
    {
        if (value is not MachineObject root)
        {
            return null;
        }

        if (root.Find(Name) is { Value: MachineObject named } key)
        {
            return new MachineBlock(root, key.Name, named);
        }

        if (Marks.Count(mark => root.Find(mark) is not null) >= 2 || root.Find(Marks[0]) is not null)
        {
            return new MachineBlock(root, null, root);
        }

        // "agentAuth", "agent_auth_metadata": somebody meant it.
        foreach (var member in root.Members)
        {
            if (member.Value is MachineObject inner && Marks.Any(mark => inner.Find(mark) is not null))
            {
                return new MachineBlock(root, member.Name, inner);
            }
        }

        return root.Find("scopes_supported") is not null || root.Find("authorization_servers") is not null ? new MachineBlock(root, null, null) : null;
    }

    /// <summary>True when the agent_auth metadata stand where agents look for them.</summary>
    public bool IsKeyed => Key?.Value == Name;

    /// <summary>A member that may stand in the agent_auth metadata or beside them.</summary>
    public MachineMember? Member(string name) => AgentAuth?.Find(name) ?? Root.Find(name);

    /// <summary>The texts of such a member.</summary>
    public IEnumerable<Located<string>> List(string name) => AgentAuth?.Find(name) is not null ? AgentAuth.List(name) : Root.List(name);
}

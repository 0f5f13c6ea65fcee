using System.Collections.Immutable;

namespace AgentAuth.EndToEnd.Guards;

/// <summary>The four attributes.</summary>
public enum Guard
{
    /// <summary><c>[AgentScope]</c> with a scope that an anonymous agent does not hold.</summary>
    Scope,

    /// <summary><c>[UserOrAgentScope]</c> with the same scope.</summary>
    UserOrAgent,

    /// <summary><c>[DenyAgents]</c>.</summary>
    Deny,

    /// <summary><c>[AgentStepUp]</c>, where people, and agents with a scope that all of them hold, get in.</summary>
    StepUp,
}

/// <summary>Something of the app that an attribute stands on.</summary>
/// <param name="Style">minimal, controller, page, hub, grpc or mcp.</param>
/// <param name="IsMember">True: on the member, in a class that lets people in, and agents with the scope that all of them hold. False: on the class.</param>
/// <param name="Guard">The attribute.</param>
public sealed record Place(string Style, bool IsMember, Guard Guard)
{
    private static readonly string[] s_styles = ["minimal", "controller", "page", "hub", "grpc", "mcp"];

    /// <summary>All of them. Razor pages take attributes on the class only; on a handler they are an error of the build.</summary>
    public static ImmutableArray<Place> All { get; } =
    [
        .. from style in s_styles
           from member in new[] { false, true }
           where style != "page" || !member
           from guard in Enum.GetValues<Guard>()
           select new Place(style, member, guard),
    ];

    /// <summary>The attribute's part of paths and names.</summary>
    public string Word => Guard switch
    {
        Guard.UserOrAgent => "user-or-agent",
        Guard.StepUp => "step-up",
        _ => Guard.ToString().ToLowerInvariant(),
    };

    /// <summary>The attribute as it is written.</summary>
    public string Attribute => Guard switch
    {
        Guard.Scope => "[AgentScope]",
        Guard.UserOrAgent => "[UserOrAgentScope]",
        Guard.Deny => "[DenyAgents]",
        _ => "[AgentStepUp]",
    };

    /// <summary>What the app counts it under.</summary>
    public string Name => $"{Style}/{(IsMember ? "member" : "class")}/{Word}";

    /// <summary>Who gets in, by what the attributes say and nothing else.</summary>
    public bool Admits(Caller caller) => Guard switch
    {
        Guard.Scope => caller is Caller.ScopedAgent or Caller.AgentWithoutStepUp,
        Guard.UserOrAgent => caller is Caller.Person or Caller.ScopedAgent or Caller.AgentWithoutStepUp,
        Guard.StepUp => caller is Caller.Person or Caller.ScopedAgent,

        // It says nothing about people. The class around a member, and the endpoint that all MCP tools have in common, want somebody signed in.
        _ => caller is Caller.Person || (caller is Caller.Nobody && !IsMember && Style != "mcp"),
    };

    public override string ToString() => Name;
}

/// <summary>Who calls.</summary>
public enum Caller
{
    /// <summary>Without a cookie and without a credential.</summary>
    Nobody,

    /// <summary>With the app's own cookie.</summary>
    Person,

    /// <summary>With a key of an anonymous registration: it holds the scope that is given before a claim.</summary>
    AnonymousAgent,

    /// <summary>With a key that an ID-JAG gave, whose user has just signed in: it holds every scope.</summary>
    ScopedAgent,

    /// <summary>With every scope, and an ID-JAG that did not say when its user signed in.</summary>
    AgentWithoutStepUp,

    /// <summary>With a key that held every scope until its provider revoked it.</summary>
    RevokedAgent,
}

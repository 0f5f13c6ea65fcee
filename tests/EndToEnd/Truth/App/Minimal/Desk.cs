namespace Truth.App.Minimal;

/// <summary>Handlers that are instance methods, some of them inherited.</summary>
internal sealed class Desk : BaseDesk, IDesk
{
    [DenyAgents]
    public string Closed() => ToString();

    public string Silent() => ToString();

    public override string Overridden() => ToString();

    public string Promised() => ToString();

    public override string ToString() => "desk";
}

/// <summary>What a desk inherits.</summary>
internal abstract class BaseDesk
{
    [AgentScope(AgentScopes.StockRead)]
    public string OfBase() => ToString()!;

    [DenyAgents]
    public virtual string Overridden() => ToString()!;
}

/// <summary>Attributes of an interface reach no implementation: one of ours there stops the start.</summary>
internal interface IDesk
{
    string Promised();
}

/// <summary>A class with an attribute, and a handler without.</summary>
[AllowAnonymous]
internal static class OpenClass
{
    public static string Silent() => "ok";
}

namespace AgentAuth.Analyzers.Guards;

/// <summary>What must be known of the rest of the code before a guard is certainly inert.</summary>
internal enum GuardCondition
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>That the method is never mapped as an endpoint.</summary>
    NotMapped,

    /// <summary>That too, and that nobody else can map it.</summary>
    MappedByNobody,

    /// <summary>That no class that derives from it is an endpoint, and that nobody reads attributes in a way of his own.</summary>
    NotInherited,

    /// <summary>That nobody reads attributes in a way of his own.</summary>
    NotReflected,
}

/// <summary>A place where nothing enforces a guard.</summary>
/// <param name="What">What it is, as the end of "… stands on".</param>
/// <param name="Why">Why nothing does; empty when that is plain.</param>
/// <param name="Instead">Where to put it.</param>
/// <param name="Condition">When that is so.</param>
internal sealed record GuardPlace(string What, string Why, string Instead, GuardCondition Condition)
{
    /// <summary>The sentences about a guard there.</summary>
    public string Message(string guard) => $"[{guard}] stands on {What}, and nothing enforces it there{(Why.Length == 0 ? "" : ": " + Why)}. {Instead}";
}

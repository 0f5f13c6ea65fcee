namespace AgentAuth.EndToEnd.Truth;

/// <summary>An endpoint as the running app has it.</summary>
/// <param name="Name">Its display name.</param>
/// <param name="Route">Its route pattern.</param>
/// <param name="Methods">The HTTP methods it answers; none when it answers all.</param>
/// <param name="Says"><c>said</c> or <c>unsaid</c>: whether its metadata says anything about agents.</param>
internal sealed record RuntimeEndpoint(string? Name, string? Route, IReadOnlyList<string> Methods, string Says)
{
    /// <summary>Whether its metadata says anything about agents.</summary>
    public bool IsSaid => Says == "said";
}

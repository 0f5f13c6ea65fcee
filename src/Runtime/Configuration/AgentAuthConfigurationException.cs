namespace AgentAuth;

/// <summary>
/// The service does not start with these settings, or, where <see cref="AgentAuthOptions.RequireScopes"/> says so, with these endpoints. The
/// message names each one and says what to change.
/// </summary>
public sealed class AgentAuthConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problems">A sentence for each setting or endpoint.</param>
    public AgentAuthConfigurationException(IReadOnlyList<string> problems)
        : base("AgentAuth cannot start:" + string.Concat((problems ?? []).Select(p => Environment.NewLine + "  - " + p))) =>
        Problems = problems ?? [];

    /// <summary>A sentence for each setting or endpoint.</summary>
    public IReadOnlyList<string> Problems { get; }
}

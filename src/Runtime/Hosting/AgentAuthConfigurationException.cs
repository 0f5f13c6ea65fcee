namespace AgentAuth;

/// <summary>The service does not start with these settings. The message names each one and says what to change.</summary>
public sealed class AgentAuthConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problems">A sentence for each setting.</param>
    public AgentAuthConfigurationException(IReadOnlyList<string> problems)
        : base("AgentAuth cannot start:" + string.Concat((problems ?? []).Select(p => Environment.NewLine + "  - " + p))) =>
        Problems = problems ?? [];

    /// <summary>A sentence for each setting.</summary>
    public IReadOnlyList<string> Problems { get; }
}

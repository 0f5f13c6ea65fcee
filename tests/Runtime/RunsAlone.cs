namespace AgentAuth;

/// <summary>Tests that change what the whole process shares. Nothing runs beside them.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class RunsAlone;

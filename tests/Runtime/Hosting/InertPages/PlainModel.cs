namespace AgentAuth.Hosting.InertPages;

[DenyAgents]
public sealed class PlainModel;

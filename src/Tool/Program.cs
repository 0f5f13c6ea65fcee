using AgentAuth.Tool;

return AuthMdCommandLine.Run(args, Surroundings.OfProcess());

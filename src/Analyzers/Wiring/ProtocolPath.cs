using System.Collections.Immutable;

namespace AgentAuth.Analyzers;

/// <summary>A path that <c>MapAgentAuth</c> maps.</summary>
/// <param name="Path">The path.</param>
/// <param name="Methods">The HTTP methods that it answers there.</param>
internal sealed record ProtocolPath(string Path, ImmutableArray<string> Methods);

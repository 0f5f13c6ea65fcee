using System.Reflection;

namespace AgentAuth.Tool;

/// <summary>The version of this tool.</summary>
internal static class ToolVersion
{
    /// <summary>As its package has it: without the commit that a build may append.</summary>
    public static string Text { get; } = typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

/// <summary>What rules ask of a whole compilation.</summary>
internal static class CompilationExtensions
{
    /// <summary>Whether it is an app: nobody else calls into it, so what it does not do is not done.</summary>
    public static bool IsApplication(this Compilation compilation) =>
        compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;
}

using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers;

/// <summary>What all rules on code have in common: they run side by side, and decide once for each compilation whether there is anything to do.</summary>
public abstract class CodeAnalyzer : DiagnosticAnalyzer
{
    /// <summary>What is done with generated code; nothing, unless a rule must read it to understand the rest.</summary>
    private protected virtual GeneratedCodeAnalysisFlags GeneratedCode => GeneratedCodeAnalysisFlags.None;

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCode);
        context.RegisterCompilationStartAction(Start);
    }

    /// <summary>Registers what a compilation needs; nothing when it does not use the runtime.</summary>
    private protected abstract void Start(CompilationStartAnalysisContext context);
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers;

/// <summary>Reports the problems of the marked auth.md where they stand in it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AuthMdDocumentAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Rules.OfDocument;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterAdditionalFileAction(Check);
    }

    private void Check(AdditionalFileAnalysisContext context)
    {
        if (!AuthMdFile.IsMarked(context.AdditionalFile, context.Options.AnalyzerConfigOptionsProvider)
            || context.AdditionalFile.GetText(context.CancellationToken) is not { } text)
        {
            return;
        }

        if (AuthMdFile.Find(context.Options) is { } compiled && compiled.Path != context.AdditionalFile.Path)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.Find(AuthMd.AuthMdRules.SecondDocument),
                AuthMdFile.LocationOf(context.AdditionalFile, text, default),
                $"The project compiles {compiled.Path}, and this file is marked as its auth.md too. Take AgentAuthDocument from one of them."));
            return;
        }

        foreach (var problem in AuthMd.AuthMdParser.Parse(text.ToString()).Problems)
        {
            var rule = Rules.Find(problem.Id);
            context.ReportDiagnostic(Diagnostic.Create(rule, AuthMdFile.LocationOf(context.AdditionalFile, text, problem.Span), DocumentFixProperties.Of(problem.Fix), problem.Message));
        }
    }
}

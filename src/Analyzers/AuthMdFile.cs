using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Analyzers;

/// <summary>The marked auth.md, parsed once for each version of its text.</summary>
internal static class AuthMdFile
{
    private const string Marker = "build_metadata.AdditionalFiles.AgentAuthDocument";

    /// <summary>For the compiler's cache: the same text is parsed once, whoever asks.</summary>
    public static SourceTextValueProvider<AuthMdParseResult> Parser { get; } = new(text => AuthMdParser.Parse(text.ToString()));

    /// <summary>Whether the package marked a file as the one to compile.</summary>
    public static bool IsMarked(AdditionalText file, AnalyzerConfigOptionsProvider options) =>
        options.GetOptions(file).TryGetValue(Marker, out var marked) && string.Equals(marked, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The marked file that is compiled; null when there is none.</summary>
    public static AdditionalText? Find(AnalyzerOptions options) => options.AdditionalFiles
        .Where(file => IsMarked(file, options.AnalyzerConfigOptionsProvider))
        .OrderBy(file => file.Path, StringComparer.Ordinal)
        .FirstOrDefault();

    // It only asks the compiler's cache; whoever calls it registers the actions.
#pragma warning disable RS1012
    /// <summary>The file that is compiled, as it is now; null when there is none.</summary>
    public static (AdditionalText File, SourceText Text, AuthDocument Document)? Read(CompilationStartAnalysisContext context) =>
        Find(context.Options) is { } file
        && file.GetText(context.CancellationToken) is { } text
        && context.TryGetValue(text, Parser, out var parsed)
            ? (file, text, parsed.Document)
            : null;
#pragma warning restore RS1012

    /// <summary>A place in the file.</summary>
    public static Location LocationOf(AdditionalText file, SourceText text, SourceSpan span)
    {
        var range = new TextSpan(Math.Min(span.Start, text.Length), Math.Max(0, Math.Min(span.Length, text.Length - span.Start)));
        return Location.Create(file.Path, range, text.Lines.GetLinePositionSpan(range));
    }
}

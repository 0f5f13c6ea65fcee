using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

/// <summary>Generated code that stands for what somebody wrote in a Razor file.</summary>
internal static class RazorMarkup
{
    /// <summary>Whether a place in generated code is one in a file of markup. What imports say is said to many files at once, so it is not that of one.</summary>
    public static bool IsWrittenBySomebody(Location location) =>
        location.GetMappedLineSpan() is { HasMappedPath: true, Path: var path }
        && (path.EndsWith(".razor", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".cshtml", StringComparison.OrdinalIgnoreCase))
        && Path.GetFileNameWithoutExtension(path) is not ("_Imports" or "_ViewImports");
}

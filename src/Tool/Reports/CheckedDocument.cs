using System.Collections.Immutable;
using AgentAuth.AuthMd;
using AgentAuth.Tool.Files;

namespace AgentAuth.Tool.Reports;

/// <summary>A document and what is to be said about it.</summary>
/// <param name="File">What was read.</param>
/// <param name="Document">Its facts.</param>
/// <param name="Problems">What is wrong, in the order of the text.</param>
internal sealed record CheckedDocument(DocumentFile File, AuthDocument Document, ImmutableArray<AuthMdProblem> Problems)
{
    /// <summary>Its lines.</summary>
    public SourceLines Lines { get; } = new(File.Text);

    /// <summary>True when it cannot be compiled.</summary>
    public bool HasErrors => Has(ProblemSeverity.Error);

    /// <summary>Reads and parses a file.</summary>
    /// <param name="name">A path.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <exception cref="RefusalException">It cannot be read as text.</exception>
    public static CheckedDocument Read(string name, string folder) => Of(DocumentFile.Read(name, folder));

    /// <summary>Parses a file that was read.</summary>
    /// <param name="file">The file.</param>
    public static CheckedDocument Of(DocumentFile file)
    {
        var parsed = AuthMdParser.Parse(file.Text);
        return new CheckedDocument(file, parsed.Document, parsed.Problems);
    }

    /// <summary>Whether anything is as bad as this.</summary>
    /// <param name="severity">How bad.</param>
    public bool Has(ProblemSeverity severity) => Problems.Any(problem => problem.Severity == severity);
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd;

/// <summary>What came out of an auth.md.</summary>
/// <param name="Document">The facts that could be read, also when there are errors.</param>
/// <param name="Problems">What is wrong, in the order of the text.</param>
public sealed record AuthMdParseResult(AuthDocument Document, ImmutableArray<AuthMdProblem> Problems);

/// <summary>Reads the auth.md language.</summary>
public static class AuthMdParser
{
    /// <summary>Parses an auth.md. Never throws on any text.</summary>
    /// <param name="text">The whole file.</param>
    /// <returns>The document and its problems.</returns>
    public static AuthMdParseResult Parse(string text) => new DocumentReader(text ?? throw new ArgumentNullException(nameof(text))).Read();
}

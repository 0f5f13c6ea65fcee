namespace AgentAuth.AuthMd.Corpus;

/// <summary>A line of expectations.tsv.</summary>
/// <param name="File">The number that the file's name begins with.</param>
/// <param name="Scopes">Null when the file lists none.</param>
/// <param name="Methods">In alphabetical order; null when the file names none.</param>
/// <param name="Endpoints">Register, claim, revoke; null where the file says nothing.</param>
/// <param name="Note">Why something is not read, or was doubtful.</param>
internal sealed record Expectation(string File, string? Scopes, string? Methods, string?[] Endpoints, string Note)
{
    public static IReadOnlyList<Expectation> All { get; } =
    [
        .. System.IO.File.ReadLines(Path.Combine(Repository.Root, "tests", "AuthMd", "Corpus", "expectations.tsv")).Where(line => !line.StartsWith('#')).Select(Read),
    ];

    private static Expectation Read(string line)
    {
        var cells = line.Split('\t').Select(cell => cell == "-" ? null : cell).ToArray();
        return new Expectation(cells[0]!, cells[1], cells[2], cells[3..6], cells[6]!);
    }
}

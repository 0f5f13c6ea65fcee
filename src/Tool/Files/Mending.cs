using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Files;

/// <summary>
/// Applies the fixes of errors and warnings that can give nobody access: scripts and commit hooks do this unseen. What a guess would grant, and what
/// is only information, is the author's choice.
/// </summary>
internal static class Mending
{
    // A fix can bring another problem to light, such as a word that is now known and stands in the wrong place.
    private const int MostRounds = 10;

    /// <summary>Mends a text until nothing certain is left.</summary>
    /// <param name="text">The document.</param>
    /// <returns>The text, and what was done, in order.</returns>
    public static (string Text, IReadOnlyList<string> Done) Apply(string text)
    {
        var done = new List<string>();
        for (var round = 0; round < MostRounds; round++)
        {
            var lines = new SourceLines(text);
            var fixes = AuthMdParser.Parse(text).Problems
                .Where(problem => problem.Severity != ProblemSeverity.Info)
                .Select(problem => problem.Fix)
                .OfType<AuthMdFix>()
                .Where(fix => fix.GivesNothing)
                .OrderBy(fix => fix.Span.Start)
                .ToList();
            if (fixes.Count == 0)
            {
                break;
            }

            // From the end, so that places before stay where they are; two fixes of one place wait for each other.
            var before = text.Length;
            var firstOfRound = done.Count;
            foreach (var fix in Enumerable.Reverse(fixes))
            {
                if (fix.Span.End <= before)
                {
                    done.Insert(firstOfRound, $"line {lines.PositionOf(fix.Span.Start).Line}: {fix.Title}");
                    text = text[..fix.Span.Start] + fix.Text + text[fix.Span.End..];
                    before = fix.Span.Start;
                }
            }
        }

        return (text, done);
    }
}

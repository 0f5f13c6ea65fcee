using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentAuth.Mutation;

/// <summary>The lines of src/Runtime that differ from an earlier commit, as git says.</summary>
internal static partial class ChangedLines
{
    /// <summary>Files by their names below src/Runtime, with the numbers of their lines.</summary>
    /// <param name="root">The folder of the repository.</param>
    /// <param name="commit">The earlier commit.</param>
    public static HashSet<(string File, int Line)> Since(string root, string commit)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            ArgumentList = { "diff", "--unified=0", "--no-color", "--no-ext-diff", "--find-renames", "--dst-prefix=b/", commit, "--", "src/Runtime" },
        };
        using var git = Process.Start(start)!;
        var lines = new HashSet<(string, int)>();
        var file = "";
        while (git.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("+++ ", StringComparison.Ordinal))
            {
                // A file that is gone is /dev/null.
                file = line.Split("/src/Runtime/", 2)[^1];
            }
            else if (Hunk().Match(line) is { Success: true } hunk)
            {
                var first = int.Parse(hunk.Groups["first"].Value, CultureInfo.InvariantCulture);
                var count = hunk.Groups["count"].Success ? int.Parse(hunk.Groups["count"].Value, CultureInfo.InvariantCulture) : 1;
                lines.UnionWith(Enumerable.Range(first, count).Select(number => (file, number)));
            }
        }

        git.WaitForExit();
        return git.ExitCode == 0 ? lines : throw new InvalidOperationException($"git did not say what changed since {commit}.");
    }

    [GeneratedRegex(@"^@@ -\S+ \+(?<first>\d+)(,(?<count>\d+))? @@")]
    private static partial Regex Hunk();
}

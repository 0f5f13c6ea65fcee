namespace AgentAuth.AuthMd.Corpus;

/// <summary>Real auth.md files, where the working copy has them beside it.</summary>
internal static class CorpusFiles
{
    public static IReadOnlyList<string> In(string folder)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var corpus = Path.Combine(directory.FullName, "shared", "corpus", folder);
            if (Directory.Exists(corpus))
            {
                return Directory.GetFiles(corpus, "*.md");
            }
        }

        return [];
    }
}

namespace AgentAuth.AuthMd;

public sealed class CorpusTests
{
    [Theory]
    [InlineData("protocol")]
    [InlineData("unrelated")]
    public void Every_span_lies_in_the_file(string folder)
    {
        foreach (var file in FilesOf(folder))
        {
            var text = File.ReadAllText(file);
            Spans.AssertInside(text, AuthMdParser.Parse(text), Path.GetFileName(file));
        }
    }

    [Fact]
    public void Files_about_something_else_are_not_read_as_agent_registration()
    {
        foreach (var file in FilesOf("unrelated"))
        {
            var document = AuthMdParser.Parse(File.ReadAllText(file)).Document;
            Assert.False(document.Scopes.Length > 0 && document.Methods.Length > 0, Path.GetFileName(file));
        }
    }

    private static IReadOnlyList<string> FilesOf(string folder)
    {
        var files = Corpus.Files(folder);
        if (files.Count == 0)
        {
            Assert.Skip("The corpus is not beside this working copy.");
        }

        return files;
    }
}

using System.Text.RegularExpressions;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>What the README shows is what is built, published and run.</summary>
public sealed class ReadmeTests
{
    [Theory]
    [InlineData("markdown", "auth.md")]
    [InlineData("csharp", "Program.cs")]
    public void The_minimal_sample_is_the_program_of_the_README(string language, string file)
    {
        var readme = Read("README.md");
        var shown = Regex.Match(readme, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

        Assert.Equal(shown, Read($"samples/Minimal/{file}"));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");
}

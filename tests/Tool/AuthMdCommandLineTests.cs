namespace AgentAuth.Tool;

public sealed class AuthMdCommandLineTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    [Fact]
    public void Without_a_command_it_says_what_there_is()
    {
        var run = _folder.Run();

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("Usage:\n  dotnet authmd [command] [options]\n", run.Error, StringComparison.Ordinal);
        Assert.All(["check", "explain", "publish", "init"], command => Assert.Contains($"\n  {command} <", run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_that_was_asked_for_is_output()
    {
        var run = _folder.Run("check", "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("dotnet authmd check [<file>] [options]", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_command_is_refused_with_the_one_that_was_meant() => Assert.Equal(
        new ToolRun(2, "", "Unrecognized command or argument 'chekc'.\nDid you mean \"check\"?\n\"dotnet authmd --help\" shows what can be said.\n"),
        _folder.Run("chekc"));

    [Fact]
    public void A_misspelt_option_is_not_taken_for_a_file() => Assert.Equal(
        new ToolRun(2, "", "\"--strcit\" is not an option of this command. A file of that name is \"./--strcit\".\nDid you mean \"--strict\"?\n\"dotnet authmd check --help\" shows what can be said.\n"),
        _folder.Run("check", "--strcit"));

    [Fact]
    public void An_unknown_format_is_refused()
    {
        var run = _folder.Run("check", "--format", "xml");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("'sarif'", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

using System.Text;

namespace AgentAuth.Tool.Commands;

public sealed class CheckCommandTests : IDisposable
{
    // A byte order mark, all three ends of a line, a tab, full-width letters and an emoji of five code points.
    private const string Broken =
        "\uFEFF# Things auth.md\r\n\r\n- **Resource:** http://api.things.example\r\n\r\n## Scopes\r- `things read` — Read things.\n-\t`チケット 読む` 票\r\n"
        + "\n| Scope | Description | Granted |\n| --- | --- | --- |\n| `b` | | pre-claim |\n| `a` | 票👩‍👩‍👧 | pre-calim |\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_key`\n";

    // One warning, for its first heading, and one info, for its last.
    private const string Doubtful =
        "# Things\n\n- **Resource:** https://api.things.example\n\n## Scopes\n- `things.read` (pre-claim) — Read things.\n- `things.write` — Write things.\n\n## Methods\n\n### anonymous\n- **Credentials:** `api_key`\n"
        + "\n## Trusted providrs\n";

    private readonly ToolFolder _folder = new();

    [Fact]
    public void A_sound_document_has_no_problems()
    {
        _folder.Write("auth.md", ToolFolder.Sound);

        Assert.Equal(new ToolRun(0, "auth.md: no problems. 2 scopes, 1 method.\n", ""), _folder.Run("check"));
    }

    [Fact]
    public void Problems_are_shown_where_they_stand()
    {
        _folder.Write("docs/broken.md", Broken);

        var run = _folder.Run("check", "docs/broken.md");

        Assert.Equal(
            """
            docs/broken.md(3,17): error AUTHMD1003: Resource "http://api.things.example" is not https; http is accepted for localhost, 127.0.0.1 and [::1] only. Expected a URL such as https://api.example.com.
              3 | - **Resource:** http://api.things.example
                |                 ^^^^^^^^^^^^^^^^^^^^^^^^^

            docs/broken.md(6,4): error AUTHMD1007: "things read" is not a scope: a scope is one word of visible ASCII characters without " and \ (RFC 6749 §3.3), such as tickets.read.
              6 | - `things read` — Read things.
                |    ^^^^^^^^^^^

            docs/broken.md(7,4): error AUTHMD1007: "チケット 読む" is not a scope: a scope is one word of visible ASCII characters without " and \ (RFC 6749 §3.3), such as tickets.read.
              7 | -   `チケット 読む` 票
                |      ^^^^^^^^^^^^^

            docs/broken.md(12,21): error AUTHMD0003: Granted is "pre-calim"; expected "pre-claim" or "post-claim". Did you mean "pre-claim"?
             12 | | `a` | 票👩‍👩‍👧 | pre-calim |
                |                ^^^^^^^^^

            4 errors in docs/broken.md

            """.ReplaceLineEndings("\n"),
            run.Out);
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    [Finding("G5", "`dotnet authmd check --fix` on an auth.md with a misspelt method and credential", "it mends what lets nobody in, as a heading or a lifetime that is too long; the rest is reported, with what was probably meant")]
    public void G5_What_lets_nobody_in_is_mended_and_the_rest_reported()
    {
        const string Text = "\uFEFF# Things\r\n\r\n- **Resource:** https://api.things.example`\r\n\r\n## Scopes\r\n- `things.read` (pre-claim)\r\n- `things.write`\r\n\r\n## Methods\r\n\r\n### anonymus\r\n- **Credentials:** `api_kye`\r\n\r\n## Lifetimes\r\n\r\n- **One-time code:** 1 hour\r\n";
        _folder.Write("auth.md", Text);

        var run = _folder.Run("check", "--fix");

        Assert.Equal(
            Text.Replace("# Things\r", "# Things auth.md\r", StringComparison.Ordinal).Replace("1 hour", "10 minutes", StringComparison.Ordinal),
            _folder.Read("auth.md"));
        Assert.Equal(
            ["auth.md: line 1: Add \"auth.md\" to the heading", "auth.md: line 16: Change to \"10 minutes\""],
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("auth.md(11,5): error AUTHMD1004: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("Did you mean \"anonymous\"?", run.Out, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public void A_sound_file_is_not_written()
    {
        _folder.Write("auth.md", ToolFolder.Sound);
        var path = Path.Combine(_folder.Path, "auth.md");
        File.SetAttributes(path, FileAttributes.ReadOnly);

        Assert.Equal(new ToolRun(0, "auth.md: no problems. 2 scopes, 1 method.\n", ""), _folder.Run("check", "--fix"));
        File.SetAttributes(path, FileAttributes.Normal);
    }

    [Fact]
    public void Every_severity_is_counted_and_the_worst_comes_first()
    {
        _folder.Write("auth.md", Doubtful + "\n## Lifetimes\n- **Access token:** soon\n- **Claim link:** later\n");

        var run = _folder.Run("check");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("auth.md(1,3): warning AUTHMD1001: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("auth.md(14,4): info AUTHMD1020: ", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n\n2 errors, 1 warning, 1 info in auth.md\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Doubtful, false, 0)]
    [InlineData(Doubtful, true, 1)]
    [InlineData(ToolFolder.Sound, true, 0)]
    [InlineData(ToolFolder.Sound + "\n## Trusted providrs\n", true, 0)]
    public void Warnings_count_only_when_asked_to_and_infos_never(string text, bool isStrict, int exitCode)
    {
        _folder.Write("auth.md", text);

        Assert.Equal(exitCode, _folder.Run(isStrict ? ["check", "--strict"] : ["check"]).ExitCode);
    }

    [Fact]
    public void A_terminal_gets_colours_and_a_file_never()
    {
        _folder.Write("auth.md", Broken);

        Assert.Contains("auth.md(3,17): \e[1;31merror AUTHMD1003\e[0m: Resource", _folder.RunInColor("check").Out, StringComparison.Ordinal);
        _folder.RunInColor("check", "--output", "report.txt");
        Assert.DoesNotContain('\e', _folder.Read("report.txt"));
    }

    [Fact]
    public void A_report_in_a_file_leaves_the_count_on_the_screen()
    {
        _folder.Write("auth.md", Broken);

        var run = _folder.Run("check", "--format", "sarif", "-o", "report.sarif");

        Assert.Equal(new ToolRun(1, "4 errors in auth.md\n", ""), run);
        Assert.Equal(_folder.Run("check", "--format", "sarif").Out, _folder.Read("report.sarif"));
    }

    [Theory]
    [InlineData("auth.md", "\"auth.md\" is the document itself. Name another file for the output.\n")]
    [InlineData("./auth.md", "\"./auth.md\" is the document itself. Name another file for the output.\n")]
    [InlineData(".", "\".\" is a folder. Name a file in it.\n")]
    public void A_report_does_not_overwrite_what_it_must_not(string output, string refusal)
    {
        _folder.Write("auth.md", ToolFolder.Sound);

        Assert.Equal(new ToolRun(2, "", refusal), _folder.Run("check", "--output", output));
        Assert.Equal(ToolFolder.Sound, _folder.Read("auth.md"));
    }

    [Fact]
    public void A_report_into_a_missing_folder_is_refused()
    {
        _folder.Write("auth.md", ToolFolder.Sound);

        var run = _folder.Run("check", "--output", "missing/report.txt");

        Assert.Equal(
            new ToolRun(2, "", $"\"missing/report.txt\" cannot be written: there is no folder {Path.Combine(_folder.Path, "missing")}. Make it first.\n"),
            run);
    }

    [Fact]
    public void A_missing_file_is_refused() => Assert.Equal(
        new ToolRun(2, "", $"There is no file \"auth.md\" in {_folder.Path}. Name the file, or write a new one with \"dotnet authmd init\".\n"),
        _folder.Run("check"));

    [Fact]
    public void A_folder_is_refused()
    {
        _folder.Write("docs/auth.md", ToolFolder.Sound);

        Assert.Equal(new ToolRun(2, "", $"\"docs\" is a folder. Name the file in it, such as \"{Path.Combine("docs", "auth.md")}\".\n"), _folder.Run("check", "docs"));
    }

    [Fact]
    public void A_file_in_another_encoding_is_refused_with_the_line()
    {
        _folder.WriteBytes("auth.md", Encoding.Latin1.GetBytes("# Things auth.md\r\n\r\nCafé\r\n"));

        Assert.Equal(
            new ToolRun(2, "", "\"auth.md\" is not UTF-8: line 3 has the byte 0xE9, which is not part of a character. Save the file as UTF-8.\n"),
            _folder.Run("check"));
    }

    [Fact]
    public void A_file_in_utf_16_is_refused()
    {
        _folder.WriteBytes("auth.md", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(ToolFolder.Sound)]);

        Assert.Equal(new ToolRun(2, "", "\"auth.md\" is UTF-16. Save it as UTF-8.\n"), _folder.Run("check"));
    }

    [Fact]
    public void An_empty_file_is_a_document_with_errors()
    {
        _folder.Write("auth.md", "");

        var run = _folder.Run("check");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("auth.md(1,1): error AUTHMD1002: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("\n 1 |\n   | ^\n", run.Out, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

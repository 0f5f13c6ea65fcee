using AgentAuth.AuthMd;

namespace AgentAuth.Tool.Commands;

public sealed class InitCommandTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    [Fact]
    public void The_new_document_passes_the_check()
    {
        var run = _folder.Run("init", "--name", "TicketDesk", "--resource", "https://api.ticketdesk.example/v1");

        Assert.Equal(
            new ToolRun(0, "Wrote auth.md for TicketDesk at https://api.ticketdesk.example/v1. Make address, scopes and methods yours, then run \"dotnet authmd check\".\n", ""),
            run);
        Assert.Equal(new ToolRun(0, "auth.md: no problems. 2 scopes, 2 methods.\n", ""), _folder.Run("check", "--strict"));
        Assert.StartsWith("# TicketDesk auth.md\n\nWhat agents may do here, and how they sign up.\n\n- **Resource:** https://api.ticketdesk.example/v1\n", _folder.Read("auth.md"), StringComparison.Ordinal);
        Assert.Equal(0, _folder.Run("publish").ExitCode);
    }

    [Theory]
    [InlineData("TicketDesk", "https://api.ticketdesk.example")]
    [InlineData("Ticket Desk 2!", "https://api.ticket-desk-2.example")]
    [InlineData("A*B_C*d", "https://api.a-b-c-d.example")]
    [InlineData("[x](y) <b> `c` &amp; \\", "https://api.x-y-b-c-amp.example")]
    [InlineData("C#", "https://api.c.example")]
    [InlineData("#", "https://api.service.example")]
    [InlineData("チケット", "https://api.service.example")]
    public void Any_name_is_written_so_that_it_is_read_again(string name, string resource)
    {
        Assert.Equal("", _folder.Run("init", "--name", name).Error);

        var document = AuthMdParser.Parse(_folder.Read("auth.md")).Document;
        Assert.Equal((name, resource), (document.Name?.Value, document.Resource?.Value));
        Assert.Equal(0, _folder.Run("check", "--strict").ExitCode);
    }

    [Fact]
    public void A_name_that_is_too_long_for_a_host_still_has_an_address()
    {
        Assert.Equal("", _folder.Run("init", "--name", new string('a', 62) + " b").Error);

        Assert.Contains($"- **Resource:** https://api.{new string('a', 62)}.example\n", _folder.Read("auth.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_it_is_the_folders()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "Desk"));

        Assert.StartsWith("Wrote Desk/auth.md for Desk at https://api.desk.example.", _folder.Run("init", "Desk/auth.md").Out, StringComparison.Ordinal);
        Assert.StartsWith("# Desk auth.md\n", _folder.Read("Desk/auth.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_whose_name_is_no_name_does_not_stop_it()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "two  spaces"));

        _folder.Run("init", "two  spaces/auth.md", "--resource", "https://api.desk.example");

        Assert.StartsWith("# My service auth.md\n", _folder.Read("two  spaces/auth.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_file_is_left_as_it_is()
    {
        _folder.Write("auth.md", "mine");

        Assert.Equal(
            new ToolRun(2, "", "\"auth.md\" exists already and is left as it is. Name another file, or remove this one first.\n"),
            _folder.Run("init"));
        Assert.Equal("mine", _folder.Read("auth.md"));
    }

    [Theory]
    [InlineData("", "--name \"\" cannot be used. The first heading would be read as \"\". Give a plainer name, such as TicketDesk.\n")]
    [InlineData("a  b", "--name \"a  b\" cannot be used. The first heading would be read as \"a b\". Give a plainer name, such as TicketDesk.\n")]
    [InlineData("a\nb", "--name \"a\nb\" cannot be used. The first heading would be read as \"a\". Give a plainer name, such as TicketDesk.\n")]
    public void A_name_that_no_heading_could_say_is_refused(string name, string refusal)
    {
        Assert.Equal(new ToolRun(2, "", refusal), _folder.Run("init", "--name", name));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_resource_that_is_no_url_is_refused()
    {
        var run = _folder.Run("init", "--resource", "desk");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--resource cannot be used. Resource \"desk\" is not an absolute https URL; ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}

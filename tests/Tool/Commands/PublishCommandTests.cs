namespace AgentAuth.Tool.Commands;

public sealed class PublishCommandTests : IDisposable
{
    private const string Text =
        "# Things auth.md\r\n\r\n- **Resource:** https://api.things.example/v1\r\n\r\n## Scopes\r\n- `things.read` (pre-claim) — Read things.\r\n- `things.write` — Write things.\r\n\r\n"
        + "## Methods\r\n\r\n### anonymous\r\n- **Credentials:** `api_key`\r\n\r\n## Limits\r\n<!-- auth.md:private -->\r\n- **anonymous:** 5 per hour per address\r\n\r\n"
        + "## Endpoints\r\n- **Register:** `POST /agents`\r\n";

    private readonly ToolFolder _folder = new();

    [Fact]
    public void The_document_is_published_without_its_private_parts_and_with_whole_endpoints()
    {
        _folder.Write("auth.md", "\uFEFF" + Text);

        var run = _folder.Run("publish");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("# Things auth.md\r\n\r\n- **Resource:** https://api.things.example/v1\r\n\r\n## Scopes\r\n", run.Out, StringComparison.Ordinal);
        // The resource's origin is the issuer when none is declared.
        Assert.Contains("## Endpoints\r\n- **Register:** `POST https://api.things.example/agents`\r\n\r\n## Discover\r\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("5 per hour", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_authorization_server_is_the_issuer()
    {
        _folder.Write("auth.md", Text.Replace("\r\n\r\n## Scopes", "\r\n- **Authorization server:** https://auth.things.example/\r\n\r\n## Scopes", StringComparison.Ordinal));

        var run = _folder.Run("publish");

        Assert.Contains("- **Authorization server:** https://auth.things.example/\r\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("`POST https://auth.things.example/agents`\r\n\r\n## Discover\r\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployment_has_its_own_names()
    {
        _folder.Write("auth.md", Text);

        var run = _folder.Run("publish", "auth.md", "--issuer", "http://localhost:5001/", "--resource", "https://staging.things.example/v1?a");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("- **Resource:** https://staging.things.example/v1?a\r\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("`POST http://localhost:5001/agents`\r\n\r\n## Discover\r\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("api.things.example", run.Out, StringComparison.Ordinal);
        Assert.Contains("resource_metadata=\"https://staging.things.example/.well-known/oauth-protected-resource/v1?a\"\r\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("GET http://localhost:5001/.well-known/oauth-authorization-server HTTP/1.1\r\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("POST http://localhost:5001/agents HTTP/1.1\r\n", run.Out, StringComparison.Ordinal);
    }

    // The running service derives the issuer at build time, from what is declared.
    [Fact]
    public void Another_resource_does_not_move_the_issuer()
    {
        _folder.Write("auth.md", Text);

        Assert.Contains("`POST https://api.things.example/agents`\r\n\r\n## Discover\r\n", _folder.Run("publish", "--resource", "https://staging.things.example").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_with_errors_is_not_published()
    {
        _folder.Write("auth.md", Text.Replace("# Things auth.md", "# Things", StringComparison.Ordinal).Replace("https://api", "http://api", StringComparison.Ordinal));

        var run = _folder.Run("publish", "--output", "public.md");

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("auth.md(3,17): error AUTHMD1003: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n1 error in auth.md: nothing is published.\n", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "public.md")));
    }

    [Fact]
    public void A_file_holds_what_would_be_printed()
    {
        _folder.Write("auth.md", Text);
        _folder.Write("public.md", new string('x', 10_000));

        Assert.Equal(new ToolRun(0, "", ""), _folder.Run("publish", "-o", "public.md"));
        Assert.Equal(_folder.Run("publish").Out, _folder.Read("public.md"));
    }

    [Fact]
    public void The_document_is_never_overwritten_by_its_published_form()
    {
        _folder.Write("auth.md", Text);

        Assert.Equal(2, _folder.Run("publish", "--output", "auth.md").ExitCode);
        Assert.Equal(Text, _folder.Read("auth.md"));
    }

    [Theory]
    [InlineData("--issuer", "http://things.example", "--issuer cannot be used. Authorization server \"http://things.example\" is not https; ")]
    [InlineData("--issuer", "things.example", "--issuer cannot be used. Authorization server \"things.example\" is not an absolute https URL; ")]
    [InlineData("--issuer", "https://things.example?a", "--issuer \"https://things.example?a\" has a query, which an issuer must not have (RFC 8414 §2). ")]
    [InlineData("--resource", "https://things.example#a", "--resource cannot be used. Resource \"https://things.example#a\" has a fragment; ")]
    [InlineData("--resource", "", "--resource cannot be used. ")]
    [InlineData("--resource", "https://a.example\n- **Contact:** a@a.example", "--resource cannot be used. ")]
    public void A_url_that_no_document_could_name_is_refused(string option, string url, string refusal)
    {
        _folder.Write("auth.md", Text);

        var run = _folder.Run("publish", option, url);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith(refusal, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

using Microsoft.AspNetCore.Http;

namespace AgentAuth.Testing;

public class ClaimantBrowserTests
{
    private const string TwoForms = """
        <!doctype html><html><head><title>Confirm 999999</title></head><body>
        <p>Registered at 12:00</p>
        <form method="post" action="/agent/auth/claim/attempt/challenge">
          <input type="hidden" name="claim_attempt_token" value="cvt_a&amp;b">
          <button type="submit">Show the code</button>
        </form>
        <form method="post" action="/agent/auth/claim/attempt/decline">
          <input name="claim_attempt_token" type="hidden" value="cvt_a&amp;b" />
          <button>This wasn't me</button>
        </form></body></html>
        """;

    private const string OneForm = """
        <form method="post" action="/agent/auth/claim/attempt/challenge">
          <input type="hidden" name="claim_attempt_token" value="cvt_a&amp;b">
          <button name="answer" value="show">Show</button>
          <input type="submit" name="answer" value="decline" formaction="/agent/auth/claim/attempt/decline">
        </form>
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TwoForms, "claim_attempt_token=cvt_a%26b")]
    [InlineData(OneForm, "claim_attempt_token=cvt_a%26b&answer=show")]
    public async Task Showing_the_code_posts_the_form_and_reads_the_code(string page, string expected)
    {
        var (posted, path, origin) = ("", "", "");
        await using var app = await TestApp.StartAsync(async context =>
        {
            if (context.Request.Method == "GET")
            {
                await context.Response.WriteAsync(page);
                return;
            }

            (path, origin) = (context.Request.Path.Value!, context.Request.Headers.Origin.ToString());
            posted = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            await context.Response.WriteAsync("<html><head><title>111111</title></head><p>Your code: <strong>042&nbsp;137</strong></p>");
        });
        using var http = new HttpClient();

        var code = await new ClaimantBrowser(http).ShowCodeAsync(app.Url("/agent/auth/claim/view?token=cvt_a"), Cancellation);

        Assert.Equal("042137", code);
        Assert.Equal("/agent/auth/claim/attempt/challenge", path);
        Assert.Equal(app.Origin, origin);
        Assert.Equal(expected, posted);
    }

    [Theory]
    [InlineData(TwoForms)]
    [InlineData(OneForm)]
    public async Task Declining_posts_the_other_button(string page)
    {
        var path = "";
        await using var app = await TestApp.StartAsync(context =>
        {
            path = context.Request.Method == "POST" ? context.Request.Path.Value! : path;
            return context.Response.WriteAsync(context.Request.Method == "GET" ? page : "<p>Nothing was <b>approved</b>.</p>");
        });
        using var http = new HttpClient();

        Assert.Equal("Nothing was approved.", await new ClaimantBrowser(http).DeclineAsync(app.Url("/view"), Cancellation));
        Assert.Equal("/agent/auth/claim/attempt/decline", path);
    }

    [Fact]
    public async Task Opening_presses_nothing()
    {
        var posts = 0;
        await using var app = await TestApp.StartAsync(context =>
        {
            posts += context.Request.Method == "POST" ? 1 : 0;
            return context.Response.WriteAsync(TwoForms);
        });
        using var http = new HttpClient();

        Assert.Contains("Show the code", await new ClaimantBrowser(http).OpenAsync(app.Url("/view"), Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, posts);
    }

    [Theory]
    [InlineData(200, "<p>This link was replaced.</p>", "no such button: This link was replaced.")]
    [InlineData(410, "<p>Too late.</p>", "answered 410: Too late.")]
    public async Task Page_without_the_button_is_quoted(int status, string page, string expected)
    {
        await using var app = await TestApp.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(page);
        });
        using var http = new HttpClient();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => new ClaimantBrowser(http).ShowCodeAsync(app.Url("/view"), Cancellation));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }
}

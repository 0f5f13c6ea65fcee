namespace AgentAuth.AuthMd;

public sealed class ScopeVerbsTests
{
    [Theory]
    [InlineData("tickets.raed", "tickets.read")]
    [InlineData("tickets.wirte", "tickets.write")]
    [InlineData("tickets.wrte", "tickets.write")]
    [InlineData("ticket.read", "tickets.read")]
    [InlineData("tickets-read", "tickets.read")]
    [InlineData("ticketsread", "tickets.read")]
    [InlineData("tickets.view", "tickets.read")]
    [InlineData("tickets.edit", "tickets.write")]
    [InlineData("customers.raed", "customers.read")]
    public void A_slip_or_another_word_for_the_same_is_answered(string written, string meant) =>
        Assert.Equal(meant, ScopeVerbs.Nearest(written, ["tickets.read", "tickets.write", "customers.read"]));

    [Theory]
    [InlineData("tickets.write", "tickets.read")]
    [InlineData("tickets.read", "tickets.write")]
    [InlineData("tickets.wrte", "tickets.read")]
    [InlineData("tickets.raed", "tickets.write")]
    [InlineData("tickets.read", "tickets.read_all")]
    [InlineData("tickets.readall", "tickets.read")]
    [InlineData("tickets.create", "tickets.delete")]
    [InlineData("tickets.write", "tickets.admin")]
    [InlineData("tickets.write", "tickets.triage")]
    [InlineData("tickets.read", "tickets.readwrite")]
    [InlineData("orders.read", "users.read")]
    [InlineData("read", "write")]
    [InlineData("TicketsWrite", "TicketsRead")]
    [InlineData("TicketsRead", "TicketsReadAll")]
    public void What_allows_something_else_is_never_offered(string written, string declared) => Assert.Null(ScopeVerbs.Nearest(written, [declared]));

    [Theory]
    [InlineData("tickets.read", true)]
    [InlineData("list:tickets", true)]
    [InlineData("tickets.write", false)]
    [InlineData("tickets.read_write", false)]
    [InlineData("tickets", false)]
    public void Reading_is_told_by_the_words(string scope, bool isReading) => Assert.Equal(isReading, ScopeVerbs.IsReading(scope));

    [Theory]
    [Finding("D7", "an example of auth.md asks for `tickets.write`, which is not declared, and `tickets.read` is", "the reading scope is neither proposed nor written by `dotnet authmd check --fix`")]
    [InlineData("tickets.write", null)]
    [InlineData("tickets.raed", "tickets.read")]
    public void D7_An_example_is_not_answered_with_a_scope_that_allows_something_else(string written, string? meant)
    {
        var text = $"# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n- `tickets.read`\n\n## Use\n\n```json\n{{ \"scope\": \"{written}\" }}\n```\n";

        var problem = AuthMdParser.Parse(text).Problems.Single(problem => problem.Id == AuthMdRules.UndeclaredScopeInDocument);

        Assert.Equal(meant, problem.Fix?.Text);
    }
}

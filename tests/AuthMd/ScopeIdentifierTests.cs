namespace AgentAuth.AuthMd;

public sealed class ScopeIdentifierTests
{
    [Theory]
    [InlineData("tickets.read", "TicketsRead")]
    [InlineData("https://x.example/scope:read", "HttpsXExampleScopeRead")]
    [InlineData("2fa.reset", "_2faReset")]
    [InlineData("class", "Class")]
    [InlineData("_", "_")]
    [InlineData("!#$", "_")]
    [InlineData("readALL", "ReadALL")]
    public void A_scope_becomes_a_csharp_identifier(string scope, string identifier) => Assert.Equal(identifier, ScopeIdentifier.Of(scope));

    [Fact]
    public void Clashes_are_numbered_in_the_order_of_the_document() =>
        Assert.Equal(["AB", "AB_2", "AB_3", "All_2", "PreClaim_2"], ScopeIdentifier.All(["a.b", "a-b", "a:b", "all", "pre.claim"]));
}

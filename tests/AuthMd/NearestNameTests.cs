namespace AgentAuth.AuthMd;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("anonymus", "anonymous")]
    [InlineData("ANONYMOUS", "anonymous")]
    [InlineData("anonymuos", "anonymous")]
    [InlineData("verified_mail", "verified_email")]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("something else entirely", null)]
    public void The_nearest_candidate_is_found_when_it_is_near(string name, string? nearest) =>
        Assert.Equal(nearest, NearestName.Find(name, ["anonymous", "verified_email"]));

    [Fact]
    public void A_very_long_name_is_near_nothing() => Assert.Null(NearestName.Find(new string('a', 1_000_000), [new string('a', 999_999)]));
}

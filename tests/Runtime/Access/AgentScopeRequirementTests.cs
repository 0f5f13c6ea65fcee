namespace AgentAuth.Access;

public sealed class AgentScopeRequirementTests
{
    /// <summary>ASP.NET Core writes it to the log where it is not met.</summary>
    [Theory]
    [InlineData(false, "agent scope tickets.read tickets.write")]
    [InlineData(true, "agent scope tickets.read tickets.write, or a signed-in user")]
    public void What_is_asked_reads_as_a_sentence(bool allowsUsers, string expected) =>
        Assert.Equal(expected, new AgentScopeRequirement(["tickets.read", "tickets.write"], allowsUsers).ToString());
}

namespace AgentAuth.AuthMd.Sections;

public sealed class MatchingReaderTests
{
    [Fact]
    public void What_stands_behind_a_dash_explains()
    {
        var steps = TicketDesk.Read(TicketDesk.With("## User matching\n1. **Prior delegation** (iss, sub)\n2. Verified email — its owner confirms first\n3. Reject: nobody else gets in\n")).AccountMatching;

        Assert.Equal([MatchingStep.PriorDelegation, MatchingStep.VerifiedEmail, MatchingStep.Reject], steps.Select(step => step.Value));
    }

    [Theory]
    [InlineData("1. Prior delegaton\n2. Reject\n", "Prior delegaton", "Did you mean \"Prior delegation\"?")]
    [InlineData("1. Ask the cat\n", "Ask the cat", "is not a step of account matching")]
    [InlineData("1. Reject\n2. Verified email\n", "Verified email", "comes after the final one")]
    [InlineData("1. Verified email\n2. Verified email\n3. Reject\n", "Verified email", "given twice")]
    [InlineData("1. Verified email\n", "Verified email", "when nothing matches")]
    public void Steps_that_are_unknown_or_out_of_place_are_problems(string steps, string underlined, string message) =>
        Assert.Contains(message, TicketDesk.OnlyProblem(TicketDesk.With("## Account matching\n" + steps), AuthMdRules.AccountMatching, underlined).Message, StringComparison.Ordinal);
}

namespace AgentAuth.AuthMd.Sections;

public sealed class LifetimesReaderTests
{
    [Theory]
    [InlineData("## Expiry\n- **API keys:** never\n")]
    [InlineData("## Credential lifetime\n\n| Credential | Lifetime |\n|---|---|\n| API key | `never` |\n")]
    public void Never_is_infinite(string section) =>
        Assert.Equal(Timeout.InfiniteTimeSpan, TicketDesk.Read(TicketDesk.With(section)).Lifetimes.ApiKey!.Value);

    [Theory]
    [InlineData("One-time code", "11 minutes", "at most 10 minutes")]
    [InlineData("One-time code", "never", "it must expire")]
    [InlineData("Access token", "never", "it must expire")]
    [InlineData("Access token", "a while", "expected a duration such as")]
    [InlineData("Claim link", "0 minutes", "expected a duration such as")]
    public void A_bad_duration_is_a_problem_and_declares_nothing(string label, string duration, string message)
    {
        var text = TicketDesk.With($"## Lifetimes\n- **{label}:** {duration}\n");

        Assert.Contains(message, TicketDesk.OnlyProblem(text, AuthMdRules.UnusableLifetime, duration).Message, StringComparison.Ordinal);
        Assert.Equal(new LifetimeDeclarations(), AuthMdParser.Parse(text).Document.Lifetimes);
    }

    [Fact]
    public void A_misspelt_label_is_a_problem() =>
        TicketDesk.OnlyProblem(TicketDesk.With("## Lifetimes\n- **Acess token:** 5 minutes\n- **Session:** 1 day\n"), AuthMdRules.UnusableFact, "Acess token");
}

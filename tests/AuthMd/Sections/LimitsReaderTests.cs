namespace AgentAuth.AuthMd.Sections;

public sealed class LimitsReaderTests
{
    [Fact]
    public void One_rate_is_enough()
    {
        var limits = TicketDesk.Read(TicketDesk.With("## Rate limits\n- **`claim`**: 3/hour/address\n- `complete`: 30 per 10 minutes per IP\n- **anonymous:** 9 per day in total\n")).Limits;

        Assert.Equal(
            [("claim", new Rate(3, TimeSpan.FromHours(1)), null), ("complete", new Rate(30, TimeSpan.FromMinutes(10)), null), ("anonymous", null, (Rate?)new Rate(9, TimeSpan.FromDays(1)))],
            limits.Select(limit => (limit.Operation.Value, limit.PerAddress, limit.Total)));
    }

    [Fact]
    public void Claim_mails_and_registrations_by_email_have_limits_of_their_own_per_address_and_in_all()
    {
        var limits = TicketDesk.Read(TicketDesk.With("## Limits\n- **claim:** 3 per hour per address, 500 per hour\n- **verified_email:** 9 per hour per address, 200 per day\n")).Limits;

        Assert.Equal(
            [("claim", new Rate(3, TimeSpan.FromHours(1)), new Rate(500, TimeSpan.FromHours(1))), ("verified_email", new Rate(9, TimeSpan.FromHours(1)), (Rate?)new Rate(200, TimeSpan.FromDays(1)))],
            limits.Select(limit => (limit.Operation.Value, limit.PerAddress!.Value, limit.Total)));
    }

    [Theory]
    [InlineData("anonymous", "plenty", "plenty", "5 per hour per address, 100 per hour")]
    [InlineData("anonymous", "5 per hour, 6 per hour", "5 per hour, 6 per hour", "at most two rates")]
    [InlineData("complete", "5 per hour", "5 per hour", "per address only")]
    [InlineData("anonymos", "5 per hour", "anonymos", "Did you mean \"anonymous\"?")]
    public void A_bad_limit_is_a_problem(string label, string value, string underlined, string message) =>
        Assert.Contains(message, TicketDesk.OnlyProblem(TicketDesk.With($"## Limits\n- **{label}:** {value}\n"), AuthMdRules.UnusableLimit, underlined).Message, StringComparison.Ordinal);

    [Fact]
    public void A_limit_that_is_given_twice_is_a_problem() =>
        TicketDesk.OnlyProblem(TicketDesk.With("## Limits\n- **claim:** 5 per hour per address\n- **Claim:** 6 per hour per address\n"), AuthMdRules.UnusableFact, "Claim");
}

namespace AgentAuth.AuthMd;

public sealed class RatesTests
{
    [Theory]
    [InlineData("5 per hour per address, 100 per hour", 5, 100)]
    [InlineData("100 per hour; 5 per hour per IP address", 5, 100)]
    [InlineData("5/hour/address", 5, null)]
    [InlineData("5 per 60 minutes per address", 5, null)]
    [InlineData("100 per hour in all", null, 100)]
    public void Rates_are_read(string text, int? perAddress, int? total)
    {
        Assert.True(Rates.TryRead(text, out var address, out var all));
        Assert.Equal((perAddress, total), (address?.Permits, all?.Permits));
        Assert.All(new[] { address, all }.OfType<Rate>(), rate => Assert.Equal(TimeSpan.FromHours(1), rate.Window));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("0 per hour")]
    [InlineData("-5 per hour")]
    [InlineData("five per hour")]
    [InlineData("5 per moon")]
    [InlineData("5 per never")]
    [InlineData("5 per hour per user")]
    [InlineData("5 per hour per address per day")]
    [InlineData("5 per hour, ")]
    [InlineData("5 per hour per address, 6 per hour per address")]
    [InlineData("99999999999 per hour")]
    public void Everything_else_is_not_a_rate(string text) => Assert.False(Rates.TryRead(text, out _, out _));
}

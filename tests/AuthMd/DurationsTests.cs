namespace AgentAuth.AuthMd;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("10 minutes", 600)]
    [InlineData("1 hour", 3600)]
    [InlineData("24 Hours", 86400)]
    [InlineData("30 days", 2592000)]
    [InlineData("2 weeks", 1209600)]
    [InlineData("90s", 90)]
    [InlineData("15 min", 900)]
    [InlineData("PT1H", 3600)]
    [InlineData("pt1h30m", 5400)]
    [InlineData("P1DT12H", 129600)]
    [InlineData("P2W", 1209600)]
    [InlineData("PT90S", 90)]
    public void Durations_are_read(string text, int seconds)
    {
        Assert.True(Durations.TryRead(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hour")]
    [InlineData("0 hours")]
    [InlineData("PT0S")]
    [InlineData("-1 hour")]
    [InlineData("1.5 hours")]
    [InlineData("1 hour or so")]
    [InlineData("99999999999999999999 days")]
    [InlineData("2000000000 weeks")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1H")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("PT1")]
    [InlineData("PT1M1H")]
    [InlineData("P1DT")]
    [InlineData("PT1H1H")]
    [InlineData("P1T1H")]
    public void Everything_else_is_not_a_duration(string text) => Assert.False(Durations.TryRead(text, out _));

    [Fact]
    public void Never_is_infinite()
    {
        Assert.True(Durations.TryRead(" Never ", out var duration));
        Assert.Equal(Timeout.InfiniteTimeSpan, duration);
    }
}

namespace AgentAuth.Audit;

/// <summary>What may be kept and shown, and what could pass for something else.</summary>
public sealed class PlainTextTests
{
    [Theory]
    [InlineData("olga", true)]
    [InlineData("J\u00f6rg \u4e2d\u6587 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \ud83d\ude00", true)]
    [InlineData("1234567890123456789", true)]
    [InlineData("12345678901234567890", true)]
    [InlineData("123456789012345678901", false)]
    [InlineData("", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u0000", false)]
    [InlineData("a\u0085b", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\u2029b", false)]
    [InlineData("a\u061cb", false)]
    [InlineData("a\u200eb", false)]
    [InlineData("a\u200fb", false)]
    [InlineData("a\u202ab", false)]
    [InlineData("a\u202eb", false)]
    [InlineData("a\u2066b", false)]
    [InlineData("a\u2069b", false)]
    [InlineData("a\u200db", true)]
    [InlineData("a\u202fb", true)]
    [InlineData("a\u2065b", true)]
    [InlineData("a\u206ab", true)]
    public void Plain_text_is_one_line_in_one_direction(string text, bool isPlain) => Assert.Equal(isPlain, PlainText.Is(text, 20));

    [Fact]
    public void Half_of_a_surrogate_pair_is_not_plain()
    {
        Assert.False(PlainText.Is("a\ud83d", 20));
        Assert.False(PlainText.Is("\ud83da", 20));
        Assert.False(PlainText.Is("\ude00", 20));
        Assert.False(PlainText.Is("\ude00\ud83d", 20));
        Assert.True(PlainText.Is("\ud83d\ude00\ud83d\ude00", 20));
    }
}

namespace AgentAuth.Text;

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

    [Theory]
    [InlineData("olga", "olga")]
    [InlineData("ol\nga\u2028 \u202eadmin", "olga admin")]
    [InlineData("\ud842\udfb7\u7530", "\ud842\udfb7\u7530")]
    [InlineData("12345678901234567890x", "12345678901234567890")]
    [InlineData("1234567890123456789\ud83d\ude00", "1234567890123456789")]
    [InlineData("123456789012345678\ud83d\ude00", "123456789012345678\ud83d\ude00")]
    [InlineData("\u0000", "")]
    public void What_is_cleaned_keeps_its_plain_characters_and_no_half_of_one(string text, string cleaned) => Assert.Equal(cleaned, PlainText.Cleaned(text, 20));

    [Fact]
    public void What_is_cleaned_is_plain_whatever_it_was() => Assert.True(PlainText.Is(PlainText.Cleaned("a\ud83d\u200fb\ude00", 20), 20));

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

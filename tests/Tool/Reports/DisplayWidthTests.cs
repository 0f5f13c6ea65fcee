namespace AgentAuth.Tool.Reports;

public sealed class DisplayWidthTests
{
    [Theory]
    [InlineData("a", 1)]
    [InlineData("é", 1)]
    [InlineData("e\u0301", 1)]
    [InlineData("\u0301", 0)]
    [InlineData("票", 2)]
    [InlineData("ｱ", 1)]
    [InlineData("Ａ", 2)]
    [InlineData("ア", 2)]
    [InlineData("한", 2)]
    [InlineData("\u1112\u1161\u11AB", 2)]
    [InlineData("𠀋", 2)]
    [InlineData("🎉", 2)]
    [InlineData("❤", 1)]
    [InlineData("❤\uFE0F", 2)]
    [InlineData("⌚\uFE0E", 1)]
    [InlineData("👍🏽", 2)]
    [InlineData("👩‍👩‍👧", 2)]
    [InlineData("🇩🇪", 2)]
    [InlineData("1\uFE0F\u20E3", 2)]
    [InlineData("—", 1)]
    [InlineData("\uFFFD", 1)]
    public void A_character_takes_the_columns_that_terminals_give_it(string element, int width) => Assert.Equal(width, DisplayWidth.Of(element));
}

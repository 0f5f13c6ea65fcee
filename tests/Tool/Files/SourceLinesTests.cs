namespace AgentAuth.Tool.Files;

public sealed class SourceLinesTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(2, 2, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(4, 2, 3)]
    [InlineData(5, 3, 1)]
    [InlineData(6, 4, 1)]
    [InlineData(7, 4, 2)]
    [InlineData(99, 4, 2)]
    public void Positions_count_from_one_and_every_end_of_a_line_ends_one(int offset, int line, int column) =>
        Assert.Equal(new TextPosition(line, column), new SourceLines("a\nb\r\n\rc").PositionOf(offset));

    [Theory]
    [InlineData(1, "a")]
    [InlineData(2, "b")]
    [InlineData(3, "")]
    [InlineData(4, "c")]
    public void A_line_has_no_end(int line, string text) => Assert.Equal(text, new SourceLines("a\nb\r\n\rc").TextOf(line).ToString());

    [Fact]
    public void A_text_that_ends_with_a_line_has_an_empty_one_behind_it()
    {
        var lines = new SourceLines("a\n");

        Assert.Equal(new TextPosition(2, 1), lines.PositionOf(2));
        Assert.Equal("", lines.TextOf(2).ToString());
    }
}

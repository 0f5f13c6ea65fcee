namespace AgentAuth.Tool.Reports;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain — 票 👩‍👩‍👧 e\u0301", "plain — 票 👩‍👩‍👧 e\u0301")]
    [InlineData("\e[2J", "\uFFFD[2J")]
    [InlineData("a\u0085b\u2028c\0", "a b c\uFFFD")]
    [InlineData("a\r\nb\rc\td", "a b c d")]
    [InlineData("\u202Eevil\u2066", "\uFFFDevil\uFFFD")]
    [InlineData("a\u200Bb\uFEFFc", "a\uFFFDb\uFFFDc")]
    public void A_line_shows_what_cannot_be_seen(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    // Not a case above: an attribute cannot hold it.
    [Fact]
    public void Half_a_surrogate_pair_is_shown() => Assert.Equal("\uFFFDa", Printable.Line("\uD800a"));

    [Fact]
    public void Lines_stay_lines() => Assert.Equal("a\nb \uFFFD", Printable.Lines("a\r\nb\t\e"));
}

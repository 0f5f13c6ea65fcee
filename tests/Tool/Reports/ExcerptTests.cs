namespace AgentAuth.Tool.Reports;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("abcdef", 2, 4, "abcdef", 2, 2)]
    [InlineData("\tab\tc", 1, 3, "    ab  c", 4, 2)]
    [InlineData("\tab\tc", 0, 1, "    ab  c", 0, 4)]
    [InlineData("a\tb", 2, 3, "a   b", 4, 1)]
    [InlineData("票\t票b", 2, 3, "票  票b", 4, 2)]
    [InlineData("👩‍👩‍👧b", 8, 9, "👩‍👩‍👧b", 2, 1)]
    [InlineData("a\u200Bb", 1, 2, "a\uFFFDb", 1, 1)]
    [InlineData("ab", 2, 2, "ab", 2, 1)]
    [InlineData("ab", 1, 1, "ab", 1, 1)]
    [InlineData("ab  ", 3, 3, "ab", 3, 1)]
    [InlineData("", 0, 0, "", 0, 1)]
    public void Carets_stand_under_what_is_marked(string line, int start, int end, string source, int indent, int carets) =>
        Assert.Equal(new Excerpt(source, indent, carets), Excerpt.Of(line, start, end));

    [Fact]
    public void A_line_that_fits_is_not_cut()
    {
        var line = new string('x', 100);

        Assert.Equal(new Excerpt(line, 0, 100), Excerpt.Of(line, 0, 100));
    }

    [Fact]
    public void A_long_line_is_cut_behind_a_mark_at_its_start() =>
        Assert.Equal(new Excerpt("ab" + new string('x', 97) + "…", 0, 2), Excerpt.Of("ab" + new string('x', 200), 0, 2));

    [Fact]
    public void A_long_line_is_cut_around_a_mark_in_its_middle() =>
        Assert.Equal(
            new Excerpt("…" + new string('x', 19) + "ab" + new string('y', 77) + "…", 20, 2),
            Excerpt.Of(new string('x', 200) + "ab" + new string('y', 200), 200, 202));

    [Fact]
    public void A_long_line_is_cut_before_a_mark_at_its_end() =>
        Assert.Equal(new Excerpt("…" + new string('x', 97) + "ab", 98, 2), Excerpt.Of(new string('x', 200) + "ab", 200, 202));

    [Fact]
    public void Of_a_long_mark_the_start_is_shown() =>
        Assert.Equal(new Excerpt("…" + new string('x', 19) + new string('a', 79) + "…", 20, 79), Excerpt.Of(new string('x', 200) + new string('a', 300), 200, 500));

    [Fact]
    public void A_full_width_letter_is_not_cut_in_half() =>
        Assert.Equal(new Excerpt("a" + new string('票', 49) + "…", 0, 1), Excerpt.Of("a" + new string('票', 100), 0, 1));

    [Fact]
    public void Carets_stand_under_the_mark_wherever_in_a_line_it_is()
    {
        foreach (var filler in new[] { "x", "票", "\t", "e\u0301", "👩‍👩‍👧" })
        {
            for (var before = 0; before < 120; before++)
            {
                for (var after = 0; after < 120; after += 7)
                {
                    var line = string.Concat(Enumerable.Repeat(filler, before)) + "MARK" + string.Concat(Enumerable.Repeat(filler, after));
                    var excerpt = Excerpt.Of(line, filler.Length * before, (filler.Length * before) + 4);

                    var shown = excerpt.Source[..excerpt.Source.IndexOf("MARK", StringComparison.Ordinal)];
                    Assert.Equal((Columns(shown), 4), (excerpt.Indent, excerpt.Carets));
                    Assert.True(Columns(excerpt.Source) <= 100, excerpt.Source);
                }
            }
        }
    }

    // The window on a line is small, whatever the line.
    [Fact(Timeout = 10_000)]
    public async Task A_line_of_a_megabyte_is_no_work() => await Task.Run(
        () =>
        {
            var line = new string('x', 1_000_000);
            for (var start = 0; start < line.Length; start += 1000)
            {
                Assert.Equal(3, Excerpt.Of(line, start, start + 3).Carets);
            }
        },
        TestContext.Current.CancellationToken);

    private static int Columns(string text)
    {
        var elements = System.Globalization.StringInfo.GetTextElementEnumerator(text);
        var columns = 0;
        while (elements.MoveNext())
        {
            columns += DisplayWidth.Of(elements.GetTextElement());
        }

        return columns;
    }
}

using System.Text.Json;

namespace AgentAuth.Assertions;

public class TokenClaimsTests
{
    [Theory]
    [InlineData("\"\"", false)]
    [InlineData("\"a\"", true)]
    [InlineData("\"a\\tb\"", false)]
    [InlineData("\"a\\u0085b\"", false)]
    [InlineData("\"a\\u2028b\"", false)]
    [InlineData("\"a\\u202eb\"", false)]
    [InlineData("\"a\\u200db\"", true)]
    [InlineData("null", false)]
    [InlineData("1", false)]
    [InlineData("[\"a\"]", false)]
    public void Text_is_a_string_of_plain_text(string value, bool isText) =>
        Assert.Equal(isText, Claims(value).TryGetText("c", out _));

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Text_has_255_characters_at_the_most(int length, bool isText)
    {
        var text = new string('x', length);

        Assert.Equal(isText, Claims($"\"{text}\"").TryGetText("c", out var read));
        Assert.Equal(isText, Claims($"\"{text}\"").TryGetOptionalText("c", out var optional));
        Assert.Equal((text, text), (read, optional));
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("253370764799", true)]
    [InlineData("253370764800", false)]
    [InlineData("1.0", false)]
    [InlineData("1e1", false)]
    [InlineData("\"1\"", false)]
    [InlineData("null", false)]
    [InlineData("true", false)]
    public void Instant_is_a_whole_number_of_seconds_to_the_end_of_9998(string value, bool isInstant)
    {
        Assert.Equal(isInstant, Claims(value).TryGetInstant("c", out var instant));
        Assert.Equal(isInstant, Claims(value).TryGetOptionalInstant("c", out var optional));
        Assert.Equal(isInstant ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(value, null)) : default, instant);
        Assert.Equal(instant, optional);
    }

    [Fact]
    public void What_is_not_there_is_neither_text_nor_instant_and_may_be_optional()
    {
        var claims = JsonElement.Parse("{}");

        Assert.False(claims.TryGetText("c", out _));
        Assert.False(claims.TryGetInstant("c", out _));
        Assert.True(claims.TryGetOptionalText("c", out var text));
        Assert.True(claims.TryGetOptionalInstant("c", out var instant));
        Assert.Equal((null, null), (text, instant));
    }

    private static JsonElement Claims(string value) => JsonElement.Parse($$"""{"c":{{value}}}""");
}

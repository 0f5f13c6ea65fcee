using System.Globalization;
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
    [InlineData("0", "1970-01-01T00:00:00.000")]
    [InlineData("-0.0", "1970-01-01T00:00:00.000")]
    [InlineData("-1.5", "1969-12-31T23:59:58.500")]
    [InlineData("1", "1970-01-01T00:00:01.000")]
    [InlineData("1.0", "1970-01-01T00:00:01.000")]
    [InlineData("1e1", "1970-01-01T00:00:10.000")]
    [InlineData("1.7793648005E+9", "2026-05-21T12:00:00.500")]
    [InlineData("1779364800.001", "2026-05-21T12:00:00.001")]
    [InlineData("1779364800.9996", "2026-05-21T12:00:01.000")]
    [InlineData("177936480000000000000e-11", "2026-05-21T12:00:00.000")]
    [InlineData("1e-400", "1970-01-01T00:00:00.000")]
    [InlineData("253370764799", "9998-12-31T23:59:59.000")]
    [InlineData("253370764799.5", null)]
    [InlineData("253370764800", null)]
    [InlineData("-62104060800", "0002-01-01T00:00:00.000")]
    [InlineData("-62104060801", null)]
    [InlineData("1e300", null)]
    [InlineData("-1e300", null)]
    [InlineData("1e400", null)]
    [InlineData("\"1\"", null)]
    [InlineData("null", null)]
    [InlineData("true", null)]
    public void Instant_is_a_number_of_seconds_from_year_2_to_the_end_of_9998(string value, string? expected)
    {
        Assert.Equal(expected is not null, Claims(value).TryGetInstant("c", out var instant));
        Assert.Equal(expected is not null, Claims(value).TryGetOptionalInstant("c", out var optional));
        Assert.Equal(expected is null ? default : DateTimeOffset.Parse(expected + "Z", CultureInfo.InvariantCulture), instant);
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

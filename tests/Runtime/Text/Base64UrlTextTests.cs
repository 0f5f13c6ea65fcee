using System.Buffers.Text;

namespace AgentAuth.Text;

public class Base64UrlTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("AQ", "01")]
    [InlineData("AQI", "0102")]
    [InlineData("AQID", "010203")]
    [InlineData("-_-_", "FBFFBF")]
    public void Canonical_text_is_decoded(string text, string hex)
    {
        Assert.True(Base64UrlText.TryDecode(text, out var bytes));
        Assert.Equal(hex, Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AQ==")]
    [InlineData("AQ%%")]
    [InlineData("AR")]
    [InlineData("AQJ")]
    [InlineData("AQ ")]
    [InlineData(" AQ")]
    [InlineData("A\nQ")]
    [InlineData("A+==")]
    [InlineData("+/+/")]
    [InlineData("AQ\0")]
    [InlineData("ÄQ")]
    public void Any_other_spelling_is_refused(string text)
    {
        Assert.False(Base64UrlText.TryDecode(text, out var bytes));
        Assert.Empty(bytes);
    }

    [Fact]
    public void What_is_encoded_is_decoded()
    {
        var random = new Random(1);
        for (var length = 0; length < 300; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);

            Assert.True(Base64UrlText.TryDecode(Base64Url.EncodeToString(bytes), out var decoded));
            Assert.Equal(bytes, decoded);
        }
    }
}

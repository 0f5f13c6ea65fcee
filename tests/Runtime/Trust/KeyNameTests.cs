namespace AgentAuth.Trust;

public class KeyNameTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Name_has_1_to_256_characters(int length, bool isUsable) => Assert.Equal(isUsable, KeyName.IsUsable(new string('k', length)));

    [Theory]
    [InlineData("a.b", true)]
    [InlineData("a..b", true)]
    [InlineData("a/.../b", true)]
    [InlineData("a/../b", false)]
    [InlineData("../a", false)]
    [InlineData("a/..", false)]
    [InlineData("..", false)]
    [InlineData("a b", true)]
    [InlineData("{5f2a}", true)]
    [InlineData("a%b,(c)!$&*|?[d]^e", true)]
    [InlineData("a\\b", false)]
    [InlineData("a'b", false)]
    [InlineData("a\"b", false)]
    [InlineData("a`b", false)]
    [InlineData("a;b", false)]
    [InlineData("<a", false)]
    [InlineData("a>", false)]
    [InlineData("a\u007f", false)]
    [InlineData("a\t", false)]
    [InlineData("ключ", false)]
    [InlineData(null, false)]
    public void Name_is_no_path_and_no_program(string? name, bool isUsable) => Assert.Equal(isUsable, KeyName.IsUsable(name));
}

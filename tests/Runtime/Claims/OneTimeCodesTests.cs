using AgentAuth.Credentials;

namespace AgentAuth.Claims;

public sealed class OneTimeCodesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-key-").FullName;

    [Fact]
    public void A_code_on_the_page_is_six_digits_and_one_in_a_mail_is_eight()
    {
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Matches("^[0-9]{6}$", OneTimeCodes.CreateShown()));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Matches("^[0-9]{8}$", OneTimeCodes.CreateMailed()));
    }

    [Theory]
    [InlineData("123456")]
    [InlineData(" 123 456 ")]
    [InlineData("123-456")]
    [InlineData("1\t2\r\n3\v4\f5\u00856")]
    [InlineData("1\u00a02\u202f3\u30004\u16805\u205f6")]
    [InlineData("\u20001\u20012\u20023\u20034\u20045\u20056\u2006\u2007\u2008\u2009\u200a")]
    [InlineData("123\u2028456\u2029")]
    [InlineData("1\u20102\u20113\u20124\u20135\u20146\u2015")]
    [InlineData("1\u22122\ufe633\uff0d4\u058a5\u30fc6\uff70")]
    [InlineData("1\ufe582\u2e3a3\u20434\u02d75\u301c6\u30a0")]
    [InlineData("\ufeff1\u200b2\u200c3\u200d4\u20605\u00ad6\u200e\u202c")]
    public void W10_what_is_between_the_digits_does_not_count(string typed)
    {
        Assert.True(OneTimeCodes.TryRead(typed, out var code));
        Assert.Equal("123456", code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("l23456")]
    [InlineData("12345.6")]
    [InlineData("12345\u0000")]
    [InlineData("\uff11\uff12\uff13\uff14\uff15\uff16")]
    [InlineData("\u0661\u0662\u0663\u0664\u0665\u0666")]
    [InlineData("12345\u00b2")]
    [InlineData("12345\ud835\udfcf")]
    [InlineData("12345\ud800")]
    public void W10_what_is_not_six_digits_is_no_code(string typed)
    {
        Assert.False(OneTimeCodes.TryRead(typed, out var code));
        Assert.Empty(code);
    }

    [Fact]
    public async Task The_hash_is_bound_to_attempt_registration_code_and_key()
    {
        var codes = new OneTimeCodes(await LoadAsync("one.key"));
        var hash = codes.Hash("cla_1", "reg_1", "123456");

        Assert.Equal(hash, codes.Hash("cla_1", "reg_1", "123456"));
        Assert.NotEqual(hash, codes.Hash("cla_2", "reg_1", "123456"));
        Assert.NotEqual(hash, codes.Hash("cla_1", "reg_2", "123456"));
        Assert.NotEqual(hash, codes.Hash("cla_1", "reg_1", "123457"));
        Assert.NotEqual(hash, new OneTimeCodes(await LoadAsync("two.key")).Hash("cla_1", "reg_1", "123456"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ServerSecret> LoadAsync(string name)
    {
        var secret = new ServerSecret(Path.Combine(_folder, name));
        await secret.LoadAsync(_ => ValueTask.FromResult(false), TestContext.Current.CancellationToken);
        return secret;
    }
}

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

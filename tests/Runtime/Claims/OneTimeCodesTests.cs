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
    public void The_hash_is_bound_to_attempt_registration_code_and_key()
    {
        var codes = new OneTimeCodes(ServerSecret.Load(Path.Combine(_folder, "one.key")));
        var hash = codes.Hash("cla_1", "reg_1", "123456");

        Assert.Equal(hash, codes.Hash("cla_1", "reg_1", "123456"));
        Assert.NotEqual(hash, codes.Hash("cla_2", "reg_1", "123456"));
        Assert.NotEqual(hash, codes.Hash("cla_1", "reg_2", "123456"));
        Assert.NotEqual(hash, codes.Hash("cla_1", "reg_1", "123457"));
        Assert.NotEqual(hash, new OneTimeCodes(ServerSecret.Load(Path.Combine(_folder, "two.key"))).Hash("cla_1", "reg_1", "123456"));
    }

    [Fact]
    public void The_key_is_made_once_and_readable_by_its_owner_only()
    {
        var path = Path.Combine(_folder, "server.key");

        Assert.Equal(ServerSecret.Load(path).Key, ServerSecret.Load(path).Key);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void A_file_that_is_no_key_is_refused_with_a_sentence()
    {
        var path = Path.Combine(_folder, "server.key");
        File.WriteAllText(path, "not a key");

        var refusal = Assert.Throws<InvalidOperationException>(() => ServerSecret.Load(path));

        Assert.Contains("Restore it, or delete it", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

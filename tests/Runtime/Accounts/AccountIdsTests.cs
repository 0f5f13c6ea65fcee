using System.Security.Cryptography;
using AgentAuth.Credentials;

namespace AgentAuth.Accounts;

public sealed class AccountIdsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-ids-").FullName;

    [Fact]
    public async Task An_identity_and_a_registration_have_one_id_each_under_a_key()
    {
        var ids = await LoadAsync("one.key");
        var other = await LoadAsync("two.key");
        string[] all =
        [
            ids.Of(new AgentDelegationKey("https://p.example", "alice")),
            ids.Of(new AgentDelegationKey("https://p.example", "bob")),
            ids.Of(new AgentDelegationKey("https://q.example", "alice")),
            ids.Of("reg_1"),
            ids.Of("reg_2"),
            other.Of(new AgentDelegationKey("https://p.example", "alice")),
            other.Of("reg_1"),
        ];

        Assert.All(all, id => Assert.Matches("^acc_[0-9A-Za-z]{22}$", id));
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], ids.Of(new AgentDelegationKey("https://p.example", "alice")));
        Assert.Equal(all[3], ids.Of("reg_1"));
    }

    /// <summary>Whoever chooses its own subject must not get the id of another issuer's user by moving a letter across.</summary>
    [Fact]
    public async Task Two_identities_that_read_the_same_in_one_piece_have_two_ids()
    {
        var ids = await LoadAsync("one.key");

        Assert.NotEqual(ids.Of(new AgentDelegationKey("https://p.example/a", "lice")), ids.Of(new AgentDelegationKey("https://p.example/", "alice")));
    }

    /// <summary>The key makes one-time codes as well. Nothing that is hashed for those is hashed for an id, and an id is the same in every version.</summary>
    [Fact]
    public async Task An_id_is_a_keyed_hash_of_lengths_and_parts_behind_a_word_of_its_own()
    {
        var secret = await SecretAsync("one.key");
        byte[] text =
        [
            .. "account\0"u8,
            .. BitConverter.GetBytes(8), .. "identity"u8,
            .. BitConverter.GetBytes(17), .. "https://p.example"u8,
            .. BitConverter.GetBytes(5), .. "alice"u8,
        ];

        Assert.Equal(
            "acc_" + Base62.Of(HMACSHA256.HashData(secret.Key, text).AsSpan(0, 22)),
            new AccountIds(secret).Of(new AgentDelegationKey("https://p.example", "alice")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<AccountIds> LoadAsync(string file) => new(await SecretAsync(file));

    private async Task<ServerSecret> SecretAsync(string file)
    {
        var secret = new ServerSecret(Path.Combine(_folder, file));
        await secret.LoadAsync(_ => ValueTask.FromResult(false), TestContext.Current.CancellationToken);
        return secret;
    }
}

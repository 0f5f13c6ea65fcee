using System.Net;
using AgentAuth.Storage;

namespace AgentAuth.Credentials;

public sealed class ServerSecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-key-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path_ => Path.Combine(_folder, "agentauth.db.key");

    [Fact]
    public async Task The_key_is_made_once_and_readable_by_its_owner_only()
    {
        Assert.Equal((await LoadAsync()).Key, (await LoadAsync(isInUse: true)).Key);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path_));
        }
    }

    [Fact]
    public void There_is_no_key_before_the_start() => Assert.Throws<InvalidOperationException>(() => new ServerSecret(Path_).Key);

    [Finding("G18", "the power fails right after the first start", "the key is on the disk, whole, by its name: it was flushed, and its folder too, before anything was served")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G18_a_key_that_was_made_survives_the_loss_of_power(bool keepsNames)
    {
        var disk = new PowerLoss(_folder);
        var secret = await LoadAsync(disk);

        disk.Strike(keepsNames);

        Assert.Equal(secret.Key, (await LoadAsync(isInUse: true)).Key);
    }

    [Finding("G18", "the power fails at any step of making the key", "nothing was registered with it; the next start makes another")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G18_a_loss_of_power_at_any_step_leaves_a_service_that_starts(bool keepsNames)
    {
        for (var step = 0; ; step++)
        {
            File.Delete(Path_);
            var disk = new PowerLoss(_folder, failsAt: step);
            try
            {
                await LoadAsync(disk);
                Assert.Equal(step, disk.Steps);
                break;
            }
            catch (PowerFailedException)
            {
                disk.Strike(keepsNames);
            }

            var made = await LoadAsync();
            Assert.Equal(made.Key, (await LoadAsync(isInUse: true)).Key);
        }
    }

    [Finding("G18", "an empty key, as earlier software left it, beside a database without registrations", "a new key, and a line in the log")]
    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    public async Task G18_an_empty_key_is_made_anew_while_nothing_relies_on_it(string content)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "App_Data")).FullName;
        await using (await TestService.StartAsync(folder: _folder))
        {
        }

        var key = Path.Combine(folder, "agentauth.db.key");
        await File.WriteAllTextAsync(key, content, Token);
        await using var service = await TestService.StartAsync(folder: _folder);

        Assert.Contains("Nothing is registered yet, so a new key was made", service.Log.Text, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(await File.ReadAllTextAsync(key, Token)).Length);
    }

    [Finding("G18", "a key that is empty, missing or something else, beside a database with registrations", "no start, and a sentence: what it is, what it costs, and that the word `new` in the file makes another")]
    [Theory]
    [InlineData("", "is empty: most likely the power failed")]
    [InlineData(null, "is missing")]
    [InlineData("not a key", "should hold the key of one-time codes (32 bytes in Base64) and does not")]
    public async Task G18_a_lost_key_that_may_have_been_used_is_for_the_operator_to_give_up(string? content, string said)
    {
        Answer registered;
        await using (var service = await TestService.StartAsync(folder: _folder))
        {
            registered = await service.RegisterAnonymouslyAsync();
        }

        var key = Path.Combine(_folder, "App_Data", "agentauth.db.key");
        File.Delete(key);
        if (content is not null)
        {
            await File.WriteAllTextAsync(key, content, Token);
        }

        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(() => TestService.StartAsync(folder: _folder));
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("codes already mailed are void, and accounts that are yet to be made get other ids; nothing else", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(content is not null, File.Exists(key));

        await File.WriteAllTextAsync(key, "new\n", Token);
        await using var again = await TestService.StartAsync(folder: _folder);
        Assert.Contains("A new key was made", again.Log.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/api/tickets", registered.Text("credential"))).Status);
    }

    [Fact]
    public async Task A_file_that_is_no_key_is_not_replaced_unasked()
    {
        await File.WriteAllTextAsync(Path_, "something else", Token);

        await Assert.ThrowsAsync<AgentAuthStorageException>(() => LoadAsync());

        Assert.Equal("something else", await File.ReadAllTextAsync(Path_, Token));
    }

    [Fact]
    public async Task A_key_may_be_a_link_but_not_one_that_leads_nowhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        var mounted = Path.Combine(_folder, "mounted");
        File.CreateSymbolicLink(Path_, mounted);

        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(() => LoadAsync());
        Assert.Contains("no file is there", refusal.Message, StringComparison.Ordinal);

        var key = Convert.ToBase64String(new byte[32]);
        await File.WriteAllTextAsync(mounted, key, Token);
        Assert.Equal(new byte[32], (await LoadAsync(isInUse: true)).Key);
    }

    [Fact]
    public async Task A_key_that_cannot_be_written_is_a_storage_error()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "", Token);
        var secret = new ServerSecret(Path.Combine(_folder, "file", "agentauth.db.key"));

        var refusal = await Assert.ThrowsAsync<AgentAuthStorageException>(async () => await secret.LoadAsync(_ => ValueTask.FromResult(false), Token));

        Assert.Contains("cannot be read or made", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ServerSecret> LoadAsync(PrivateFiles? files = null, bool isInUse = false)
    {
        var secret = new ServerSecret(Path_, files);
        await secret.LoadAsync(_ => ValueTask.FromResult(isInUse), Token);
        return secret;
    }
}

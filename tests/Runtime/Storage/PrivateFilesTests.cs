using AgentAuth.Configuration;
using AgentAuth.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

#pragma warning disable CA1416 // There are no modes on Windows, and each test of them skips there.

namespace AgentAuth.Storage;

/// <summary>What other users of the machine can see of the service's files. Tests run with whatever umask they find, most often 022.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybodys = Owners | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-private-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Finding("G19", "the files of a service that was started with umask 022: database, log, shared memory, key, a mail and their folders", "0600, and 0700 for each folder that the service made")]
    [Fact]
    public async Task G19_files_and_folders_that_the_service_makes_are_for_its_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        var content = Directory.CreateDirectory(Path.Combine(_folder, "app"), Everybodys | UnixFileMode.UserExecute | UnixFileMode.OtherExecute).FullName;
        await using var service = await TestService.StartAsync(
            folder: content,
            configure: options =>
            {
                options.Storage.Path = "made/deep/agentauth.db";
                options.Mail.Folder = "made/too/mail";
            });
        await service.RegisterAnonymouslyAsync();
        var settings = service.Services.GetRequiredService<AgentAuthSettings>();
        await new FolderMail(settings.MailFolder, settings.MailFrom, service.Time).SendAsync(new AgentMailMessage("user@example.com", "Subject", "Text"), Token);

        var made = Path.Combine(content, "made");
        Assert.Equal(
            ["agentauth.db", "agentauth.db-shm", "agentauth.db-wal", "agentauth.db.key"],
            Directory.GetFiles(Path.Combine(made, "deep")).Select(Path.GetFileName).Where(name => !name!.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetFiles(Path.Combine(made, "too", "mail")));
        Assert.All(Directory.GetFiles(made, "*", SearchOption.AllDirectories), file => Assert.Equal(Owners, File.GetUnixFileMode(file)));
        Assert.All(
            Directory.GetDirectories(made, "*", SearchOption.AllDirectories).Append(made),
            folder => Assert.Equal(Owners | UnixFileMode.UserExecute, File.GetUnixFileMode(folder)));
        Assert.Equal(Everybodys | UnixFileMode.UserExecute | UnixFileMode.OtherExecute, File.GetUnixFileMode(content));
    }

    [Finding("G19", "files that earlier software left open to others: database, log, shared memory, key and mails", "closed at the next start; the folder and what else lies in it are left alone")]
    [Fact]
    public async Task G19_files_of_ours_that_are_open_to_others_are_closed_at_the_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        await using (await TestService.StartAsync(folder: _folder))
        {
        }

        var data = Path.Combine(_folder, "App_Data");
        var mail = Directory.CreateDirectory(Path.Combine(data, "mail")).FullName;
        string[] ours =
        [
            Path.Combine(data, "agentauth.db"),
            Path.Combine(data, "agentauth.db.key"),
            Path.Combine(mail, "20261124T120000.000-0123456789abcdef0123456789abcdef.eml"),
            Path.Combine(mail, "20261124T120000.000-0123456789abcdef0123456789abcdef.eml.tmp"),
        ];
        string[] others = [Path.Combine(data, "notes.txt"), Path.Combine(mail, "letter.eml")];
        foreach (var file in ours.Concat(others))
        {
            await File.AppendAllTextAsync(file, "", Token);
            File.SetUnixFileMode(file, Everybodys);
        }

        File.SetUnixFileMode(data, Everybodys | UnixFileMode.UserExecute);
        await using var service = await TestService.StartAsync(folder: _folder, services: services => services.AddSingleton<IAgentMail>(
            new FolderMail(mail, "no-reply@tickets.example", new FakeTimeProvider())));

        Assert.All(ours, file => Assert.Equal(Owners, File.GetUnixFileMode(file)));
        Assert.All(others, file => Assert.Equal(Everybodys, File.GetUnixFileMode(file)));
        Assert.Equal(Everybodys | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.DoesNotContain("Other users of this machine can read", service.Log.Text, StringComparison.Ordinal);
    }

    // SQLite keeps the mode of what a crash left; nobody opens it anew.
    [Fact]
    public async Task G19_the_files_beside_a_database_are_closed_with_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        var path = Path.Combine(_folder, "agentauth.db");
        await using (var store = SqliteStore.Of(path, TimeProvider.System))
        {
            await store.InitializeAsync(Token);
            File.Copy(path + "-wal", path + "-kept");
        }

        File.Move(path + "-kept", path + "-wal");
        File.SetUnixFileMode(path, Everybodys);
        File.SetUnixFileMode(path + "-wal", Everybodys);
        await using var again = SqliteStore.Of(path, TimeProvider.System);
        await again.InitializeAsync(Token);

        Assert.All([path, path + "-wal", path + "-shm"], file => Assert.Equal(Owners, File.GetUnixFileMode(file)));
    }

    [Finding("G18", "the power fails right after a mail was handed over to the folder", "the mail is there, whole")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G18_a_mail_that_was_handed_over_survives_the_loss_of_power(bool keepsNames)
    {
        var disk = new PowerLoss(_folder);
        await new FolderMail(_folder, "no-reply@tickets.example", new FakeTimeProvider(), disk).SendAsync(new AgentMailMessage("user@example.com", "Subject", "The end"), Token);

        disk.Strike(keepsNames);

        Assert.EndsWith("The end", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder, "*.eml")), Token), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_leaves_no_draft_behind()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "taken"));

        Assert.ThrowsAny<Exception>(() => PrivateFiles.OnDisk.Write(Path.Combine(_folder, "taken"), "secret"u8));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

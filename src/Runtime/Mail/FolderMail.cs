using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AgentAuth.Storage;

namespace AgentAuth.Mail;

/// <summary>
/// Writes each mail as an RFC 5322 file (.eml) into a folder, for development and for machines whose mail system picks files up. A mail holds a link
/// that is a secret: its file is for the service's own user.
/// </summary>
internal sealed partial class FolderMail(string folder, string from, TimeProvider time, PrivateFiles? files = null) : IAgentMail
{
    private readonly PrivateFiles _files = files ?? PrivateFiles.OnDisk;

    /// <summary>Closes the mails that earlier software left open to other users.</summary>
    public void CloseMailsToOthers()
    {
        if (Directory.Exists(folder))
        {
            foreach (var mail in Directory.EnumerateFiles(folder, "*.eml*", new EnumerationOptions()).Where(file => NameOfMail().IsMatch(Path.GetFileName(file))))
            {
                PrivateFiles.CloseToOthers(mail);
            }
        }
    }

    public Task SendAsync(AgentMailMessage message, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var text = new StringBuilder()
            .Append("From: ").Append(from).Append("\r\n")
            .Append("To: ").Append(message.To).Append("\r\n")
            .Append("Subject: ").Append(Encoded(message.Subject)).Append("\r\n")
            .Append("Date: ").Append(now.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)).Append("\r\n")
            .Append("Message-ID: <").Append(id).Append('@').Append(from.AsSpan(from.IndexOf('@', StringComparison.Ordinal) + 1)).Append(">\r\n")
            .Append("Auto-Submitted: auto-generated\r\n")
            .Append("MIME-Version: 1.0\r\n")
            .Append("Content-Type: text/plain; charset=utf-8\r\n")
            .Append("Content-Transfer-Encoding: 8bit\r\n")
            .Append("\r\n")
            .Append(message.Text.ReplaceLineEndings("\r\n"));

        // Whoever watches the folder sees whole mails only. A disk is waited for elsewhere: it may take its time.
        var path = Path.Combine(folder, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff}-{id:N}.eml");
        return Task.Run(
            () =>
            {
                _files.CreateFolder(folder);
                _files.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
            },
            cancellationToken);
    }

    [GeneratedRegex("^[0-9]{8}T[0-9]{6}[.][0-9]{3}-[0-9a-f]{32}[.]eml(?:[.].*)?$")]
    private static partial Regex NameOfMail();

    // RFC 2047, in encoded words of at most 75 characters that never cut a character in two. No line break gets into a header this way.
    private static string Encoded(string subject)
    {
        if (subject.All(c => c is >= ' ' and <= '~'))
        {
            return subject;
        }

        var words = new StringBuilder();
        var word = new List<byte>();
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in subject.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            if (word.Count + length > 42)
            {
                Flush();
            }

            word.AddRange(utf8[..length]);
        }

        Flush();
        return words.ToString();

        void Flush()
        {
            words.Append(words.Length == 0 ? "" : "\r\n ").Append("=?utf-8?B?").Append(Convert.ToBase64String([.. word])).Append("?=");
            word.Clear();
        }
    }
}

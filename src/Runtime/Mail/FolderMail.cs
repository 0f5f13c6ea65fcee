using System.Globalization;
using System.Text;

namespace AgentAuth.Mail;

/// <summary>Writes each mail as an RFC 5322 file (.eml) into a folder, for development and for machines whose mail system picks files up.</summary>
internal sealed class FolderMail(string folder, string from, TimeProvider time) : IAgentMail
{
    public async Task SendAsync(AgentMailMessage message, CancellationToken cancellationToken)
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

        // Written aside and moved: whoever watches the folder sees whole mails only.
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff}-{id:N}.eml");
        var draft = path + ".tmp";
        await File.WriteAllTextAsync(draft, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        File.Move(draft, path);
    }

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

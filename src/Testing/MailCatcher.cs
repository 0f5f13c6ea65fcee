using System.Text;
using System.Text.RegularExpressions;

namespace AgentAuth.Testing;

/// <summary>
/// Reads the mails that a service under test writes to a folder as .eml files (RFC 5322 with a <c>text/plain</c> body in UTF-8). The service
/// may run in another process.
/// </summary>
public sealed partial class MailCatcher
{
    /// <summary>How long <see cref="WaitForAsync"/> waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(50);

    private readonly string _folder;
    private readonly HashSet<string> _handedOut = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Watches a folder. It need not exist yet.</summary>
    /// <param name="folder">Where the service writes its mails: its <c>AgentAuth:Mail:Folder</c>.</param>
    public MailCatcher(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
    }

    /// <summary>All mails that are there, oldest first.</summary>
    public IReadOnlyList<CaughtMail> ReadAll() => [.. ReadFiles().Select(file => file.Mail)];

    /// <summary>Waits for a mail to an address. Each mail is handed out once, oldest first, so a second call waits for a second mail.</summary>
    /// <param name="to">The recipient's address; case does not matter.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="TimeoutException">None came within <see cref="Patience"/>.</exception>
    public async Task<CaughtMail> WaitForAsync(string to, CancellationToken cancellationToken = default)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += s_pollInterval)
        {
            if (Take(to) is { } mail)
            {
                return mail;
            }

            await Task.Delay(s_pollInterval, cancellationToken).ConfigureAwait(false);
        }

        var others = ReadAll().Select(mail => $"\"{mail.Subject}\" to {mail.To}");
        throw new TimeoutException($"No new mail to {to} came within {Patience.TotalSeconds:0} seconds. In {_folder} there are: {string.Join("; ", others)}.");
    }

    private CaughtMail? Take(string to)
    {
        lock (_gate)
        {
            foreach (var (path, mail) in ReadFiles())
            {
                if (IsAddressedTo(mail, to) && _handedOut.Add(path))
                {
                    return mail;
                }
            }

            return null;
        }
    }

    private static bool IsAddressedTo(CaughtMail mail, string to) =>
        mail.To.Equals(to, StringComparison.OrdinalIgnoreCase) || mail.To.EndsWith($"<{to}>", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<(string Path, CaughtMail Mail)> ReadFiles()
    {
        var folder = new DirectoryInfo(_folder);
        if (!folder.Exists)
        {
            yield break;
        }

        foreach (var file in folder.GetFiles("*.eml").OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal))
        {
            if (Read(file.FullName) is { } mail)
            {
                yield return (file.FullName, mail);
            }
        }
    }

    /// <summary>Null when the file is still being written: it is locked, gone, or not at the end of its headers.</summary>
    private static CaughtMail? Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path, Encoding.UTF8));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Takes a mail apart; null when its headers do not end.</summary>
    /// <param name="text">The mail as it is sent.</param>
    internal static CaughtMail? Parse(string text)
    {
        var lines = text.ReplaceLineEndings("\n");
        var end = lines.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in FoldPattern().Replace(lines[..end], " ").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[line[..colon]] = Decode(line[(colon + 1)..].Trim());
            }
        }

        return new CaughtMail(
            headers.GetValueOrDefault("To", ""), headers.GetValueOrDefault("From", ""), headers.GetValueOrDefault("Subject", ""), lines[(end + 2)..]);
    }

    /// <summary>Decodes encoded words (RFC 2047). White space between two of them is not part of the text.</summary>
    private static string Decode(string header) =>
        EncodedWordPattern().Replace(GapPattern().Replace(header, "?==?"), match => match.Groups["form"].Value is "B" or "b"
            ? Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups["text"].Value))
            : DecodeQ(match.Groups["text"].Value));

    private static string DecodeQ(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length)
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)(text[i] == '_' ? ' ' : text[i]));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"\n[ \t]+")]
    private static partial Regex FoldPattern();

    [GeneratedRegex(@"\?=\s+=\?")]
    private static partial Regex GapPattern();

    [GeneratedRegex(@"=\?utf-8\?(?<form>[BQ])\?(?<text>[^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWordPattern();
}

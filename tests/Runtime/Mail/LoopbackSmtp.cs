using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentAuth.Mail;

/// <summary>A mail server on loopback that takes one mail (RFC 5321) and keeps its bytes as they came.</summary>
internal sealed class LoopbackSmtp : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LoopbackSmtp()
    {
        _listener.Start();
        Received = ReceiveAsync(TestContext.Current.CancellationToken);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The mail between <c>DATA</c> and the lone dot, one character for each byte.</summary>
    public Task<string> Received { get; }

    public void Dispose() => _listener.Dispose();

    private async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var client = await _listener.AcceptTcpClientAsync(cancellationToken);
        await using var stream = client.GetStream();
        var came = new StringBuilder();
        await SayAsync("220 loopback");
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await SayAsync("354 go on");
                var mail = await UntilAsync("\r\n.\r\n");
                await SayAsync("250 taken");

                // A dot at the beginning of a line is doubled on the way (§4.5.2), and the last line ends before the lone one.
                return mail.Replace("\r\n..", "\r\n.", StringComparison.Ordinal);
            }

            await SayAsync("250 loopback");
        }

        throw new InvalidOperationException("No mail came.");

        async Task SayAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);

        async Task<string?> LineAsync() => await UntilAsync("\r\n") is { Length: > 0 } line ? line : null;

        async Task<string> UntilAsync(string end)
        {
            var buffer = new byte[4096];
            int at;
            while ((at = came.ToString().IndexOf(end, StringComparison.Ordinal)) < 0)
            {
                var read = await stream.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    return "";
                }

                came.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            var text = came.ToString(0, at);
            came.Remove(0, at + end.Length);
            return text;
        }
    }
}

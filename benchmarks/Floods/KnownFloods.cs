using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentAuth.Floods;

/// <summary>The floods that stopped the service once.</summary>
internal static partial class KnownFloods
{
    private const int Workers = 8;

    public static IReadOnlyList<Flood> All { get; } =
    [
        new("G11", "17 addresses × 70 garbage assertions", async service =>
        {
            var limited = await CountAsync(17 * 70, n => service.RegisterByAssertionAsync(Address(n % 17), "garbage"), HttpStatusCode.TooManyRequests);
            return ($"429 for {limited}", limited == 17 * 10);
        }),
        new("G11", "60 addresses × 5 anonymous starts", async service =>
        {
            var started = await CountAsync(300, n => service.StartAnonymouslyAsync(Address(n / 5)), HttpStatusCode.OK);
            return ($"200 for {started}", started == 300);
        }),
        new("G12", "an exhausted recipient, then 50,000 distinct /64s", async service =>
        {
            var mailed = await CountAsync(4, n => service.RegisterByEmailAsync(Address(n), "victim@people.example"), HttpStatusCode.OK);
            await CountAsync(50_000, n => service.RegisterByAssertionAsync(string.Create(CultureInfo.InvariantCulture, $"2001:{n / 1000:x}:{n % 1000:x}::1"), "garbage"), HttpStatusCode.BadRequest);
            mailed += await CountAsync(4, n => service.RegisterByEmailAsync(Address(100 + n), "victim@people.example"), HttpStatusCode.OK);
            return ($"{mailed} mails for the recipient", mailed == 3);
        }),
        new("G13", "45 mails to addresses that the transport refuses, 45 to ones at which it hangs", async service =>
        {
            await CountAsync(45, n => service.RegisterByEmailAsync(Address(n), $"u{n}@{FloodedService.RefusedDomain}"), HttpStatusCode.OK);
            await CountAsync(45, n => service.RegisterByEmailAsync(Address(100 + n), $"u{n}@{FloodedService.HangingDomain}"), HttpStatusCode.OK);
            var start = System.Diagnostics.Stopwatch.StartNew();
            await service.RegisterByEmailAsync(Address(300), "late@people.example");
            var isSent = await service.MailAsync("late@people.example") is not null;
            return ($"an honest mail behind them {(isSent ? string.Create(CultureInfo.InvariantCulture, $"went out after {start.Elapsed.TotalSeconds:0.0} s") : "did not go out")}", isSent);
        }),
        new("G14", "5,000 POSTs of one's own link's challenge, from 100 addresses", async service =>
        {
            var token = (await service.StartAnonymouslyAsync(Address(0))).Text("claim_token")!;
            await service.ClaimAsync(Address(0), token, "mine@people.example");
            var link = Link().Match((await service.MailAsync("mine@people.example"))!).Groups[1].Value;
            var shown = await CountAsync(5000, n => service.ShowCodeAsync(Address(n % 100), link), HttpStatusCode.OK);
            return ($"{shown} codes", shown == 20);
        }),
        new("G15", "mailed codes: 15 registrations for one person's mailbox, guesses at each", async service =>
        {
            // As fast as the recipient's limit lets them, which is three mails an hour: here by the claims of three, five guesses each.
            var registered = new List<string>();
            for (var n = 0; n < 15; n++)
            {
                if ((await service.RegisterByEmailAsync(Address(n), $"victim+{n}@people.example")).Text("claim_token") is { } token)
                {
                    registered.Add(token);
                }
            }

            var compared = 0;
            for (var guess = 0; guess < 6; guess++)
            {
                foreach (var token in registered)
                {
                    compared += (await service.CompleteAsync(Address(20 + guess), token, "00000000")).Text("error") is "otp_invalid" ? 1 : 0;
                }
            }

            return ($"{registered.Count} mails, {compared} guesses compared", registered.Count == 3 && compared <= 10);
        }),
        new("G16", "one anonymous registration, 20 addresses, 60 mails to `victim+N@`", async service =>
        {
            var token = (await service.StartAnonymouslyAsync(Address(0))).Text("claim_token")!;
            var mailed = await CountAsync(60, n => service.ClaimAsync(Address(n % 20), token, $"victim+{n}@people.example"), HttpStatusCode.OK);
            return ($"{mailed} mails", mailed <= 3);
        }),
        new("G23", "2,000 connections, 20 more every 10 ms, that send one byte of a body and wait", async service =>
        {
            var before = service.Memory();
            var open = new List<TcpClient>();
            var bytes = Encoding.ASCII.GetBytes("POST /agent/auth HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 65536\r\n\r\n{");
            for (var n = 0; n < 2000; n++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(service.Address.Host, service.Address.Port);
                await client.GetStream().WriteAsync(bytes);
                open.Add(client);
                await PauseAsync(n);
            }

            var during = service.Memory();
            for (var n = 0; n < open.Count; n++)
            {
                open[n].Dispose();
                await PauseAsync(n);
            }

            return (string.Create(CultureInfo.InvariantCulture, $"{before} → {during} MiB"), during - before < 120);
        }),
    ];

    // So that it is the connections that are measured, and not how fast one machine can open and close them at both ends.
    private static Task PauseAsync(int n) => n % 20 == 19 ? Task.Delay(10) : Task.CompletedTask;

    private static string Address(int n) => $"198.{18 + (n / 62500)}.{n / 250 % 250}.{(n % 250) + 1}";

    /// <summary>Sends requests, some at once; how many were answered so.</summary>
    private static async Task<int> CountAsync(int requests, Func<int, Task<Answer>> send, HttpStatusCode status)
    {
        var (next, count) = (-1, 0);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var n && n < requests)
            {
                if ((await send(n)).Status == status)
                {
                    Interlocked.Increment(ref count);
                }
            }
        }));
        return count;
    }

    [GeneratedRegex("token=(cvt_[0-9A-Za-z]+)")]
    private static partial Regex Link();
}

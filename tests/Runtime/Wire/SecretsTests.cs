using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace AgentAuth.Wire;

/// <summary>Every way through the protocol once, and then a search for each secret in all that the service wrote down.</summary>
public sealed class SecretsTests
{
    [Abuse(90, "every way through the protocol, then a search for each credential, token, code and assertion", "in no log, trace, audit row, database file, or error such as `400 replay_detected`, `401 otp_invalid` or `401 invalid_token`")]
    [Fact]
    public async Task Abuse_90_no_secret_is_in_logs_traces_audit_rows_errors_or_on_disk()
    {
        using var traces = new CapturedTraces();
        await using var pair = await ServiceWithProvider.StartAsync();
        var service = pair.Service;
        var secrets = new List<string>();
        var errors = new List<Answer>();

        // Anonymous, and claimed after a wrong guess.
        var anonymous = await service.RegisterAnonymouslyAsync();
        var (key, claimToken) = (anonymous.Text("credential"), anonymous.Text("claim_token"));
        await service.PostAsync("/agent/auth/claim", new { claim_token = claimToken, email = "alice@example.com" });
        var link = await service.NextLinkTokenAsync();
        Assert.Equal(HttpStatusCode.OK, (await service.GetAsync($"/agent/auth/claim/view?token={link}")).Status);
        var code = await service.ShowCodeAsync(link);
        var wrong = await CompleteAsync(claimToken, code == "000000" ? "000001" : "000000");
        wrong.Is(HttpStatusCode.Unauthorized, "otp_invalid");
        Assert.Equal(HttpStatusCode.OK, (await CompleteAsync(claimToken, code)).Status);
        errors.AddRange([wrong, await CompleteAsync(claimToken, code), await service.PostAsync("/agent/auth/claim/attempt/challenge", new { claim_attempt_token = link })]);
        secrets.AddRange([key, claimToken, link, code]);

        // An ID-JAG that has to ask the account's owner, one that need not, the first once more, and an end by the provider.
        var (assertion, second, logout) = (pair.Mint(), pair.Mint(), pair.MintLogout());
        var asked = await pair.RegisterAsync(assertion);
        var (askedLink, askedToken) = (await service.NextLinkTokenAsync(), asked.Text("claim_token"));
        var askedCode = await service.ShowCodeAsync(askedLink);
        var linked = await pair.CompleteAsync(asked, askedCode);
        var token = (await pair.RegisterAsync(second)).Text("credential");
        var replayed = await pair.RegisterAsync(assertion);
        replayed.Is(HttpStatusCode.BadRequest, "replay_detected");
        Assert.Equal("{\"revoked\":2}", (await pair.LogoutAsync(logout)).Body);
        var dead = await service.GetAsync("/api/tickets", token);
        dead.Is(HttpStatusCode.Unauthorized, "invalid_token");
        errors.AddRange([asked with { Body = asked.Body.Replace(askedToken, "", StringComparison.Ordinal) }, replayed, dead, await pair.LogoutAsync(logout)]);
        secrets.AddRange([assertion, second, logout, .. new[] { assertion, second, logout }.Select(jwt => jwt.Split('.')[2]), askedLink, askedToken, askedCode, linked.Text("credential"), token]);

        // Damaged, misplaced and cut ones are secrets still, or nearly.
        errors.Add(await service.GetAsync("/api/tickets", key[..^1] + "!"));
        errors.Add(await service.SendAsync(HttpMethod.Get, "/api/tickets", null, null, request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}, Bearer {token}")));
        errors.Add(await service.SendAsync(HttpMethod.Post, "/agent/auth", null, TestService.JsonContent($"{{\"type\":\"identity_assertion\",\"assertion\":\"{second}\"")));
        errors.Add(await pair.RegisterAsync(second[..^20]));
        Assert.All(errors, answer => Assert.InRange((int)answer.Status, 400, 499));

        var audit = string.Join('\n', await service.Store.ReadAuditAsync(null, 100, TestContext.Current.CancellationToken));
        var disk = string.Concat(Directory.GetFiles(service.Folder, "agentauth.db*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(Latin1));
        Assert.Contains(anonymous.Text("registration_id"), disk, StringComparison.Ordinal);
        Assert.Contains("/agent/auth/claim/complete", traces.Text, StringComparison.Ordinal);
        Assert.All(secrets, secret =>
        {
            IsNotIn(service.Log.Text, secret);
            IsNotIn(traces.Text, secret);
            IsNotIn(audit, secret);
            IsNotIn(disk, secret);
            Assert.All(errors, answer => IsNotIn(answer.Body + string.Join('\n', answer.Headers), secret));
        });

        Task<Answer> CompleteAsync(string claim, string otp) => service.PostAsync("/agent/auth/claim/complete", new { claim_token = claim, otp });
    }

    // Six digits may stand in longer numbers by accident.
    private static void IsNotIn(string text, string secret) => Assert.DoesNotMatch($"(?<![0-9.]){Regex.Escape(secret)}(?![0-9])", text);

    private static string Latin1(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }

    /// <summary>What every trace of this process says, from its start to its end: those of other tests as well.</summary>
    private sealed class CapturedTraces : IDisposable
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly ActivityListener _listener;

        public CapturedTraces()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => _lines.Enqueue(string.Join(' ', [
                    activity.DisplayName, activity.StatusDescription,
                    .. activity.TagObjects.Concat(activity.Baggage.Select(b => KeyValuePair.Create(b.Key, (object?)b.Value))).Concat(activity.Events.SelectMany(e => e.Tags)).Select(tag => $"{tag.Key}={tag.Value}")])),
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public string Text => string.Join('\n', _lines);

        public void Dispose() => _listener.Dispose();
    }
}

using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AgentAuth.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentAuth.Assertions.Differential;

/// <summary>
/// Tokens and JWK sets of every form that the RFCs allow, and of many that they do not, each shown to `jose` and to us: our verifier, which fetches the set over
/// HTTP. Where one accepts what the other refuses, a decision says why, or it is a mistake. docs/protocol.md holds the decisions.
/// </summary>
public sealed class JoseDifferentialTests
{
    private const int Combinations = 500;
    private const string Begin = "<!-- The table of differences begins here. It is written by a test: see CONTRIBUTING.md. -->";
    private const string End = "<!-- The table of differences ends here. -->";

    private static readonly string[] s_algorithms = ["ES256", "ES384", "RS256", "PS256"];

    [Finding("W9", "Over 1,500 JWTs and JWK sets of all forms that RFC 7515, 7517 and 7519 allow, and many that they do not: fractions and exponents in `NumericDate`, members and keys of every kind", "What `jose` accepts is accepted, and nothing else, but for the decisions that docs/protocol.md lists with their reasons")]
    [Fact]
    public async Task W9_what_jose_and_we_answer_differently_is_decided()
    {
        var cases = Cases();
        var theirs = await AskJoseAsync(cases);
        var ours = await AskUsAsync(cases);

        var mistakes = new StringBuilder();
        var met = new HashSet<Decision>();
        var (both, neither) = (0, 0);
        for (var i = 0; i < cases.Count; i++)
        {
            var (isTheirs, isOurs) = (theirs[i] is null, ours[i] is null);
            both += isTheirs && isOurs ? 1 : 0;
            neither += isTheirs || isOurs ? 0 : 1;
            if (isTheirs == isOurs)
            {
                continue;
            }

            Decision[] reasons = [.. cases[i].Decisions.Intersect(isTheirs ? Decisions.Stricter : Decisions.Looser)];
            if (reasons.Length == 0)
            {
                mistakes.AppendLine($"{cases[i].Name}\n    jose: {theirs[i] ?? "accepted"}\n    we: {ours[i] ?? "accepted"}");
            }
            else if (reasons.Length == 1)
            {
                met.Add(reasons[0]);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{cases.Count} tokens: {both} accepted by both, {neither} refused by both, {cases.Count - both - neither} decided differently.");
        Assert.True(mistakes.Length == 0, $"Not decided:\n{mistakes}");
        Assert.Equal([], Decisions.Stricter.Concat(Decisions.Looser).Except(met).Select(decision => decision.What));

        // The cases reach every end: otherwise nothing was compared.
        Assert.True(cases.Count > 1500 && both > 500 && neither > 300, $"{cases.Count}, {both}, {neither}");
    }

    [Fact]
    public void W9_the_docs_hold_the_decisions()
    {
        var file = Path.Combine(Repository.Root, "docs", "protocol.md");
        var (before, table, after) = Split(File.ReadAllText(file).ReplaceLineEndings("\n"));
        if (Environment.GetEnvironmentVariable("AGENTAUTH_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, before + Table() + after);
            (_, table, _) = Split(File.ReadAllText(file));
        }

        Assert.True(
            Table() == table,
            "docs/protocol.md does not hold the differences from `jose` that are decided. Write them with "
            + "AGENTAUTH_WRITE_DOCS=1 dotnet test tests/Runtime --filter FullyQualifiedName~JoseDifferentialTests");
    }

    private static (string Before, string Table, string After) Split(string text)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"docs/protocol.md must hold the lines\n{Begin}\n{End}");
        begin += Begin.Length;
        return (text[..begin], text[begin..end], text[end..]);
    }

    private static string Table()
    {
        var table = new StringBuilder();
        Rows("Refused here", Decisions.Stricter);
        Rows("Accepted here", Decisions.Looser);
        return table.Append("\n\n").ToString();

        void Rows(string heading, IReadOnlyList<Decision> decisions)
        {
            table.Append(null, $"\n\n| {heading} | Why |\n| --- | --- |");
            foreach (var decision in decisions)
            {
                Assert.DoesNotContain('|', decision.What + decision.Why);
                table.Append(null, $"\n| {decision.What} | {decision.Why} |");
            }
        }
    }

    /// <summary>Every change alone, to a token of each type, and some of them together.</summary>
    private static List<Shown> Cases()
    {
        var random = new Random(20261128);
        var keys = s_algorithms.ToDictionary(algorithm => algorithm, algorithm => DifferentialKey.Create(algorithm));
        var changes = new Changes(random).All;
        var cases = new List<Shown>();
        foreach (var key in keys.Values)
        {
            Add(StrictJwt.IdJagType, key, []);
            Add(StrictJwt.LogoutType, key, []);
        }

        foreach (var change in changes)
        {
            Add(StrictJwt.IdJagType, keys["ES256"], [change]);
            Add(StrictJwt.LogoutType, keys["RS256"], [change]);
        }

        for (var i = 0; i < Combinations; i++)
        {
            var type = random.Next(4) == 0 ? StrictJwt.LogoutType : StrictJwt.IdJagType;
            Add(type, keys[s_algorithms[random.Next(s_algorithms.Length)]], [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => changes[random.Next(changes.Count)])]);
        }

        return cases;

        void Add(string type, DifferentialKey key, Change[] done)
        {
            var one = new DifferentialCase(type, $"https://agents.example/{cases.Count}", key);
            Array.ForEach(done, change => change.Apply(one));
            cases.Add(new Shown(
                $"{type}, {key.Algorithm}: {string.Join(" + ", done.Select(change => change.Name))}",
                type,
                one.Issuer,
                one.Token(),
                one.KeySet(),
                [.. done.Select(change => change.Decision).OfType<Decision>().Distinct()]));
        }
    }

    private static async Task<string?[]> AskJoseAsync(List<Shown> cases)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("agentauth-jose-").FullName, "cases.json");
        try
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new
            {
                now = VerifierBench.Start.ToUnixTimeSeconds(),
                tolerance = 60,
                audience = new[] { VerifierBench.Service, VerifierBench.Resource },
                cases = cases.Select(one => new
                {
                    token = one.Token,
                    keys = Convert.ToBase64String(one.KeySet),
                    issuer = one.Issuer,
                    typ = one.Type,
                    required = (string[])["iss", "sub", "aud", "jti", "iat", .. one.Type == StrictJwt.LogoutType ? (string[])[] : ["exp", "client_id"]],
                }),
            }), TestContext.Current.CancellationToken);
            var answers = await JoseScript.RunAsync("verify", path);
            Assert.Equal(cases.Count, answers.GetArrayLength());
            return [.. answers.EnumerateArray().Select(answer => answer.GetString())];
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static async Task<string?[]> AskUsAsync(List<Shown> cases)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(cases[int.Parse(context.Request.Path.Value.AsSpan(1), null)].KeySet, context.RequestAborted).AsTask();
        });
        var clock = new FakeTimeProvider(VerifierBench.Start);
        var settings = VerifierBench.SettingsFor([.. cases.Select((one, index) => VerifierBench.Trusted(one.Issuer, server.Url($"/{index}")))]);
        await using var services = new ServiceCollection()
            .AddSingleton(settings)
            .AddSingleton<TimeProvider>(clock)
            .AddLogging()
            .AddAssertions()
            .AddSingleton(provider => new GuardedHttpClient(settings, clock, provider.GetRequiredService<IMeterFactory>(), ResolveAsync))
            .BuildServiceProvider();
        var verifier = services.GetRequiredService<AssertionVerifier>();
        var answers = new string?[cases.Count];
        for (var i = 0; i < cases.Count; i++)
        {
            var refusal = cases[i].Type == StrictJwt.LogoutType
                ? (await verifier.VerifyLogoutTokenAsync(cases[i].Token, TestContext.Current.CancellationToken)).Refusal
                : (await verifier.VerifyIdJagAsync(cases[i].Token, IdJagTerms.AgentDoor, TestContext.Current.CancellationToken)).Refusal;
            answers[i] = refusal is null ? null : $"{refusal.Reason}: {refusal.Message}";
        }

        return answers;
    }

    /// <summary>Client identifiers that come up are nobody's: no name is looked up.</summary>
    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address]) : throw new SocketException((int)SocketError.HostNotFound);

    private sealed record Shown(string Name, string Type, string Issuer, string Token, byte[] KeySet, IReadOnlyList<Decision> Decisions);
}

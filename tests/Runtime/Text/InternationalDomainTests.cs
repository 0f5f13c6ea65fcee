using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AgentAuth.Assertions;

namespace AgentAuth.Text;

public sealed class InternationalDomainTests
{
    private const string WithoutInvariance = "AGENTAUTH_TESTS_ICU";

    [Theory]
    [InlineData("b\u00fccher.example", "xn--bcher-kva.example")]
    [InlineData("B\u00dcCHER.Example", "xn--bcher-kva.Example")]
    [InlineData("\u017c\u00f3\u0142\u0107.pl", "xn--kda4b0koi.pl")]
    [InlineData("\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "xn--e1afmkfd.xn--p1ai")]
    [InlineData("\u03c0\u03b1\u03c1\u03ac\u03b4\u03b5\u03b9\u03b3\u03bc\u03b1.\u03b4\u03bf\u03ba\u03b9\u03bc\u03ae", "xn--hxajbheg2az3al.xn--jxalpdlp")]
    [InlineData("\u4f8b\u3048.\u30c6\u30b9\u30c8", "xn--r8jz45g.xn--zckzah")]
    [InlineData("\u4f8b\u5b50.\u6d4b\u8bd5", "xn--fsqu00a.xn--0zwm56d")]
    [InlineData("\uc2e4\ub840.\ud14c\uc2a4\ud2b8", "xn--9n2bp8q.xn--9t4b11yi5a")]
    [InlineData("\u0645\u062b\u0627\u0644.\u0625\u062e\u062a\u0628\u0627\u0631", "xn--mgbh0fb.xn--kgbechtv")]
    [InlineData("\u0909\u0926\u093e\u0939\u0930\u0923.\u092a\u0930\u0940\u0915\u094d\u0937\u093e", "xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g")]
    [InlineData("\u09ac\u09be\u0982\u09b2\u09be.example", "xn--54b7fta0cc.example")]
    [InlineData("a-\u00fc-1.example", "xn--a--1-1ra.example")]
    [InlineData("plain.EXAMPLE", "plain.EXAMPLE")]
    public void W11_domain_is_written_as_name_servers_know_it(string domain, string expected)
    {
        Assert.True(InternationalDomain.TryWriteInAscii(domain, out var ascii));
        Assert.Equal(expected, ascii);
    }

    [Theory]
    [InlineData("stra\u00dfe.example")] // ss for one version of IDNA, itself for the other
    [InlineData("\u03b2\u03cc\u03bb\u03bf\u03c2.example")] // so is the final sigma
    [InlineData("\u212aelvin.example")] // a sign that becomes an ASCII k
    [InlineData("\u0130stanbul.example")]
    [InlineData("bu\u0308cher.example")] // u and a mark, which is ü
    [InlineData("\ufb01sch.example")] // a ligature
    [InlineData("\uff42\u00fccher.example")] // full width
    [InlineData("b\u00fccher\u3002example")] // an ideographic full stop
    [InlineData("b\u00fc\u200dcher.example")] // a joiner
    [InlineData("b\u00fc\u00adcher.example")] // a soft hyphen
    [InlineData("b\u00fccher\u202e.example")]
    [InlineData("b\u00fc cher.example")]
    [InlineData("b\u00fc_cher.example")]
    [InlineData("-b\u00fccher.example")]
    [InlineData("b\u00fccher-.example")]
    [InlineData("xn--b\u00fccher.example")]
    [InlineData("b\u00fc--cher.example")]
    [InlineData("\u093e\u0915.example")] // begins with a mark
    [InlineData("\u0928\u093c.example")] // is one letter in two
    [InlineData("\ud83d\ude00.example")] // a smiley
    [InlineData("\u2665.example")]
    [InlineData("\ud800b.example")]
    [InlineData("\u0378.example")] // assigned to nothing
    public void W11_what_not_all_would_write_alike_is_refused(string domain)
    {
        Assert.False(InternationalDomain.TryWriteInAscii(domain, out var ascii));
        Assert.Empty(ascii);
        Assert.False(EmailAddress.TryNormalize($"alice@{domain}", out _));
    }

    [Theory]
    [InlineData(57, true)]
    [InlineData(58, false)]
    public void W11_label_is_bounded_by_its_length_in_ASCII(int length, bool isAddress) =>
        Assert.Equal(isAddress, EmailAddress.TryNormalize($"a@{new string('\u00fc', length)}.example", out _));

    [Fact]
    public void W11_whole_address_is_bounded_by_its_length_in_ASCII()
    {
        var domain = string.Join('.', Enumerable.Repeat("\u4f8b\u3048\u4f8b\u3048\u4f8b\u3048\u4f8b\u3048", 10)) + ".example";

        Assert.True(InternationalDomain.TryWriteInAscii(domain, out var ascii));
        var room = 254 - ascii.Length - 1;
        Assert.InRange(room, 1, 63);
        Assert.True(EmailAddress.TryNormalize($"{new string('a', room)}@{domain}", out var address));
        Assert.Equal(254, address.Length);
        Assert.False(EmailAddress.TryNormalize($"{new string('a', room + 1)}@{domain}", out _));
    }

    /// <summary>Whatever is taken, the platform's own IDNA makes the same of it: this process' or, in <see cref="W11_an_app_with_globalization_stores_the_same"/>, that of ICU.</summary>
    [Fact]
    public void W11_platform_writes_each_letter_that_is_taken_the_same_way()
    {
        var (taken, unknown, letter) = (0, 0, 'a');
        var others = new List<string>();
        var idn = new IdnMapping();
        for (var c = '\u0080'; c < '\uffff'; c++)
        {
            // A mark follows a letter of its script.
            var isMark = CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            var domain = isMark ? $"{letter}{c}.example" : $"{c}.example";
            if (!InternationalDomain.TryWriteInAscii(domain, out var ascii))
            {
                continue;
            }

            taken++;
            letter = isMark ? letter : c;
            try
            {
                // Without globalization the platform does not change the case.
                var platform = idn.GetAscii(domain.ToLowerInvariant());
                if (ascii != platform)
                {
                    others.Add($"U+{(int)c:x4}: {ascii}, but {platform}");
                }
            }
            catch (ArgumentException)
            {
                unknown++;
            }
        }

        Assert.Equal([], others);

        // Every alphabet that is in use: most letters are ideographs and Hangul. ICU may be older than the newest of them.
        Assert.InRange(taken, 40_000, 60_000);
        Assert.InRange(unknown, 0, 500);
    }

    /// <summary>The tests of this class once more, in a process whose globalization is that of ICU, as an app's is by default.</summary>
    [Fact]
    public async Task W11_an_app_with_globalization_stores_the_same()
    {
        if (Environment.GetEnvironmentVariable(WithoutInvariance) == "1")
        {
            Assert.Equal("\u00fc", "u\u0308".Normalize());
            return;
        }

        var assembly = typeof(InternationalDomainTests).Assembly.Location;
        var config = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(assembly, ".runtimeconfig.json"), TestContext.Current.CancellationToken))!;
        Assert.True(config["runtimeOptions"]!["configProperties"]!.AsObject().Remove("System.Globalization.Invariant"), "These tests do not run without globalization.");
        config["runtimeOptions"]!["configProperties"]!.AsObject().Remove("System.Globalization.PredefinedCulturesOnly");
        var path = Path.Combine(Directory.CreateTempSubdirectory("agentauth-icu-").FullName, "icu.runtimeconfig.json");
        try
        {
            await File.WriteAllTextAsync(path, config.ToJsonString(), TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
                ["exec", "--runtimeconfig", path, "--depsfile", Path.ChangeExtension(assembly, ".deps.json"), assembly, "-class", typeof(InternationalDomainTests).FullName!])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[WithoutInvariance] = "1";
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var said = await output + await errors;

            Assert.SkipWhen(said.Contains("libicu", StringComparison.Ordinal), "There is no ICU on this machine.");
            Assert.True(process.ExitCode == 0, said);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Finding("W11", "A mail address whose domain is in other letters than ASCII, by mail and in an ID-JAG", "It is taken, and is one account with its `xn--` form, in which it is kept, mailed to and shown")]
    [Fact]
    public async Task W11_both_spellings_of_a_domain_are_one_account()
    {
        await using var bench = await VerifierBench.StartAsync(provider: provider => provider with { TrustsEmail = true, EmailDomains = ["xn--bcher-kva.example"] });
        (await bench.App.RegisterByEmailAsync("Alice@B\u00dccher.example")).Is(HttpStatusCode.OK);
        var mail = await bench.App.Mail.NextAsync();

        Assert.Equal("alice@xn--bcher-kva.example", mail.To);
        Assert.Equal("alice@xn--bcher-kva.example", (await bench.AcceptAsync(bench.Token(claims => claims["email"] = "alice@b\u00fccher.example"))).Email);
        var accounts = new List<string>();
        foreach (var email in (string[])["alice@b\u00fccher.example", "alice@xn--bcher-kva.example", "alice@BU\u0308CHER.example"])
        {
            var answer = await bench.App.RegisterByAssertionAsync(bench.Token(claims =>
            {
                claims["sub"] = email;
                claims["email"] = email;
            }));
            accounts.Add(answer.Status == HttpStatusCode.OK ? (await bench.App.GetAsync("/api/tickets", answer.Text("credential"))).Body : answer.Error);
        }

        Assert.Equal(accounts[0], accounts[1]);
        Assert.StartsWith("acc_", accounts[0], StringComparison.Ordinal);
        Assert.Equal("missing_verified_email", accounts[2]);
    }
}

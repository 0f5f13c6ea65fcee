using AgentAuth.Assertions;
using AgentAuth.Configuration;
using AgentAuth.Manifest;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentAuth.Hosting;

/// <summary>auth.md and configuration: configuration adds and narrows, and what would widen stops the start.</summary>
public sealed class TrustListTests : IDisposable
{
    private const string Agents = "https://agents.example";
    private const string Entry = "AgentAuth:TrustedProviders:0";

    private static readonly ManifestProvider s_plain = new() { Issuer = Agents };

    private static readonly ManifestProvider s_full = new()
    {
        Issuer = Agents,
        Name = "Agents",
        KeysUri = "https://agents.example/keys.json",
        Algorithms = ["ES256", "PS256"],
        RequiredAuthenticationMethods = ["mfa"],
        AcceptedAuthenticationContexts = ["urn:a", "urn:b"],
        MaxAuthenticationAge = TimeSpan.FromHours(1),
        TrustsEmail = true,
        EmailDomains = ["example.com", "example.org"],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("agentauth-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_configuration_does_not_say_is_as_auth_md_has_it()
    {
        var alone = Single(s_full);
        var beside = Single(s_full, ("Issuer", Agents));

        Assert.Equal(ProviderSource.AuthMd, alone.Source);
        Assert.Equal(ProviderSource.Both, beside.Source);
        foreach (var provider in new[] { alone, beside })
        {
            Assert.Equal("Agents", provider.DisplayName);
            Assert.Equal("https://agents.example/keys.json", provider.KeysUri!.OriginalString);
            Assert.Null(provider.PinnedKeys);
            Assert.Equal(["ES256", "PS256"], provider.Algorithms);
            Assert.Equal(["mfa"], provider.RequiredAuthenticationMethods);
            Assert.Equal(["urn:a", "urn:b"], provider.AcceptedAuthenticationContexts);
            Assert.Equal(TimeSpan.FromHours(1), provider.MaxAuthenticationAge);
            Assert.Empty(provider.Clients);
            Assert.True(provider.TrustsEmail);
            Assert.Equal(["example.com", "example.org"], provider.EmailDomains);
        }
    }

    [Fact]
    public void Configuration_narrows_everything()
    {
        var provider = Single(
            s_full,
            ("Issuer", Agents), ("Name", "Ours"), ("Keys", "https://agents.example/keys.json"), ("Algorithms:0", "PS256"), ("Requires:0", "hwk"), ("Acr:0", "urn:b"),
            ("Acr:1", "urn:c"), ("MaxAuthenticationAge", "00:30:00"), ("Clients:0", "own-client"), ("TrustsEmail", "true"), ("EmailDomains:0", "Example.ORG"));

        Assert.Equal("Ours", provider.DisplayName);
        Assert.Equal(["PS256"], provider.Algorithms);
        Assert.Equal(["hwk", "mfa"], provider.RequiredAuthenticationMethods);
        Assert.Equal(["urn:b"], provider.AcceptedAuthenticationContexts);
        Assert.Equal(TimeSpan.FromMinutes(30), provider.MaxAuthenticationAge);
        Assert.Equal(["own-client"], provider.Clients);
        Assert.True(provider.TrustsEmail);
        Assert.Equal(["example.org"], provider.EmailDomains);
    }

    [Fact]
    public void Configuration_adds_to_an_entry_of_auth_md_that_asks_for_nothing()
    {
        var provider = Single(
            s_plain with { TrustsEmail = true },
            ("Issuer", Agents), ("Keys", "https://keys.example/"), ("Algorithms:0", "ES384"), ("Requires:0", "mfa"), ("Acr:0", "urn:a"),
            ("MaxAuthenticationAge", "1.00:00:00"), ("EmailDomains:0", "example.com"));

        Assert.Equal("https://keys.example/", provider.KeysUri!.OriginalString);
        Assert.Equal(["ES384"], provider.Algorithms);
        Assert.Equal(["mfa"], provider.RequiredAuthenticationMethods);
        Assert.Equal(["urn:a"], provider.AcceptedAuthenticationContexts);
        Assert.Equal(TimeSpan.FromDays(1), provider.MaxAuthenticationAge);
        Assert.True(provider.TrustsEmail);
        Assert.Equal(["example.com"], provider.EmailDomains);
    }

    [Theory]
    [InlineData("02:00:00", 60)]
    [InlineData("01:00:00", 60)]
    [InlineData("00:59:00", 59)]
    public void The_smaller_age_counts(string age, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Single(s_full, ("Issuer", Agents), ("MaxAuthenticationAge", age)).MaxAuthenticationAge);

    [Fact]
    public void Email_trust_can_be_turned_off()
    {
        var provider = Single(s_full, ("Issuer", Agents), ("TrustsEmail", "false"));

        Assert.False(provider.TrustsEmail);
        Assert.Empty(provider.EmailDomains);
        Assert.False(provider.TrustsAddress("alice@example.com"));
    }

    [Fact]
    public void An_issuer_of_configuration_alone_is_what_configuration_says()
    {
        var plain = Single(null, ("Issuer", Agents));
        Assert.Equal(ProviderSource.Configuration, plain.Source);
        Assert.Equal("https://agents.example/.well-known/jwks.json", plain.KeysUri!.OriginalString);
        Assert.Equal(["ES256", "ES384", "RS256", "PS256"], plain.Algorithms);
        Assert.False(plain.TrustsEmail);
        Assert.Empty(plain.RequiredAuthenticationMethods);
        Assert.Empty(plain.AcceptedAuthenticationContexts);
        Assert.Null(plain.MaxAuthenticationAge);

        var trusted = Single(null, ("Issuer", Agents), ("TrustsEmail", "true"), ("EmailDomains:0", "example.com"), ("EmailDomains:1", "EXAMPLE.com"));
        Assert.True(trusted.TrustsEmail);
        Assert.Equal(["example.com"], trusted.EmailDomains);
        Assert.True(Single(null, ("Issuer", Agents), ("TrustsEmail", "true")).TrustsAddress("alice@anywhere.example"));
    }

    [Theory]
    [InlineData("TrustsEmail", "true", "(TrustsEmail) trusts this provider with addresses, and auth.md does not. Configuration can only narrow that: change auth.md, or remove the setting.")]
    [InlineData("EmailDomains:0", "example.com", "(EmailDomains) trusts this provider with addresses, and auth.md does not. Configuration can only narrow that: change auth.md, or remove the setting.")]
    public void Email_trust_that_auth_md_does_not_give_stops_the_start(string key, string value, string sentence) =>
        Assert.Equal([$"{Entry} {sentence}"], Refused(s_plain, ("Issuer", Agents), (key, value)));

    [Theory]
    [InlineData("TrustsEmail", "true", "(TrustsEmail) trusts this provider with all addresses, and auth.md with those at example.com, example.org only. Configuration can only narrow that: change auth.md, or remove the setting.")]
    [InlineData("EmailDomains:0", "other.example", "(EmailDomains) has 'other.example', for which auth.md does not trust this provider. Configuration can only narrow that: change auth.md, or remove it here.")]
    [InlineData("EmailDomains:0", "mail.example.com", "(EmailDomains) has 'mail.example.com', for which auth.md does not trust this provider. Configuration can only narrow that: change auth.md, or remove it here.")]
    [InlineData("Algorithms:0", "RS256", "(Algorithms) has 'RS256', which auth.md does not give this provider. Configuration can only narrow that: change auth.md, or remove it here.")]
    [InlineData("Keys", "https://agents.example/other.json", "(Keys) is 'https://agents.example/other.json', but auth.md says 'https://agents.example/keys.json'. Who signs for this provider is not configuration's to change: change auth.md, or remove the setting.")]
    [InlineData("Keys", "https://agents.example/keys.json?", "(Keys) is 'https://agents.example/keys.json?', but auth.md says 'https://agents.example/keys.json'. Who signs for this provider is not configuration's to change: change auth.md, or remove the setting.")]
    [InlineData("Acr:0", "urn:c", "(Acr) is urn:c, of which auth.md accepts none; it accepts urn:a, urn:b. Nobody could register: name one of those, or change auth.md.")]
    public void Whatever_would_widen_an_entry_of_auth_md_stops_the_start(string key, string value, string sentence) =>
        Assert.Equal([$"{Entry} {sentence}"], Refused(s_full, ("Issuer", Agents), (key, value)));

    [Theory]
    [InlineData("MaxAuthenticationAge", "1 hour", ":MaxAuthenticationAge is '1 hour'; it must be a time span in hours, minutes and seconds, such as 01:00:00.")]
    [InlineData("MaxAuthenticationAge", "3600", ":MaxAuthenticationAge is '3600'; it must be a time span in hours, minutes and seconds, such as 01:00:00.")]
    [InlineData("MaxAuthenticationAge", "5:00", ":MaxAuthenticationAge is '5:00'; it must be a time span in hours, minutes and seconds, such as 01:00:00.")]
    [InlineData("MaxAuthenticationAge", "", ":MaxAuthenticationAge is ''; it must be a time span in hours, minutes and seconds, such as 01:00:00.")]
    [InlineData("MaxAuthenticationAge", "00:00:00", " (MaxAuthenticationAge) is '00:00:00'; it must be whole seconds, from 00:01:00 to 365.00:00:00.")]
    [InlineData("MaxAuthenticationAge", "-01:00:00", " (MaxAuthenticationAge) is '-01:00:00'; it must be whole seconds, from 00:01:00 to 365.00:00:00.")]
    [InlineData("MaxAuthenticationAge", "00:00:59", " (MaxAuthenticationAge) is '00:00:59'; it must be whole seconds, from 00:01:00 to 365.00:00:00.")]
    [InlineData("MaxAuthenticationAge", "365.00:00:01", " (MaxAuthenticationAge) is '365.00:00:01'; it must be whole seconds, from 00:01:00 to 365.00:00:00.")]
    [InlineData("MaxAuthenticationAge", "01:00:00.5", " (MaxAuthenticationAge) is '01:00:00.5000000'; it must be whole seconds, from 00:01:00 to 365.00:00:00.")]
    [InlineData("Acr:0", "urn:a urn:b", " (Acr) has 'urn:a urn:b'; a value is one word in ASCII, for they are told to agents with spaces between.")]
    [InlineData("EmailDomains:0", "*.example.com", " (EmailDomains) has '*.example.com', which is a pattern; a domain does not stand for those below it, so write each one.")]
    [InlineData("Clients:0", "a\u0001", " (Clients) has a value of 2 characters that no `client_id` can be: 1 to 1024, without control characters, line breaks and marks that turn the direction of writing.")]
    [InlineData("Clients:0", "a\u202e", " (Clients) has a value of 2 characters that no `client_id` can be: 1 to 1024, without control characters, line breaks and marks that turn the direction of writing.")]
    [InlineData("Requires:0", "mfa hwk", " (Requires) has 'mfa hwk'; a value is one word in ASCII (RFC 8176).")]
    [InlineData("Requires", "mfa", ":Requires is 'mfa'; it takes a list: AgentAuth:TrustedProviders:0:Requires:0, AgentAuth:TrustedProviders:0:Requires:1 and so on.")]
    [InlineData("Clients", "", ":Clients is an empty list. Give it values, or leave it out.")]
    [InlineData("Requires:0", " ", ":Requires:0 is empty. Give it a value, or leave it out.")]
    [InlineData("TrustsEmail", "maybe", ":TrustsEmail is 'maybe'; it must be true or false.")]
    public void A_value_that_says_nothing_usable_stops_the_start(string key, string value, string sentence) =>
        Assert.Contains(Entry + sentence, Refused(null, ("Issuer", Agents), (key, value)));

    [Theory]
    [InlineData("Clients")]
    [InlineData("EmailDomains")]
    [InlineData("PinnedKeys")]
    public void An_empty_list_of_a_JSON_file_stops_the_start(string list)
    {
        var file = Write("appsettings.json", OneProvider("").Replace("\"PinnedKeys\": [  ]", $"\"{list}\": []", StringComparison.Ordinal));

        var refusal = Assert.Throws<AgentAuthConfigurationException>(() => Create(null, configuration => configuration.AddJsonFile(file)));

        Assert.Equal([$"{Entry}:{list} is an empty list. Give it values, or leave it out."], refusal.Problems);
    }

    [Fact]
    public void Domains_without_trust_stop_the_start()
    {
        Assert.Equal(
            [$"{Entry} has EmailDomains without TrustsEmail. Set TrustsEmail to true, if addresses at these domains are to open accounts without asking their owners."],
            Refused(null, ("Issuer", Agents), ("EmailDomains:0", "example.com")));
        Assert.Equal(
            [$"{Entry} has EmailDomains, and TrustsEmail is false. Remove one of them."],
            Refused(s_full, ("Issuer", Agents), ("TrustsEmail", "false"), ("EmailDomains:0", "example.com")));
    }

    [Fact]
    public void A_JWK_of_a_JSON_file_is_put_together_again()
    {
        var (ec, rsa) = (TestKey.Create(kid: "ec").Jwk, TestKey.Create("RS256", "rsa").Jwk);
        (ec["use"], ec["alg"], ec["key_ops"]) = ("sig", "ES256", new System.Text.Json.Nodes.JsonArray("verify"));
        var file = Write("appsettings.json", OneProvider($"{ec.ToJsonString()},{rsa.ToJsonString()}"));

        var provider = Assert.Single(Create(null, configuration => configuration.AddJsonFile(file)).TrustedProviders);

        Assert.Equal(["ec", "rsa"], provider.PinnedKeys!.KeyIds);
        Assert.Null(provider.KeysUri);
    }

    [Fact]
    public void A_JWK_of_code_or_of_one_variable_is_JSON()
    {
        var (one, two) = (TestKey.Create(kid: "one").Jwk.ToJsonString(), TestKey.Create(kid: "two").Jwk.ToJsonString());

        Assert.Equal(["one"], Single(s_full, ("Issuer", Agents), ("PinnedKeys:0", one)).PinnedKeys!.KeyIds);
        Assert.Equal(
            ["two"],
            Assert.Single(Create(null, _ => { }, options => options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = Agents, PinnedKeys = { two } })).TrustedProviders)
                .PinnedKeys!.KeyIds);
    }

    [Fact]
    public void A_key_URL_stands_beside_pinned_keys_only_where_somebody_says_it()
    {
        var jwk = TestKey.Create().Jwk.ToJsonString();

        Assert.Null(Single(s_plain, ("Issuer", Agents), ("PinnedKeys:0", jwk)).KeysUri);
        Assert.Equal("https://agents.example/keys.json", Single(s_full, ("Issuer", Agents), ("PinnedKeys:0", jwk)).KeysUri!.OriginalString);
        Assert.Equal("https://keys.example/", Single(null, ("Issuer", Agents), ("PinnedKeys:0", jwk), ("Keys", "https://keys.example/")).KeysUri!.OriginalString);
    }

    [Fact]
    public void A_private_key_in_configuration_stops_the_start_and_is_not_repeated()
    {
        var jwk = TestKey.Create().Jwk;
        jwk["d"] = "c2VjcmV0LW9mLXRoZS1wcm92aWRlcg";
        var file = Write("appsettings.json", OneProvider(jwk.ToJsonString()));

        var refusal = Assert.Throws<AgentAuthConfigurationException>(() => Create(null, configuration => configuration.AddJsonFile(file)));

        Assert.Equal(
            [$"{Entry} (PinnedKeys:0) is private or symmetric: it has `d`. Pin the public key alone, and let the provider replace this one, which now lies here too."], refusal.Problems);
        Assert.DoesNotContain("c2VjcmV0", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PinnedKeys:0:kyt", "EC", ":PinnedKeys:0:kyt is not a setting. A key has kty, crv, x, y, n, e, kid, alg, use, key_ops.")]
    [InlineData("PinnedKeys:0:kty", "EC", " (PinnedKeys:0) has no `kid` that a token could name: 1 to 256 characters of those that names of keys are made of.")]
    [InlineData("PinnedKeys:0", "secret", " (PinnedKeys:0) is not a JWK: one JSON object in UTF-8 without duplicate members (RFC 7517).")]
    [InlineData("PinnedKeys", "secret", ":PinnedKeys is 'secret'; it takes a list: AgentAuth:TrustedProviders:0:PinnedKeys:0, AgentAuth:TrustedProviders:0:PinnedKeys:1 and so on.")]
    public void A_pinned_key_that_is_none_stops_the_start(string key, string value, string sentence) =>
        Assert.Contains(Entry + sentence, Refused(null, ("Issuer", Agents), (key, value)));

    [Fact]
    public void A_pinned_key_outside_the_algorithms_of_auth_md_stops_the_start() => Assert.Equal(
        [$"{Entry} (PinnedKeys:0) is for none of the provider's algorithms: ES256, PS256."],
        Refused(s_full, ("Issuer", Agents), ("PinnedKeys:0", TestKey.Create("ES384").Jwk.ToJsonString())));

    [Fact]
    public void A_keys_file_is_read_from_the_content_root()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        Write("keys/agents.json", "\uFEFF" + VerifierBench.KeySet(TestKey.Create(kid: "one").Jwk, TestKey.Create("PS256", "two").Jwk));

        var provider = Single(s_plain, ("Issuer", Agents), ("KeysFile", "keys/agents.json"));

        Assert.Equal(["one", "two"], provider.PinnedKeys!.KeyIds);
        Assert.Null(provider.KeysUri);
    }

    [Fact]
    public void A_keys_file_that_cannot_be_used_stops_the_start()
    {
        Write("set.json", "{}");
        Write("large.json", new string(' ', GuardedHttpClient.SizeLimit + 1));

        Assert.StartsWith($"{Entry} (KeysFile) is '{Path.Combine(_folder, "absent.json")}', which cannot be read (", Assert.Single(Refused(s_plain, ("Issuer", Agents), ("KeysFile", "absent.json"))), StringComparison.Ordinal);
        Assert.StartsWith($"{Entry} (KeysFile: 'set.json') is not a JWK set", Assert.Single(Refused(s_plain, ("Issuer", Agents), ("KeysFile", "set.json"))), StringComparison.Ordinal);
        Assert.EndsWith("which is larger than 64 KiB. Leave only the provider's keys in it.", Assert.Single(Refused(s_plain, ("Issuer", Agents), ("KeysFile", "large.json"))), StringComparison.Ordinal);
        Assert.Contains(
            $"{Entry} has both KeysFile and PinnedKeys. Keep one of them, so that it is clear which keys count.",
            Refused(s_plain, ("Issuer", Agents), ("KeysFile", "set.json"), ("PinnedKeys:0", TestKey.Create().Jwk.ToJsonString())));
    }

    [Fact]
    public async Task The_start_says_whom_it_trusts_with_what_and_no_secret()
    {
        var jwk = TestKey.Create(kid: "key-1").Jwk.ToJsonString();
        var manifest = TestService.Manifest with { TrustedProviders = [s_full, new ManifestProvider { Issuer = "https://plain.example" }] };
        await using var service = await TestService.StartAsync(manifest, options =>
        {
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = Agents, Clients = { "own-client" } });
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = "https://pinned.example", PinnedKeys = { jwk }, TrustsEmail = true });
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = "https://query.example", Keys = "https://query.example/keys?sig=secret" });
        });

        var lines = service.Log.Text.Split('\n').Where(line => line.Contains("Trusts https", StringComparison.Ordinal)).Select(line => line.Trim());

        Assert.Equal(
            [
                "Information: Trusts https://plain.example by auth.md. Keys: fetched from https://plain.example/.well-known/jwks.json. Algorithms: ES256, ES384, RS256, PS256. Requires: nothing. A verified email does not link. Clients: itself and those whose metadata document names its keys.",
                "Information: Trusts https://agents.example by auth.md and configuration. Keys: fetched from https://agents.example/keys.json. Algorithms: ES256, PS256. Requires: `amr` with mfa, `acr` urn:a or urn:b, `auth_time` at most 3600 seconds ago. A verified email links without asking the owner at example.com, example.org only. Clients: itself and own-client.",
                "Information: Trusts https://pinned.example by configuration. Keys: pinned (key-1). Algorithms: ES256, ES384, RS256, PS256. Requires: nothing. A verified email links without asking the owner. Clients: itself.",
                "Information: Trusts https://query.example by configuration. Keys: fetched from https://query.example/keys. Algorithms: ES256, ES384, RS256, PS256. Requires: nothing. A verified email does not link. Clients: itself and those whose metadata document names its keys.",
            ],
            lines);
        Assert.DoesNotContain("sig=secret", service.Log.Text, StringComparison.Ordinal);
    }

    [Finding("G21", "a provider of auth.md or of configuration under a name of an example that anybody can register", "a warning at each start, which names it")]
    [Fact]
    public async Task G21_the_start_warns_of_providers_with_the_name_of_an_example()
    {
        var jwk = TestKey.Create(kid: "key-1").Jwk.ToJsonString();
        var manifest = TestService.Manifest with { TrustedProviders = [new ManifestProvider { Issuer = "https://agents.example-ai.com" }] };
        await using var service = await TestService.StartAsync(manifest, options =>
        {
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = "https://plain.example", Keys = "https://keys.your-provider.com/keys" });
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = "https://example.dev", PinnedKeys = { jwk } });
            options.TrustedProviders.Add(new AgentAuthTrustedProviderOptions { Issuer = "https://agents.provider.example" });
        });

        var warnings = service.Log.Text.Split('\n').Where(line => line.Contains("the name of an example", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();

        Assert.Equal(2, warnings.Count);
        Assert.StartsWith("Warning: https://agents.example-ai.com, which auth.md trusts, has the name of an example ('example-ai')", warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("Warning: https://plain.example, which configuration trusts, has the name of an example ('your-provider')", warnings[1], StringComparison.Ordinal);
    }

    private TrustedProvider Single(ManifestProvider? declared, params (string Key, string? Value)[] entry) =>
        Assert.Single(Create(declared, configuration => configuration.AddInMemoryCollection(Flatten(entry))).TrustedProviders);

    private IReadOnlyList<string> Refused(ManifestProvider? declared, params (string Key, string? Value)[] entry) =>
        Assert.Throws<AgentAuthConfigurationException>(() => Create(declared, configuration => configuration.AddInMemoryCollection(Flatten(entry)))).Problems;

    private static Dictionary<string, string?> Flatten((string Key, string? Value)[] entry) => entry.ToDictionary(pair => $"{Entry}:{pair.Key}", pair => pair.Value);

    private static string OneProvider(string keys) =>
        $$"""
        { "AgentAuth": { "TrustedProviders": [ { "Issuer": "{{Agents}}", "PinnedKeys": [ {{keys}} ] } ] } }
        """;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private AgentAuthSettings Create(ManifestProvider? declared, Action<IConfigurationBuilder> configuration, Action<AgentAuthOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        configuration(builder.Configuration);
        AgentAuthServices.Add(builder.Services, TestService.Manifest with { TrustedProviders = declared is null ? [] : [declared] }, configure);
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<AgentAuthSettings>();
    }
}

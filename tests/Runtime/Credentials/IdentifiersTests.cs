using AgentAuth.Manifest;

namespace AgentAuth.Credentials;

/// <summary>Names and secrets: their form, and how much of them is chance.</summary>
public sealed class IdentifiersTests
{
    public static TheoryData<string, int> Kinds => new()
    {
        { "reg", 22 },
        { "cred", 22 },
        { "cla", 22 },
        { "acc", 22 },
        { "clm", 30 },
        { "cvt", 30 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_has_its_prefix_and_its_length_and_none_comes_twice(string prefix, int length)
    {
        var made = Enumerable.Range(0, 1000).Select(_ => Make(prefix)).ToArray();

        Assert.All(made, text => Assert.Matches($"^{prefix}_[0-9A-Za-z]{{{length}}}$", text));
        Assert.Equal(1000, made.Distinct().Count());

        // Every digit turns up at every place: nothing of it is fixed.
        Assert.All(Enumerable.Range(prefix.Length + 1, length), place => Assert.True(made.Select(text => text[place]).Distinct().Count() > 50));
    }

    [Theory]
    [InlineData(0, "000000")]
    [InlineData(1, "000001")]
    [InlineData(10, "00000A")]
    [InlineData(36, "00000a")]
    [InlineData(61, "00000z")]
    [InlineData(62, "000010")]
    [InlineData(uint.MaxValue, "4gfFC3")]
    public void Numbers_are_written_in_base_62(uint value, string expected)
    {
        Span<char> digits = stackalloc char[6];
        Base62.Write(value, digits);

        Assert.Equal(expected, digits.ToString());
    }

    [Theory]
    [InlineData(CredentialType.AccessToken, 1)]
    [InlineData(CredentialType.ApiKey, 720)]
    public void A_credential_lives_as_long_as_auth_md_says_and_prints_no_secret(CredentialType type, int hours)
    {
        var now = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        var issued = CredentialIssuer.Issue(type, ["tickets.read"], new ManifestLifetimes { ApiKey = TimeSpan.FromHours(720) }, now);

        Assert.Equal(now.AddHours(hours), issued.Record.ExpiresAt);
        Assert.Equal((type, Storage.SecretHash.Of(issued.Secret)), (issued.Record.Type, issued.Record.Hash));
        Assert.Equal(["tickets.read"], issued.Record.Scopes);
        Assert.Equal(issued.Record.Id, issued.ToString());
        Assert.Null(CredentialIssuer.Issue(CredentialType.ApiKey, [], new ManifestLifetimes(), now).Record.ExpiresAt);
    }

    private static string Make(string prefix) => prefix switch
    {
        "reg" => Identifiers.Registration(),
        "cred" => Identifiers.Credential(),
        "cla" => Identifiers.ClaimAttempt(),
        "acc" => Identifiers.Account(),
        "clm" => Identifiers.ClaimTokenSecret(),
        _ => Identifiers.ClaimAttemptTokenSecret(),
    };
}

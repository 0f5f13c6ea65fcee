using AgentAuth.Credentials;
using AgentAuth.Manifest;

namespace AgentAuth.Hosting;

/// <summary>What is a secret in a URL, and what is not.</summary>
public sealed class UrlSecretsTests
{
    private const string Run = "0123456789ABCDEFGHIJKLMNOPQRST";
    private const string Signed = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.MEUCIQDx-_0123456789abcdefghij";

    [Theory]
    [InlineData("?a=agk_" + Run, "?a=taken-out")]
    [InlineData("?agt_" + Run + "123456&b", "?taken-out&b")]
    [InlineData("?token=clm_" + Run, "?token=taken-out")]
    [InlineData("/elsewhere/cvt_" + Run + "/x", "/elsewhere/taken-out/x")]
    [InlineData("?a=agk%5F" + Run + "&b=1", "?a=taken-out&b=1")]
    [InlineData("?a=%61gk_" + Run, "?a=taken-out")]
    [InlineData("?a=%2561%67k%255f" + Run, "?a=taken-out")]
    [InlineData("?a=cvt_01234%356789ABCDE%46GHIJ", "?a=taken-out")]
    [InlineData("?a=%25%36%33lm_" + Run, "?a=taken-out")]
    [InlineData("?a=%aagk_" + Run, "?a=%ataken-out")]
    [InlineData("?a=AGK_" + Run, "?a=taken-out")]
    [InlineData("?a=agk_cvt_" + Run + "agt_" + Run, "?a=agk_taken-out")]
    [InlineData("?a=agk_0123456789ABCDEF", "?a=taken-out")]
    [InlineData("?a=agk_" + Run + "-cvt_" + Run, "?a=taken-out")]
    [InlineData("https://tickets.example/x?assertion=" + Signed + "&b", "https://tickets.example/x?assertion=taken-out&b")]
    [InlineData("?id=" + Signed + "%2Ecut.short", "?id=taken-out")]
    [InlineData("?a=cvt_" + Run + "&b=" + Signed + "&c=agk_" + Run, "?a=taken-out&b=taken-out&c=taken-out")]
    [InlineData("?a=eyJ0123456789agk_" + Run + "." + Run, "?a=taken-out")]
    public void A_secret_is_taken_out_however_it_is_escaped(string url, string hidden)
    {
        Assert.Equal(hidden, UrlSecrets.Hide(url));
        Assert.Null(UrlSecrets.Hide(hidden));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("?token=mine")]
    [InlineData("?x=agk_&y=agt_0123456789ABCDE")]
    [InlineData("?path=%2Fapi%2Ftickets%2F0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ%")]
    [InlineData("?name=eyJ0123456789ABCDEFGHIJKLMNOPQRST")]
    [InlineData("?name=eyJ0123456789ABCDEFGHIJ.short.and.so.on")]
    [InlineData("/reg_0123456789ABCDEFGHIJKL/cla_0123456789ABCDEFGHIJKL")]
    public void What_is_no_secret_is_left_alone(string? url) => Assert.Null(UrlSecrets.Hide(url));

    [Fact]
    public void Every_secret_that_is_made_is_found()
    {
        string[] made =
        [
            CredentialFormat.Create(CredentialType.ApiKey), CredentialFormat.Create(CredentialType.AccessToken),
            Identifiers.ClaimTokenSecret(), Identifiers.ClaimAttemptTokenSecret(),
        ];

        Assert.All(made, secret => Assert.Equal("?a=taken-out", UrlSecrets.Hide("?a=" + secret)));
        Assert.All(made, secret => Assert.Equal("?a=taken-out", UrlSecrets.Hide("?a=" + string.Concat(secret.Select(c => $"%25{(int)c:x2}")))));
    }

    [Fact]
    public void A_long_hostile_url_is_read_in_one_go()
    {
        // Each would be read to its end from each of its beginnings, by a reader that is less careful.
        foreach (var part in new[] { "eyJ", "agk_", "%25", "%2", "eyJ." })
        {
            Assert.Null(UrlSecrets.Hide(string.Concat(Enumerable.Repeat(part, 20_000))));
        }
    }
}

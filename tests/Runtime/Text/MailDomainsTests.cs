using AgentAuth.AuthMd;

namespace AgentAuth.Text;

public class MailDomainsTests
{
    [Theory]
    [InlineData("example.com")]
    [InlineData("Mail.EXAMPLE.com")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("1.example")]
    [InlineData("a.b")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("example")]
    [InlineData("example.")]
    [InlineData(".example.com")]
    [InlineData("ex..ample.com")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("example.123")]
    [InlineData("127.0.0.1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("exa_mple.com")]
    [InlineData("exa mple.com")]
    [InlineData("example.com\n")]
    [InlineData("exampⅼe.com")]
    [InlineData("*.example.com")]
    [InlineData("a@example.com")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example")]
    public void Domain_is_taken_when_an_address_could_have_it(string domain)
    {
        var isAddress = EmailAddress.TryNormalize("alice@" + domain, out var address);

        Assert.Equal(isAddress, MailDomains.Fault(domain) is null);
        if (isAddress)
        {
            Assert.Equal("alice@" + MailDomains.Normalize(domain), address);
        }
    }

    // An address may have it, since people write theirs so; whoever trusts a domain writes the one that name servers know.
    [Fact]
    public void Domain_in_other_letters_is_told_to_be_written_in_ASCII()
    {
        Assert.Contains("is not in ASCII", MailDomains.Fault("bücher.example"), StringComparison.Ordinal);
        Assert.True(EmailAddress.TryNormalize("alice@bücher.example", out var address));
        Assert.Null(MailDomains.Fault(address["alice@".Length..]));
    }
}

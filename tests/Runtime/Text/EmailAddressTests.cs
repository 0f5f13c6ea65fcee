namespace AgentAuth.Text;

public class EmailAddressTests
{
    [Theory]
    [InlineData("alice@example.com", "alice@example.com")]
    [InlineData("Alice.B+tickets@Mail.EXAMPLE.com", "alice.b+tickets@mail.example.com")]
    [InlineData("o'neil!#$%&*/=?^_`{|}~-@xn--bcher-kva.example", "o'neil!#$%&*/=?^_`{|}~-@xn--bcher-kva.example")]
    [InlineData("a@b.co", "a@b.co")]
    [InlineData("a@1.example", "a@1.example")]
    public void Plain_address_is_written_in_lower_case(string address, string expected)
    {
        Assert.True(EmailAddress.TryNormalize(address, out var normalized));
        Assert.Equal(expected, normalized);
        Assert.True(EmailAddress.TryNormalize(normalized, out var again));
        Assert.Equal(normalized, again);
    }

    [Abuse(75, "some thirty things that are no plain address", "refused")]
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("alice@example")]
    [InlineData("alice@@example.com")]
    [InlineData("alice@b@example.com")]
    [InlineData(" alice@example.com")]
    [InlineData("alice@example.com ")]
    [InlineData("alice@example.com\r\nBcc: eve@example.com")]
    [InlineData("alice@example.com\n")]
    [InlineData("ali\rce@example.com")]
    [InlineData("ali\0ce@example.com")]
    [InlineData("Alice <alice@example.com>")]
    [InlineData("<alice@example.com>")]
    [InlineData("\"alice\"@example.com")]
    [InlineData("alice(comment)@example.com")]
    [InlineData("alice@example.com, bob@example.com")]
    [InlineData("alice;bob@example.com")]
    [InlineData(".alice@example.com")]
    [InlineData("alice.@example.com")]
    [InlineData("al..ice@example.com")]
    [InlineData("alice@.example.com")]
    [InlineData("alice@example.com.")]
    [InlineData("alice@example..com")]
    [InlineData("alice@-example.com")]
    [InlineData("alice@example-.com")]
    [InlineData("alice@exam_ple.com")]
    [InlineData("alice@[127.0.0.1]")]
    [InlineData("alice@127.0.0.1")]
    [InlineData("älice@example.com")]
    [InlineData("alice@stra\u00dfe.example")]
    [InlineData("alice@ex\u2170mple.com")]
    [InlineData("alice＠example.com")]
    [InlineData("Kelvin\u212a@example.com")]
    public void Abuse_75_anything_else_is_refused(string? address)
    {
        Assert.False(EmailAddress.TryNormalize(address, out var normalized));
        Assert.Empty(normalized);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Part_before_the_at_is_bounded(int length, bool isAddress) =>
        Assert.Equal(isAddress, EmailAddress.TryNormalize(new string('a', length) + "@example.com", out _));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Label_is_bounded(int length, bool isAddress) =>
        Assert.Equal(isAddress, EmailAddress.TryNormalize($"a@{new string('b', length)}.com", out _));

    [Abuse(75, "an address of 255 characters", "refused")]
    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    [InlineData(300, false)]
    public void Abuse_75_whole_address_is_bounded(int length, bool isAddress)
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 49), 4)) + "." + new string('c', length - 202);

        Assert.Equal(length, $"a@{domain}".Length + 0);
        Assert.Equal(isAddress, EmailAddress.TryNormalize($"a@{domain}", out _));
    }
}

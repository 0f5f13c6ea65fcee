using AgentAuth.Manifest;

namespace AgentAuth.Credentials;

public sealed class CredentialFormatTests
{
    [Theory]
    [InlineData(CredentialType.ApiKey, "agk_")]
    [InlineData(CredentialType.AccessToken, "agt_")]
    public void A_fresh_credential_is_well_formed(CredentialType type, string prefix)
    {
        var credential = CredentialFormat.Create(type);

        Assert.Matches($"^{prefix}[0-9A-Za-z]{{36}}$", credential);
        Assert.Equal(CredentialShape.WellFormed, CredentialFormat.ShapeOf(credential));
        Assert.NotEqual(credential, CredentialFormat.Create(type));
    }

    [Theory]
    [InlineData('0', CredentialShape.WellFormed)]
    [InlineData('z', CredentialShape.WellFormed)]
    [InlineData('-', CredentialShape.Damaged)]
    [InlineData('_', CredentialShape.Damaged)]
    [InlineData(' ', CredentialShape.Damaged)]
    [InlineData('?', CredentialShape.Damaged)]
    public void The_checksum_is_the_CRC_32_of_zlib_and_does_not_make_up_for_other_characters(char filler, object shape)
    {
        // Computed bit by bit here, from the definition, and by table there.
        var head = "agk_" + new string(filler, 30);
        var crc = 0xFFFFFFFFu;
        foreach (var c in head)
        {
            crc ^= c;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        Span<char> digits = stackalloc char[6];
        Base62.Write(~crc, digits);
        Assert.Equal(shape, CredentialFormat.ShapeOf(head + digits.ToString()));
    }

    [Fact]
    public void The_prefixes_are_those_of_both_kinds_and_every_credential_is_of_one_length()
    {
        Assert.Equal(["agk_", "agt_"], CredentialFormat.Prefixes.ToArray());
        Assert.All([CredentialType.ApiKey, CredentialType.AccessToken], type => Assert.Equal(CredentialFormat.Length, CredentialFormat.Create(type).Length));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Another_length_is_damaged(int change)
    {
        var key = CredentialFormat.Create(CredentialType.ApiKey);

        Assert.Equal(CredentialShape.Damaged, CredentialFormat.ShapeOf(change < 0 ? key[..^1] : key + "0"));
    }

    [Fact]
    public void Any_changed_character_is_found()
    {
        var credential = CredentialFormat.Create(CredentialType.ApiKey);
        for (var i = 4; i < credential.Length; i++)
        {
            var changed = credential.ToCharArray();
            changed[i] = changed[i] == 'x' ? 'y' : 'x';
            Assert.Equal(CredentialShape.Damaged, CredentialFormat.ShapeOf(new string(changed)));
        }
    }

    [Fact]
    public void The_prefix_is_under_the_checksum()
    {
        var key = CredentialFormat.Create(CredentialType.ApiKey);

        Assert.Equal(CredentialShape.Damaged, CredentialFormat.ShapeOf("agt_" + key[4..]));
    }

    [Theory]
    [InlineData("", CredentialShape.Foreign)]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.x", CredentialShape.Foreign)]
    [InlineData("AGK_", CredentialShape.Foreign)]
    [InlineData("AGT_", CredentialShape.Foreign)]
    [InlineData("agk_", CredentialShape.Damaged)]
    [InlineData("agk_０００００００００００００００００００００００００００００００００００００", CredentialShape.Damaged)]
    public void Other_values_are_told_apart(string value, object shape) => Assert.Equal(shape, CredentialFormat.ShapeOf(value));
}

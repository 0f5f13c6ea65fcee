using AgentAuth.Assertions;

namespace AgentAuth.Configuration;

public class TrustListTests
{
    [Theory]
    [InlineData(VerifierBench.Service)]
    [InlineData(VerifierBench.Resource)]
    public void This_service_is_not_on_its_own_list_by_either_of_its_names(string issuer)
    {
        var itself = VerifierBench.Trusted(issuer, new Uri("https://auth.service.example/keys.json"));
        var other = itself with { Issuer = VerifierBench.Provider };
        var list = new TrustList(VerifierBench.SettingsFor(itself, other));

        Assert.Null(list.Find(issuer));
        Assert.Same(other, list.Find(VerifierBench.Provider));
        Assert.Null(list.Find(VerifierBench.Provider.ToUpperInvariant()));
        Assert.Equal([other], list.Providers);
    }
}

using AgentAuth.Manifest;

namespace AgentAuth.Storage;

public sealed class CredentialCacheTests
{
    private static readonly SecretHash s_hash = SecretHash.Of("key");

    [Fact]
    public void What_was_read_is_found_until_it_is_evicted()
    {
        var cache = new CredentialCache(10);
        cache.Add(s_hash, Record(), cache.Epoch);
        Assert.True(cache.TryGet(s_hash, out _));

        cache.Evict([s_hash]);

        Assert.False(cache.TryGet(s_hash, out _));
    }

    [Fact]
    public void What_was_read_before_a_change_is_not_kept_after_it()
    {
        var cache = new CredentialCache(10);
        var epoch = cache.Epoch;
        cache.Evict([s_hash]);

        cache.Add(s_hash, Record(), epoch);

        Assert.False(cache.TryGet(s_hash, out _));
    }

    [Fact]
    public void It_does_not_grow_without_end()
    {
        var cache = new CredentialCache(10);
        var hashes = Enumerable.Range(0, 100).Select(i => SecretHash.Of($"key {i}")).ToArray();
        foreach (var hash in hashes)
        {
            cache.Add(hash, Record(), cache.Epoch);
        }

        Assert.InRange(hashes.Count(hash => cache.TryGet(hash, out _)), 1, 10);
    }

    private static CredentialRecord Record() => new()
    {
        Id = "cred_1",
        Type = CredentialType.ApiKey,
        Scopes = ["read"],
        ExpiresAt = null,
        IsRevoked = false,
        RegistrationId = "reg_1",
        RegistrationType = AgentRegistrationType.Anonymous,
        AccountId = null,
    };
}

namespace AgentAuth.Assertions;

/// <summary>
/// Who may have a document fetched. A look-up of a host's name that takes long may hold a thread, so there are few places; and whoever names a slow
/// host on purpose has a user at a provider, so no user, no provider and no host can hold them all.
/// </summary>
internal sealed class FetchSlots
{
    /// <summary>How many documents are fetched at once.</summary>
    public const int InAll = 16;

    /// <summary>How many of them for one provider's users.</summary>
    public const int PerProvider = 8;

    /// <summary>How many of them for one user.</summary>
    public const int PerUser = 2;

    /// <summary>How many of them from one host.</summary>
    public const int PerHost = 8;

    /// <summary>How many of them from one host for one provider's users.</summary>
    public const int PerProviderAndHost = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Issuer, string? Subject, string? Host), int> _taken = [];

    /// <summary>Takes a slot, to be disposed of; null when there is none for this user, provider or host.</summary>
    /// <param name="user">On whose word the document is fetched.</param>
    /// <param name="host">Where it is, with the port.</param>
    public IDisposable? TryTake(AgentDelegationKey user, string host)
    {
        ReadOnlySpan<((string? Issuer, string? Subject, string? Host) Key, int Limit)> counts =
        [
            ((null, null, null), InAll),
            ((user.Issuer, null, null), PerProvider),
            ((user.Issuer, user.Subject, null), PerUser),
            ((null, null, host), PerHost),
            ((user.Issuer, null, host), PerProviderAndHost),
        ];
        lock (_lock)
        {
            foreach (var (key, limit) in counts)
            {
                if (_taken.GetValueOrDefault(key) >= limit)
                {
                    return null;
                }
            }

            List<(string?, string?, string?)> keys = [];
            foreach (var (key, _) in counts)
            {
                _taken[key] = _taken.GetValueOrDefault(key) + 1;
                keys.Add(key);
            }

            return new Slot(this, keys);
        }
    }

    private void Leave(List<(string? Issuer, string? Subject, string? Host)> keys)
    {
        lock (_lock)
        {
            foreach (var key in keys)
            {
                if (--_taken[key] == 0)
                {
                    _taken.Remove(key);
                }
            }
        }
    }

    private sealed class Slot(FetchSlots slots, List<(string? Issuer, string? Subject, string? Host)> keys) : IDisposable
    {
        public void Dispose() => slots.Leave(keys);
    }
}

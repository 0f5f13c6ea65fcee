using System.Collections.Concurrent;

namespace AgentAuth.Storage;

/// <summary>
/// Credentials by hash. It is authoritative because this process is the only writer: whoever changes a credential evicts it before the change
/// is answered, and all of it goes when somebody else was seen to write. A read that began before a change must not put the old state back after it;
/// the epoch tells.
/// </summary>
internal sealed class CredentialCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<SecretHash, CredentialRecord> _entries = new();

    private long _epoch;

    /// <summary>Take it before reading the database.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    public bool TryGet(SecretHash hash, out CredentialRecord? record) => _entries.TryGetValue(hash, out record);

    /// <summary>Keeps what was read, unless anything has changed since <paramref name="epoch"/> was taken.</summary>
    public void Add(SecretHash hash, CredentialRecord record, long epoch)
    {
        lock (_lock)
        {
            if (epoch != _epoch)
            {
                return;
            }

            if (_entries.Count >= capacity)
            {
                _entries.Clear();
            }

            _entries[hash] = record;
        }
    }

    /// <summary>Call it after the commit and before the answer.</summary>
    public void Evict(IEnumerable<SecretHash> hashes)
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _epoch);
            foreach (var hash in hashes)
            {
                _entries.TryRemove(hash, out _);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _epoch);
            _entries.Clear();
        }
    }
}

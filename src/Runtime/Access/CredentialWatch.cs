using AgentAuth.Storage;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Access;

/// <summary>
/// Tells those who asked when a credential ends: revoked, replaced or expired. Whatever is told of a credential is only a reason to ask the store
/// about it once more, so there is one answer to whether it is good.
/// </summary>
internal sealed partial class CredentialWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SecretHash, List<WeakReference<WatchedCredential>>> _watched = [];
    private readonly CredentialChanges _changes;
    private readonly IAgentAuthStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<CredentialWatch> _logger;

    public CredentialWatch(CredentialChanges changes, IAgentAuthStore store, TimeProvider time, ILogger<CredentialWatch> logger)
    {
        (_changes, _store, _time, _logger) = (changes, store, time, logger);
        _changes.Changed += LookAt;
        _changes.AnyChanged += LookAtAll;
    }

    /// <summary>How many are watched.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _watched.Values.Sum(those => those.Count);
            }
        }
    }

    /// <summary>How many credentials they are of.</summary>
    public int CredentialCount
    {
        get
        {
            lock (_lock)
            {
                return _watched.Count;
            }
        }
    }

    /// <summary>Watches a credential for as long as somebody holds what is returned, or its token.</summary>
    /// <param name="hash">Its hash.</param>
    public WatchedCredential Watch(SecretHash hash)
    {
        var watched = new WatchedCredential(this, hash, _time);
        lock (_lock)
        {
            if (!_watched.TryGetValue(hash, out var those))
            {
                _watched.Add(hash, those = []);
            }

            those.Add(watched.Reference);
        }

        // Now that it would be told of the next change: it may have ended since the request was let in.
        _ = LookAtAsync(watched);
        return watched;
    }

    /// <summary>Asks the store whether a credential is good still, and says so if not. Where nobody can tell, it is not.</summary>
    public async Task LookAtAsync(WatchedCredential watched)
    {
        try
        {
            var now = _time.GetUtcNow();
            var credential = await _store.FindCredentialAsync(watched.Hash, CancellationToken.None);
            if (credential?.StateAt(now) == CredentialState.Live)
            {
                watched.LookAgain(credential.ExpiresAt - now);
                return;
            }
        }
#pragma warning disable CA1031 // Whatever went wrong: a connection that nobody can check must not go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotKnown(e);
        }

        await EndAsync(watched);
    }

    /// <summary>Forgets one that ended, or that nobody holds any more.</summary>
    public void Forget(WatchedCredential watched)
    {
        lock (_lock)
        {
            if (_watched.TryGetValue(watched.Hash, out var those) && those.Remove(watched.Reference) && those.Count == 0)
            {
                _watched.Remove(watched.Hash);
            }
        }
    }

    public void Dispose()
    {
        _changes.Changed -= LookAt;
        _changes.AnyChanged -= LookAtAll;
    }

    private void LookAt(IReadOnlyCollection<SecretHash> hashes) => LookAt(hashes.SelectMany(hash => _watched.TryGetValue(hash, out var those) ? those : []));

    private void LookAtAll() => LookAt(_watched.Values.SelectMany(those => those));

    private void LookAt(IEnumerable<WeakReference<WatchedCredential>> references)
    {
        WeakReference<WatchedCredential>[] those;
        lock (_lock)
        {
            those = [.. references];
        }

        foreach (var reference in those)
        {
            if (reference.TryGetTarget(out var watched))
            {
                _ = LookAtAsync(watched);
            }
        }
    }

    private async Task EndAsync(WatchedCredential watched)
    {
        Forget(watched);
        try
        {
            // The token is cancelled when this returns; what the app does about it takes its own time, and not that of a revocation.
            await watched.EndAsync();
        }
#pragma warning disable CA1031 // What the app does about it is the app's, and so is what it throws.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogCallbackFailed(e);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Whether a credential is good could not be found out. What goes on under it is ended.")]
    private partial void LogNotKnown(Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The app threw an exception where it was told that an agent's credential has ended.")]
    private partial void LogCallbackFailed(Exception exception);
}

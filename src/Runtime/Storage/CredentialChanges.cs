namespace AgentAuth.Storage;

/// <summary>
/// Passes on which credentials a store has changed, once the change is durable and before it is answered. A store that several processes share
/// passes on what the others change as well.
/// </summary>
internal sealed class CredentialChanges
{
    /// <summary>Gets the hashes of credentials that were revoked or replaced, or that gained scopes.</summary>
    public event Action<IReadOnlyCollection<SecretHash>>? Changed;

    /// <summary>Is raised when it is not known which credentials have changed: it may be any of them.</summary>
    public event Action? AnyChanged;

    /// <summary>Passes on changes of credentials.</summary>
    public void Publish(IReadOnlyCollection<SecretHash> hashes) => Changed?.Invoke(hashes);

    /// <summary>Passes on that any credential may have changed.</summary>
    public void PublishAny() => AnyChanged?.Invoke();
}

using System.Collections.Frozen;
using AgentAuth.Trust;

namespace AgentAuth.Configuration;

/// <summary>
/// Whom this service believes. An issuer is looked up byte for byte: no slash, case or look-alike makes another one of it. This service
/// is never its own provider, whatever the list says.
/// </summary>
/// <param name="settings">Where the list stands.</param>
internal sealed class TrustList(AgentAuthSettings settings)
{
    private readonly FrozenDictionary<string, TrustedProvider> _providers = settings.TrustedProviders
        .Where(provider => provider.Issuer != settings.Issuer && provider.Issuer != settings.Resource)
        .ToFrozenDictionary(provider => provider.Issuer, StringComparer.Ordinal);

    /// <summary>Everybody on it.</summary>
    public IEnumerable<TrustedProvider> Providers => _providers.Values;

    /// <summary>The entry for an issuer; null when it is not trusted.</summary>
    /// <param name="issuer">The <c>iss</c> claim.</param>
    public TrustedProvider? Find(string issuer) => _providers.GetValueOrDefault(issuer);
}

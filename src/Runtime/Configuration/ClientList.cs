using System.Collections.Frozen;
using AgentAuth.Trust;

namespace AgentAuth.Configuration;

/// <summary>The registered clients by their id.</summary>
/// <param name="settings">Where the list stands.</param>
internal sealed class ClientList(AgentAuthSettings settings)
{
    private readonly FrozenDictionary<string, RegisteredClient> _clients = settings.Clients.ToFrozenDictionary(client => client.Id, StringComparer.Ordinal);

    /// <summary>The client of an id; null when the operator has registered none.</summary>
    public RegisteredClient? Find(string id) => _clients.GetValueOrDefault(id);
}

using System.Collections.Immutable;
using System.Text;
using AgentAuth.Manifest;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Configuration;

/// <summary>Makes the registered clients of configuration, and says what is wrong with them.</summary>
internal sealed class ClientListFactory(AgentAuthManifest manifest, ImmutableArray<TrustedProvider> providers, List<string> problems)
{
    private const string HashPrefix = "sha256:";

    public ImmutableArray<RegisteredClient> Create(IList<AgentAuthClientOptions> options)
    {
        if (options.Count > 0 && manifest.IdentityAssertion is null)
        {
            problems.Add("AgentAuth:Clients is set, but auth.md does not enable identity_assertion + id-jag, so that there is nothing to redeem. Enable it there, or remove the setting.");
            return [];
        }

        ImmutableArray<RegisteredClient> clients = [.. options.Select((client, index) => Read(client, $"AgentAuth:Clients:{index}"))];
        foreach (var twice in clients.GroupBy(client => client.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add($"AgentAuth:Clients has the client '{twice.Key}' more than once. Put its secrets and keys into one entry.");
        }

        return clients;
    }

    private RegisteredClient Read(AgentAuthClientOptions options, string path)
    {
        if (options.Id is not { } id || !PlainText.Is(id, TrustedProvider.MaxClientIdLength))
        {
            problems.Add($"{path} (Id) is missing, or is no text of 1 to {TrustedProvider.MaxClientIdLength} characters, {PlainText.Rule}.");
        }

        if (options.SecretHashes.Count == 0 && options.Keys.Count == 0)
        {
            problems.Add($"{path} has neither SecretHashes nor Keys, so that anybody could say to be this client. Give it one, or name the client in the Clients of its trusted provider.");
        }

        if (options.Provider is { } issuer && !providers.Any(provider => string.Equals(provider.Issuer, issuer, StringComparison.Ordinal)))
        {
            problems.Add($"{path} (Provider) is '{issuer}', which is none of the trusted providers: {string.Join(", ", providers.Select(provider => provider.Issuer))}.");
        }

        foreach (var unknown in options.Scopes.Where(scope => !manifest.Scopes.Any(declared => string.Equals(declared.Name, scope, StringComparison.Ordinal))))
        {
            problems.Add($"{path} (Scopes) has '{unknown}', which auth.md does not declare.");
        }

        return new RegisteredClient
        {
            Id = options.Id ?? "",
            SecretHashes = [.. options.SecretHashes.Select((hash, index) => ReadHash($"{path} (SecretHashes:{index})", hash)).OfType<byte[]>()],
            Keys = options.Keys.Count == 0
                ? null
                : PinnedKeys.Read(options.Keys.Select((jwk, index) => ($"{path} (Keys:{index})", Encoding.UTF8.GetBytes(jwk))), SignatureAlgorithm.All, problems.Add),
            Provider = options.Provider,
            Scopes = [.. options.Scopes.Distinct(StringComparer.Ordinal)],
        };
    }

    // What stands there may be the secret itself, so the sentence does not repeat it.
    private byte[]? ReadHash(string where, string text)
    {
        var hash = new byte[RegisteredClient.HashLength];
        if (text.StartsWith(HashPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[HashPrefix.Length..], hash, out var length) && length == RegisteredClient.HashLength)
        {
            return hash;
        }

        problems.Add($"{where} is not sha256: and the 44 characters of a SHA-256 hash in base64. Make it with: printf %s \"$secret\" | openssl dgst -sha256 -binary | base64");
        return null;
    }
}

using System.Collections.Immutable;
using AgentAuth.Manifest;
using AgentAuth.Storage;

namespace AgentAuth.Credentials;

/// <summary>A credential in plain text, on its way out of the server, and the form in which it is kept.</summary>
/// <param name="Secret">The plain text. It is answered once and kept nowhere.</param>
/// <param name="Record">What the store gets.</param>
internal sealed record IssuedCredential(string Secret, NewCredential Record)
{
    // A record prints its members; this one must not.
    public override string ToString() => Record.Id;
}

/// <summary>Makes credentials with the lifetimes of auth.md.</summary>
internal static class CredentialIssuer
{
    public static IssuedCredential Issue(
        CredentialType type, ImmutableArray<string> scopes, ManifestLifetimes lifetimes, DateTimeOffset now)
    {
        var secret = CredentialFormat.Create(type);
        var lifetime = type == CredentialType.AccessToken ? lifetimes.AccessToken : lifetimes.ApiKey;
        return new IssuedCredential(
            secret, new NewCredential(Identifiers.Credential(), SecretHash.Of(secret), type, scopes, now + lifetime));
    }
}

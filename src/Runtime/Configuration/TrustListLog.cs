using AgentAuth.AuthMd;
using AgentAuth.Trust;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Configuration;

/// <summary>Says at the start whom the service trusts, and with what: one line for each provider.</summary>
internal static partial class TrustListLog
{
    /// <summary>Writes the lines.</summary>
    /// <param name="logger">Where to.</param>
    /// <param name="settings">With the trust list, and whether an address opens accounts.</param>
    public static void Write(ILogger logger, AgentAuthSettings settings)
    {
        foreach (var provider in settings.TrustedProviders)
        {
            Trusts(
                logger,
                provider.Issuer,
                Source(provider.Source),
                Keys(provider),
                string.Join(", ", provider.Algorithms),
                RequiredAuthentication.Of(provider).ToString() is { Length: > 0 } required ? required : "nothing",
                settings.Manifest.AccountMatching.MatchesVerifiedEmail ? EmailTrust(provider) : "opens no account, by the account matching of auth.md",
                Clients(provider));
            if (Example(provider) is { } label)
            {
                TrustsExample(logger, provider.Issuer, Source(provider.Source), label);
            }
        }
    }

    private static string Source(ProviderSource source) => source switch
    {
        ProviderSource.AuthMd => "auth.md",
        ProviderSource.Configuration => "configuration",
        _ => "auth.md and configuration",
    };

    // Without the query: it is the one place of an URL where people put secrets.
    private static string Keys(TrustedProvider provider) => provider.PinnedKeys is { } pinned
        ? $"pinned ({string.Join(", ", pinned.KeyIds)})"
        : $"fetched from {provider.KeysUri?.GetLeftPart(UriPartial.Path)}";

    private static string EmailTrust(TrustedProvider provider) => provider switch
    {
        { TrustsEmail: false } => "does not link",
        { EmailDomains.IsEmpty: true } => "links without asking the owner",
        _ => $"links without asking the owner at {string.Join(", ", provider.EmailDomains)} only",
    };

    // Pinned keys are the provider's, whoever has its name.
    private static string? Example(TrustedProvider provider) => provider.PinnedKeys is not null
        ? null
        : new[] { Uri.TryCreate(provider.Issuer, UriKind.Absolute, out var issuer) ? issuer : null, provider.KeysUri }.OfType<Uri>().Select(uri => ExampleHosts.LabelOf(uri.Host)).FirstOrDefault(label => label is not null);

    private static string Clients(TrustedProvider provider) => provider switch
    {
        { Clients.IsEmpty: false } => $"itself and {string.Join(", ", provider.Clients)}",
        { KeysUri: null } => "itself",
        _ => "itself and those whose metadata document names its keys",
    };

    [LoggerMessage(1, LogLevel.Information, "Trusts {Issuer} by {Source}. Keys: {Keys}. Algorithms: {Algorithms}. Requires: {Requirements}. A verified email {EmailTrust}. Clients: {Clients}.")]
    private static partial void Trusts(
        ILogger logger, string issuer, string source, string keys, string algorithms, string requirements, string emailTrust, string clients);

    [LoggerMessage(2, LogLevel.Warning, "{Issuer}, which {Source} trusts, has the name of an example ('{Label}') in its issuer or key URL, and anybody can register that name: whoever does signs for every user. Name the provider itself, or take it off the list.")]
    private static partial void TrustsExample(ILogger logger, string issuer, string source, string label);
}

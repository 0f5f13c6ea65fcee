using System.Collections.Immutable;
using AgentAuth.Assertions;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Hosting;

/// <summary>Says at the start whom the service trusts, and with what: one line for each provider.</summary>
internal static partial class TrustListLog
{
    /// <summary>Writes the lines.</summary>
    /// <param name="logger">Where to.</param>
    /// <param name="providers">The trust list.</param>
    public static void Write(ILogger logger, ImmutableArray<TrustedProvider> providers)
    {
        foreach (var provider in providers)
        {
            Trusts(
                logger,
                provider.Issuer,
                Source(provider.Source),
                Keys(provider),
                string.Join(", ", provider.Algorithms),
                RequiredAuthentication.Of(provider).ToString() is { Length: > 0 } required ? required : "nothing",
                EmailTrust(provider),
                Clients(provider));
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

    private static string Clients(TrustedProvider provider) => provider switch
    {
        { Clients.IsEmpty: false } => $"itself and {string.Join(", ", provider.Clients)}",
        { KeysUri: null } => "itself",
        _ => "itself and those whose metadata document names its keys",
    };

    [LoggerMessage(1, LogLevel.Information, "Trusts {Issuer} by {Source}. Keys: {Keys}. Algorithms: {Algorithms}. Requires: {Requirements}. A verified email {EmailTrust}. Clients: {Clients}.")]
    private static partial void Trusts(
        ILogger logger, string issuer, string source, string keys, string algorithms, string requirements, string emailTrust, string clients);
}

using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>
/// Trusted providers whose names stood in somebody's example: who registers such a name signs for every user, and the service fetches keys
/// there at each start.
/// </summary>
internal static class ProviderChecks
{
    public static void Check(Reading reading, AuthDocument document)
    {
        foreach (var provider in document.TrustedProviders)
        {
            Check(reading, provider.Issuer, "Issuer");
            if (provider.Keys is { } keys && HostOf(keys.Value) != HostOf(provider.Issuer.Value))
            {
                Check(reading, keys, "Keys");
            }
        }
    }

    private static void Check(Reading reading, Located<string> url, string what)
    {
        // A placeholder that is known as one has an error of its own.
        if (HostOf(url.Value) is { } host && ExampleHosts.LabelOf(host) is { } label && !Placeholders.IsHost(label))
        {
            reading.Problems.Report(
                AuthMdRules.ExampleProvider,
                url.Span,
                $"{what} \"{Problems.Shorten(url.Value)}\" looks like an example (\"{Problems.Shorten(label)}\"), but anybody can register that name and then sign for your users. "
                + "Write the provider's own name; for an example take one under .example, which nobody can own (RFC 2606).");
        }
    }

    private static string? HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host : null;
}

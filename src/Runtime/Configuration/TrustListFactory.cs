using System.Collections.Immutable;
using AgentAuth.AuthMd;
using AgentAuth.Manifest;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Configuration;

/// <summary>
/// Makes the trust list of auth.md and configuration. For an issuer that auth.md lists, configuration adds requirements and narrows the rest; what
/// it does not say is as auth.md has it, and what would widen is reported: who reads auth.md must be able to rely on it. Other issuers are
/// configuration's own.
/// </summary>
/// <param name="manifest">What auth.md says.</param>
/// <param name="identifiers">Checks URLs.</param>
/// <param name="contentRoot">Where relative paths start.</param>
/// <param name="problems">Takes a sentence for each entry that the service must not start with.</param>
internal sealed class TrustListFactory(AgentAuthManifest manifest, IdentifierCheck identifiers, string contentRoot, List<string> problems)
{
    private const string OfAuthMd = "the Trusted providers of auth.md";

    /// <summary>Makes the list.</summary>
    /// <param name="options">The configured entries.</param>
    /// <param name="issuer">This service's own issuer.</param>
    public ImmutableArray<TrustedProvider> Create(IList<AgentAuthTrustedProviderOptions> options, string issuer)
    {
        if (manifest.IdentityAssertion is null)
        {
            if (options.Count > 0)
            {
                problems.Add("AgentAuth:TrustedProviders is set, but auth.md does not enable identity_assertion + id-jag. Enable it there, or remove the setting.");
            }

            return [];
        }

        var configured = options.Select((provider, index) => Configured(provider, $"AgentAuth:TrustedProviders:{index}")).ToArray();
        foreach (var twice in configured.GroupBy(p => p.Issuer, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            problems.Add($"AgentAuth:TrustedProviders names the issuer '{twice.Key}' more than once.");
        }

        var declared = manifest.TrustedProviders
            .Where(p => !configured.Any(c => string.Equals(c.Issuer, p.Issuer, StringComparison.Ordinal)))
            .Select(p => Provider(OfAuthMd, new AgentAuthTrustedProviderOptions { Issuer = p.Issuer }, p, ProviderSource.AuthMd));
        ImmutableArray<TrustedProvider> all = [.. declared, .. configured];
        if (all.Any(p => string.Equals(p.Issuer, issuer, StringComparison.Ordinal)))
        {
            problems.Add($"The trusted providers include '{issuer}', which is this service itself. A service must not accept assertions of its own.");
        }

        return all;
    }

    private TrustedProvider Configured(AgentAuthTrustedProviderOptions options, string path)
    {
        var declared = manifest.TrustedProviders.FirstOrDefault(p => string.Equals(p.Issuer, options.Issuer, StringComparison.Ordinal));
        return Provider(path, options, declared, declared is null ? ProviderSource.Configuration : ProviderSource.Both);
    }

    private TrustedProvider Provider(string path, AgentAuthTrustedProviderOptions options, ManifestProvider? declared, ProviderSource source)
    {
        var issuer = options.Issuer ?? "";
        var uri = identifiers.Read($"{path} (Issuer)", issuer, allowQuery: false);
        var algorithms = Algorithms(path, options, declared);
        var pinned = Pinned(path, options, algorithms);
        var (trustsEmail, domains) = EmailTrust(path, options, declared);
        return new TrustedProvider
        {
            Issuer = issuer,
            DisplayName = options.Name ?? declared?.Name ?? uri?.Host ?? issuer,
            KeysUri = KeysUri(path, options, declared),
            PinnedKeys = pinned,
            Algorithms = algorithms,
            RequiredAuthenticationMethods = Methods(path, options, declared),
            AcceptedAuthenticationContexts = Contexts(path, options, declared),
            MaxAuthenticationAge = MaxAge(path, options, declared),
            Clients = Clients(path, options),
            TrustsEmail = trustsEmail,
            EmailDomains = domains,
            Source = source,
        };
    }

    private ImmutableArray<string> Algorithms(string path, AgentAuthTrustedProviderOptions options, ManifestProvider? declared)
    {
        ImmutableArray<string> known = declared is { Algorithms.IsEmpty: false } ? declared.Algorithms : SignatureAlgorithm.All;
        foreach (var unknown in options.Algorithms.Union(known, StringComparer.Ordinal).Except(SignatureAlgorithm.All, StringComparer.Ordinal))
        {
            problems.Add($"{path} (Algorithms) has '{unknown}'; supported are {string.Join(", ", SignatureAlgorithm.All)}.");
        }

        foreach (var wider in options.Algorithms.Intersect(SignatureAlgorithm.All, StringComparer.Ordinal).Except(known, StringComparer.Ordinal))
        {
            problems.Add($"{path} (Algorithms) has '{wider}', which auth.md does not give this provider. Configuration can only narrow that: change auth.md, or remove it here.");
        }

        return options.Algorithms.Count == 0 ? known : [.. options.Algorithms.Distinct(StringComparer.Ordinal)];
    }

    // Pinned keys have no URL, unless somebody says one: a guess must not decide which document vouches for a client.
    private Uri? KeysUri(string path, AgentAuthTrustedProviderOptions options, ManifestProvider? declared)
    {
        if (options.Keys is { } own && declared?.KeysUri is { } written && !string.Equals(own, written, StringComparison.Ordinal))
        {
            problems.Add($"{path} (Keys) is '{own}', but auth.md says '{written}'. Who signs for this provider is not configuration's to change: change auth.md, or remove the setting.");
        }

        var stated = options.Keys ?? declared?.KeysUri;
        return stated is null && IsPinned(options)
            ? null
            : identifiers.Read($"{path} (Keys)", stated ?? options.Issuer?.TrimEnd('/') + WellKnownUrls.KeysPath, allowQuery: true)
                ?? new Uri("https://invalid.invalid");
    }

    private static bool IsPinned(AgentAuthTrustedProviderOptions options) => options.KeysFile is not null || options.PinnedKeys.Count > 0;

    private VerificationKeySet? Pinned(string path, AgentAuthTrustedProviderOptions options, ImmutableArray<string> algorithms)
    {
        if (options.KeysFile is not { } file)
        {
            return options.PinnedKeys.Count == 0
                ? null
                : PinnedKeys.Read(
                    options.PinnedKeys.Select((jwk, index) => ($"{path} (PinnedKeys:{index})", System.Text.Encoding.UTF8.GetBytes(jwk))), algorithms, problems.Add);
        }

        if (options.PinnedKeys.Count > 0)
        {
            problems.Add($"{path} has both KeysFile and PinnedKeys. Keep one of them, so that it is clear which keys count.");
        }

        return KeysFile.Read($"{path} (KeysFile)", Path.Combine(contentRoot, file), problems) is { } json
            ? PinnedKeys.ReadSet($"{path} (KeysFile: '{file}')", json, algorithms, problems.Add)
            : null;
    }

    private ImmutableArray<string> Methods(string path, AgentAuthTrustedProviderOptions options, ManifestProvider? declared)
    {
        // Another is never taken from an assertion, and would turn everybody away.
        foreach (var unusable in options.Requires.Where(method => !AgentUserAuthentication.IsValue(method)))
        {
            problems.Add($"{path} (Requires) has '{unusable}'; a value is one word in ASCII (RFC 8176).");
        }

        return [.. options.Requires.Union(declared?.RequiredAuthenticationMethods ?? [], StringComparer.Ordinal)];
    }

    private ImmutableArray<string> Contexts(string path, AgentAuthTrustedProviderOptions options, ManifestProvider? declared)
    {
        foreach (var unusable in options.Acr.Where(acr => !AgentUserAuthentication.IsValue(acr)))
        {
            problems.Add($"{path} (Acr) has '{unusable}'; a value is one word in ASCII, for they are told to agents with spaces between.");
        }

        ImmutableArray<string> own = [.. options.Acr.Distinct(StringComparer.Ordinal)];
        if (declared is not { AcceptedAuthenticationContexts: { IsEmpty: false } accepted })
        {
            return own;
        }

        ImmutableArray<string> both = own.IsEmpty ? accepted : [.. accepted.Intersect(own, StringComparer.Ordinal)];
        if (both.IsEmpty)
        {
            problems.Add($"{path} (Acr) is {string.Join(", ", own)}, of which auth.md accepts none; it accepts {string.Join(", ", accepted)}. Nobody could register: name one of those, or change auth.md.");
        }

        return both;
    }

    private TimeSpan? MaxAge(string path, AgentAuthTrustedProviderOptions options, ManifestProvider? declared)
    {
        foreach (var age in new[] { options.MaxAuthenticationAge, declared?.MaxAuthenticationAge }.OfType<TimeSpan>().Where(age => !AuthenticationAges.IsUsable(age)))
        {
            problems.Add($"{path} (MaxAuthenticationAge) is '{age:c}'; it must be whole seconds, from {AuthenticationAges.Shortest:c} to {AuthenticationAges.Longest:c}.");
        }

        return options.MaxAuthenticationAge is { } own && declared?.MaxAuthenticationAge is { } written
            ? own < written ? own : written
            : options.MaxAuthenticationAge ?? declared?.MaxAuthenticationAge;
    }

    private ImmutableArray<string> Clients(string path, AgentAuthTrustedProviderOptions options)
    {
        foreach (var unusable in options.Clients.Where(client => !PlainText.Is(client, TrustedProvider.MaxClientIdLength)))
        {
            problems.Add($"{path} (Clients) has a value of {unusable.Length} characters that no `client_id` can be: 1 to {TrustedProvider.MaxClientIdLength}, {PlainText.Rule}.");
        }

        return [.. options.Clients.Distinct(StringComparer.Ordinal)];
    }

    private (bool TrustsEmail, ImmutableArray<string> Domains) EmailTrust(string path, AgentAuthTrustedProviderOptions options, ManifestProvider? declared)
    {
        var own = Domains(path, options.EmailDomains);
        var written = declared is { TrustsEmail: true } ? Domains(path, declared.EmailDomains) : [];
        if (options.TrustsEmail == false)
        {
            if (options.EmailDomains.Count > 0)
            {
                problems.Add($"{path} has EmailDomains, and TrustsEmail is false. Remove one of them.");
            }

            return (false, []);
        }

        if (declared is null)
        {
            if (options.EmailDomains.Count > 0 && options.TrustsEmail is null)
            {
                problems.Add($"{path} has EmailDomains without TrustsEmail. Set TrustsEmail to true, if addresses at these domains are to open accounts without asking their owners.");
            }

            return (options.TrustsEmail == true, own);
        }

        if (!declared.TrustsEmail)
        {
            if (options.TrustsEmail == true || options.EmailDomains.Count > 0)
            {
                problems.Add($"{path} ({(options.TrustsEmail == true ? "TrustsEmail" : "EmailDomains")}) trusts this provider with addresses, and auth.md does not. Configuration can only narrow that: change auth.md, or remove the setting.");
            }

            return (false, []);
        }

        if (written.IsEmpty)
        {
            return (true, own);
        }

        if (options.TrustsEmail == true && own.IsEmpty)
        {
            problems.Add($"{path} (TrustsEmail) trusts this provider with all addresses, and auth.md with those at {string.Join(", ", written)} only. Configuration can only narrow that: change auth.md, or remove the setting.");
        }

        foreach (var wider in own.Except(written, StringComparer.Ordinal))
        {
            problems.Add($"{path} (EmailDomains) has '{wider}', for which auth.md does not trust this provider. Configuration can only narrow that: change auth.md, or remove it here.");
        }

        return (true, own.IsEmpty ? written : [.. own.Intersect(written, StringComparer.Ordinal)]);
    }

    private ImmutableArray<string> Domains(string path, IEnumerable<string> domains)
    {
        var usable = ImmutableArray.CreateBuilder<string>();
        foreach (var domain in domains)
        {
            if (MailDomains.Fault(domain) is { } fault)
            {
                problems.Add($"{path} (EmailDomains) has '{domain}', which {fault}.");
            }
            else
            {
                usable.Add(MailDomains.Normalize(domain));
            }
        }

        return [.. usable.Distinct(StringComparer.Ordinal)];
    }
}

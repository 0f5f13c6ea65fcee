using System.Collections.Immutable;
using AgentAuth.Accounts;
using AgentAuth.Assertions;
using AgentAuth.Manifest;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentAuth.Hosting;

/// <summary>Merges manifest, configuration and code into settings, and refuses what is unknown, unsafe or contradictory.</summary>
internal sealed class AgentAuthSettingsFactory
{
    private static readonly string[] s_algorithms = ["ES256", "ES384", "RS256", "PS256"];

    private readonly List<string> _problems = [];
    private readonly AgentAuthManifest _manifest;
    private readonly AgentAuthOptions _options = new();

    private AgentAuthSettingsFactory(AgentAuthManifest manifest) => _manifest = manifest;

    /// <summary>Creates the settings.</summary>
    /// <exception cref="AgentAuthConfigurationException">The service must not start with them; all problems are named at once.</exception>
    public static AgentAuthSettings Create(IServiceProvider services, Action<AgentAuthOptions>? configure)
    {
        var factory = new AgentAuthSettingsFactory(services.GetRequiredService<AgentAuthManifest>());
        new AgentAuthConfiguration(factory._problems).Read(
            services.GetRequiredService<IConfiguration>().GetSection(AgentAuthConfiguration.Section), factory._options);
        configure?.Invoke(factory._options);
        var settings = factory.Create(services.GetRequiredService<IHostEnvironment>().ContentRootPath);
        return factory._problems.Count == 0 ? settings : throw new AgentAuthConfigurationException(factory._problems);
    }

    private AgentAuthSettings Create(string contentRoot)
    {
        var issuer = _options.Issuer ?? _manifest.Issuer;
        var resource = _options.Resource ?? _manifest.Resource;
        var issuerUri = Identifier("AgentAuth:Issuer", issuer, allowQuery: false);
        Identifier("AgentAuth:Resource", resource, allowQuery: true);
        var from = _options.Mail.From ?? $"no-reply@{issuerUri?.IdnHost}";
        if (_options.Mail.From is not null && !EmailAddress.TryNormalize(from, out from))
        {
            _problems.Add($"AgentAuth:Mail:From is '{_options.Mail.From}'; it must be one plain mail address.");
        }

        if (!Enum.IsDefined(_options.RequireScopes))
        {
            _problems.Add($"AgentAuth:RequireScopes is '{_options.RequireScopes}'; it must be Warn or Fail.");
        }

        return new AgentAuthSettings
        {
            Manifest = _manifest,
            Issuer = issuer,
            Resource = resource,
            AllowLoopbackHttp = _options.AllowLoopbackHttp,
            RequireScopes = _options.RequireScopes,
            TrustedProviders = TrustList(issuer),
            LimitsEnabled = _options.Limits.Enabled,
            StoragePath = Path.GetFullPath(_options.Storage.Path, contentRoot),
            MailFolder = Path.GetFullPath(_options.Mail.Folder, contentRoot),
            MailFrom = from,
        };
    }

    private ImmutableArray<TrustedProvider> TrustList(string issuer)
    {
        if (_manifest.IdentityAssertion is null)
        {
            if (_options.TrustedProviders.Count > 0)
            {
                _problems.Add("AgentAuth:TrustedProviders is set, but auth.md does not enable identity_assertion + id-jag. Enable it there, or remove the setting.");
            }

            return [];
        }

        var configured = _options.TrustedProviders.Select((provider, index) => Configured(provider, $"AgentAuth:TrustedProviders:{index}")).ToArray();
        foreach (var twice in configured.GroupBy(p => p.Issuer, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            _problems.Add($"AgentAuth:TrustedProviders names the issuer '{twice.Key}' more than once.");
        }

        var declared = _manifest.TrustedProviders
            .Where(p => !configured.Any(c => string.Equals(c.Issuer, p.Issuer, StringComparison.Ordinal)))
            .Select(p => Provider(
                "the Trusted providers of auth.md", p.Issuer, p.Name, p.KeysUri, [], p.RequiredAuthenticationMethods, p.TrustsEmail));
        ImmutableArray<TrustedProvider> all = [.. declared, .. configured];
        if (all.Any(p => string.Equals(p.Issuer, issuer, StringComparison.Ordinal)))
        {
            _problems.Add($"The trusted providers include '{issuer}', which is this service itself. A service must not accept assertions of its own.");
        }

        return all;
    }

    private TrustedProvider Configured(TrustedProviderOptions provider, string path)
    {
        // What auth.md asks of a provider stays asked: configuration replaces the entry, and must not drop a requirement unseen.
        var declared = _manifest.TrustedProviders.FirstOrDefault(p => string.Equals(p.Issuer, provider.Issuer, StringComparison.Ordinal));
        ImmutableArray<string> requires = [.. provider.Requires.Union(declared?.RequiredAuthenticationMethods ?? [], StringComparer.Ordinal)];
        return Provider(
            path, provider.Issuer ?? "", provider.Name ?? declared?.Name, provider.Keys ?? declared?.KeysUri, [.. provider.Algorithms], requires, provider.TrustsEmail);
    }

    private TrustedProvider Provider(
        string path, string issuer, string? name, string? keys, ImmutableArray<string> algorithms, ImmutableArray<string> requires, bool trustsEmail)
    {
        var uri = Identifier($"{path} (Issuer)", issuer, allowQuery: false);
        var keysUri = Identifier($"{path} (Keys)", keys ?? issuer.TrimEnd('/') + "/.well-known/jwks.json", allowQuery: true);
        foreach (var unknown in algorithms.Except(s_algorithms, StringComparer.Ordinal))
        {
            _problems.Add($"{path} (Algorithms) has '{unknown}'; supported are {string.Join(", ", s_algorithms)}.");
        }

        return new TrustedProvider
        {
            Issuer = issuer,
            DisplayName = name ?? uri?.Host ?? issuer,
            KeysUri = keysUri ?? new Uri("https://invalid.invalid"),
            Algorithms = algorithms.IsEmpty ? [.. s_algorithms] : algorithms,
            RequiredAuthenticationMethods = requires,
            TrustsEmail = trustsEmail,
        };
    }

    // RFC 8414 §2, RFC 9728 §1.2: https, no fragment, and for an issuer no query. http only where nobody can listen in, and only when asked for.
    private Uri? Identifier(string path, string value, bool allowQuery)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            _problems.Add($"{path} is '{value}'; it must be an absolute https URL.");
            return null;
        }

        if (uri.Scheme == "http" && !(uri.IsLoopback && _options.AllowLoopbackHttp))
        {
            _problems.Add(uri.IsLoopback
                ? $"{path} is '{value}'. Plain http on the loopback interface is for development: set AgentAuth:AllowLoopbackHttp to true there."
                : $"{path} is '{value}'; it must be https.");
        }

        if (uri.Fragment.Length > 0 || uri.UserInfo.Length > 0 || value.Contains('#', StringComparison.Ordinal) || (!allowQuery && uri.Query.Length > 0))
        {
            _problems.Add($"{path} is '{value}'; it must have no user name, no fragment{(allowQuery ? "" : " and no query")}.");
        }

        return uri;
    }
}

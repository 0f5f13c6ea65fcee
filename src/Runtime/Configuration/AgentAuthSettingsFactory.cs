using AgentAuth.Manifest;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Configuration;

/// <summary>Merges manifest and options into settings, and refuses what is unknown, unsafe or contradictory.</summary>
internal sealed class AgentAuthSettingsFactory
{
    private readonly List<string> _problems;
    private readonly AgentAuthManifest _manifest;
    private readonly AgentAuthOptions _options;

    private AgentAuthSettingsFactory(AgentAuthManifest manifest, AgentAuthOptions options) =>
        (_manifest, _options, _problems) = (manifest, options, [.. options.ReadingProblems]);

    /// <summary>Creates the settings, and says everything that the service must not start with.</summary>
    public static (AgentAuthSettings Settings, IReadOnlyList<string> Problems) Create(AgentAuthManifest manifest, AgentAuthOptions options, string contentRoot)
    {
        var factory = new AgentAuthSettingsFactory(manifest, options);
        return (factory.Create(contentRoot), factory._problems);
    }

    private AgentAuthSettings Create(string contentRoot)
    {
        var issuer = _options.Issuer ?? _manifest.Issuer;
        var resource = _options.Resource ?? _manifest.Resource;
        var identifiers = new IdentifierCheck(_problems, _options.AllowLoopbackHttp);
        var issuerUri = identifiers.Read("AgentAuth:Issuer", issuer, allowQuery: false);
        identifiers.Read("AgentAuth:Resource", resource, allowQuery: true);

        // auth.md alone may have a resource with the slash and leave the issuer to be its origin: there is no second spelling that somebody chose.
        if ((_options.Issuer ?? _options.Resource) is not null && issuer != resource && ServiceIdentifier.AreSame(issuer, resource))
        {
            _problems.Add($"AgentAuth:Issuer is '{issuer}' and AgentAuth:Resource is '{resource}'. They differ in the last slash alone, and tokens take them for one identifier: write both the same way.");
        }

        var from = _options.Mail.From ?? $"no-reply@{issuerUri?.IdnHost}";
        if (_options.Mail.From is not null && !EmailAddress.TryNormalize(from, out from))
        {
            _problems.Add($"AgentAuth:Mail:From is '{_options.Mail.From}'; it must be one plain mail address.");
        }

        if (!Enum.IsDefined(_options.RequireScopes))
        {
            _problems.Add($"AgentAuth:RequireScopes is '{_options.RequireScopes}'; it must be Warn or Fail.");
        }

        var providers = new TrustListFactory(_manifest, identifiers, contentRoot, _problems).Create(_options.TrustedProviders, issuer);
        return new AgentAuthSettings
        {
            Manifest = _manifest,
            Issuer = issuer,
            Resource = resource,
            AllowLoopbackHttp = _options.AllowLoopbackHttp,
            RequireScopes = _options.RequireScopes,
            TrustedProviders = providers,
            Clients = new ClientListFactory(_manifest, providers, _problems).Create(_options.Clients),
            LimitsEnabled = _options.Limits.Enabled,
            StoragePath = Path.GetFullPath(_options.Storage.Path, contentRoot),
            MailFolder = Path.GetFullPath(_options.Mail.Folder, contentRoot),
            MailFrom = from,
        };
    }
}

using AgentAuth.Testing;

namespace TicketDesk.Demo;

/// <summary>The agent's identity provider, on a port of its own (setting <c>Demo:ProviderUrl</c>). It signs for anybody who asks.</summary>
public sealed partial class DemoProvider(IConfiguration configuration, ILogger<DemoProvider> logger) : IHostedService
{
    private DemoIdentityProvider? _provider;

    /// <summary>Where the provider listens, without a trailing slash: so does its issuer identifier.</summary>
    public static string UrlIn(IConfiguration configuration) => (configuration["Demo:ProviderUrl"] ?? "http://localhost:5081").TrimEnd('/');

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var url = UrlIn(configuration);
        try
        {
            _provider = await DemoIdentityProvider.StartAsync(url, new DemoIdentityProviderOptions { MintsForAnybody = true }, cancellationToken);
            Listens(logger, url);
        }
        catch (Exception failure) when (failure is IOException or FormatException or InvalidOperationException)
        {
            // A busy port or an address that is none: everything but the first flow works all the same.
            IsBusy(logger, url, failure.Message);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_provider is { } provider)
        {
            await provider.DisposeAsync();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The demo provider listens on {Url}.")]
    private static partial void Listens(ILogger logger, string url);

    [LoggerMessage(2, LogLevel.Warning, "The demo provider does not run: {Reason} The page asks whoever listens on {Url}. Free that port, or set Demo:ProviderUrl and AgentAuth:TrustedProviders:0:Issuer to another.")]
    private static partial void IsBusy(ILogger logger, string url, string reason);
}

using AgentAuth.Testing;

namespace TicketDesk.Demo;

/// <summary>Runs the demo identity provider beside the sample, so that the first flow can be tried with nothing else installed.</summary>
internal sealed partial class DemoProvider(IConfiguration configuration, ILogger<DemoProvider> logger) : IHostedService
{
    private DemoIdentityProvider? _provider;

    /// <summary>Where the provider listens, or would listen.</summary>
    public string Url { get; } = configuration["Demo:ProviderUrl"] ?? "http://localhost:5081";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _provider = await DemoIdentityProvider.StartAsync(Url, new DemoIdentityProviderOptions { MintsForAnybody = true }, cancellationToken);
            Started(logger, _provider.Issuer);
        }
        catch (IOException e)
        {
            // Another copy of the sample has the port. Everything but the first flow works all the same.
            PortTaken(logger, Url, e.Message);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The demo identity provider listens on {Url}.")]
    private static partial void Started(ILogger logger, string url);

    [LoggerMessage(2, LogLevel.Warning, "The demo identity provider cannot listen on {Url} ({Reason}). Choose another address with Demo:ProviderUrl and AgentAuth:TrustedProviders:0:Issuer.")]
    private static partial void PortTaken(ILogger logger, string url, string reason);
}

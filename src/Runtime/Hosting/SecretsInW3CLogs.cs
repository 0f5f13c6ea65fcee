using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.Options;

namespace AgentAuth.Hosting;

/// <summary>
/// Leaves path and query out of what <c>UseW3CLogging</c> writes, by default, of a URL that has a secret. That middleware asks nobody about its
/// fields, and reads its options at each request.
/// </summary>
internal sealed class SecretsInW3CLogs(
    IOptionsFactory<W3CLoggerOptions> factory,
    IEnumerable<IOptionsChangeTokenSource<W3CLoggerOptions>> changes,
    IOptionsMonitorCache<W3CLoggerOptions> cache) : IOptionsMonitor<W3CLoggerOptions>, IDisposable
{
    private readonly OptionsMonitor<W3CLoggerOptions> _options = new(factory, changes, cache);

    public W3CLoggerOptions CurrentValue => SecretsInUrls.IsInRequest
        ? new W3CLoggerOptions { LoggingFields = _options.CurrentValue.LoggingFields & ~(W3CLoggingFields.UriStem | W3CLoggingFields.UriQuery) }
        : _options.CurrentValue;

    public W3CLoggerOptions Get(string? name) => _options.Get(name);

    public IDisposable? OnChange(Action<W3CLoggerOptions, string?> listener) => _options.OnChange(listener);

    public void Dispose() => _options.Dispose();
}

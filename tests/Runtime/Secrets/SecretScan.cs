using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace AgentAuth.Secrets;

/// <summary>
/// Listens to all that a service says where secrets do not belong, and remembers every secret that it has handed out or been handed. Traces and
/// metrics are of the whole process, so it hears those of tests beside it as well.
/// </summary>
internal sealed partial class SecretScan : IDisposable
{
    private readonly ConcurrentDictionary<string, byte> _secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _said = new(StringComparer.Ordinal);
    private readonly ActivityListener _traces;
    private readonly MeterListener _metrics;

    public SecretScan()
    {
        _traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name is AgentAuthTelemetry.ActivitySourceName or "Microsoft.AspNetCore" or "System.Net.Http",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                Said("a trace", activity.DisplayName, activity.TagObjects);
                foreach (var happened in activity.Events)
                {
                    Said("a trace", happened.Name, happened.Tags);
                }
            },
        };
        ActivitySource.AddActivityListener(_traces);
        _metrics = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        _metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Said("a metric", instrument.Name, tags.ToArray()));
        _metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Said("a metric", instrument.Name, tags.ToArray()));
        _metrics.Start();
    }

    /// <summary>Notes what went where secrets do belong: bodies of requests and of good answers, mails.</summary>
    public void Exchanged(string text)
    {
        foreach (var secret in SecretForms.In(text))
        {
            // A signed token is spent as a whole, and its signature is the part that nobody could have written.
            _secrets.TryAdd(secret.StartsWith("eyJ", StringComparison.Ordinal) ? secret[(secret.LastIndexOf('.') + 1)..] : secret, 0);
        }

        foreach (Match code in Code().Matches(text))
        {
            _secrets.TryAdd(code.Groups[1].Value + code.Groups[2].Value, 0);
        }
    }

    /// <summary>Notes what went where secrets do not belong.</summary>
    public void Said(string where, string text) => _said.TryAdd($"{where}: {text}", 0);

    /// <summary>An error's body may hand out the token that the agent is to go on with, and nothing else.</summary>
    public void SaidInError(string body) => Said("an error's body", ClaimToken().Replace(body, ""));

    /// <summary>Every place where a secret stands that does not belong there.</summary>
    public IReadOnlyList<string> Leaks()
    {
        _metrics.RecordObservableInstruments();
        var secrets = _secrets.Keys.ToArray();
        return [.. _said.Keys.Where(said => secrets.Any(secret => Contains(said, secret)) || SecretForms.In(said).Any())];
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private void Said(string where, string name, IEnumerable<KeyValuePair<string, object?>> tags) =>
        Said(where, name + " " + string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}")));

    // A code is six digits, or eight in a mail, and so may be a part of a longer number that has nothing to do with it.
    private static bool Contains(string text, string secret)
    {
        for (var at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at + 1, StringComparison.Ordinal))
        {
            if (secret.Length > 8 || !(IsOfNumber(text, at - 1, at - 2) || IsOfNumber(text, at + secret.Length, at + secret.Length + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfNumber(string text, int next, int afterNext) =>
        char.IsAsciiLetterOrDigit(At(text, next)) || (At(text, next) is '.' or '-' or ':' && char.IsAsciiDigit(At(text, afterNext)));

    private static char At(string text, int index) => index >= 0 && index < text.Length ? text[index] : ' ';

    // In JSON, on the page, and in a mail that brings the code itself.
    [GeneratedRegex("(?:\"challenge\":\"|<span aria-hidden=\"true\">|^    )([0-9]{3,4}) ?([0-9]{3,4})(?:\"|<|\\r?$)", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("\"claim_token\":\"[^\"]*\"")]
    private static partial Regex ClaimToken();
}

using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using AgentAuth.Text;
using Microsoft.Extensions.Logging;

namespace AgentAuth.Audit;

/// <summary>Writes audit rows to the log, under a category of their own, with the fields that a row has and no empty ones.</summary>
internal sealed class LogAuditSink(ILoggerFactory loggers) : IAgentAuditSink
{
    /// <summary>The category: filter on it to send the rows elsewhere, or nowhere.</summary>
    public const string Category = "AgentAuth.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public void Record(AgentAuditEvent audit)
    {
        // Somebody holds a credential that was taken from them: worth a look.
        var level = audit.Name == AgentAuditEvents.CredentialUsedAfterRevocation ? LogLevel.Warning : LogLevel.Information;
        if (_logger.IsEnabled(level))
        {
            _logger.Log(level, new EventId(1, "Audit"), new Entry(audit), null, static (entry, _) => entry.ToString());
        }
    }

    /// <summary>
    /// A row as structured logging wants it: names and values, and a sentence of the same. In the sentence a value that could be read as more than one
    /// is a JSON string: what a provider or an operator wrote cannot pass for a field of ours.
    /// </summary>
    private sealed class Entry(AgentAuditEvent audit) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private readonly KeyValuePair<string, object?>[] _fields = [.. Fields(audit).Where(field => field.Value is not null)];

        public int Count => _fields.Length;

        public KeyValuePair<string, object?> this[int index] => _fields[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _fields.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() =>
            string.Join(' ', _fields.Select(field => $"{field.Key}={Quoted(Convert.ToString(field.Value, CultureInfo.InvariantCulture)!)}"));

        private static string Quoted(string value) =>
            value.Length > 0 && value.All(c => c is > ' ' and < '\u007f' and not ('=' or '"')) ? value : $"\"{Escaped(value)}\"";

        // The encoder writes names as they are, and also what turns the direction of writing, quotation marks included. It takes half of a surrogate
        // pair, where others throw: an app's own account may have one, and the row is not to be lost for it.
        private static string Escaped(string value) =>
            string.Concat(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value).Select(c => PlainText.IsPlain(c) ? c.ToString() : $"\\u{(int)c:X4}"));

        private static IEnumerable<KeyValuePair<string, object?>> Fields(AgentAuditEvent audit) =>
        [
            new("event", audit.Name),
            new("outcome", audit.Outcome),
            new("registration_id", audit.RegistrationId),
            new("registration_type", audit.RegistrationType),
            new("account_id", audit.AccountId),
            new("remote_address", audit.RemoteAddress),
            new("iss", audit.Issuer),
            new("sub", audit.Subject),
            new("client_id", audit.ClientId),
            new("jti", audit.JwtId),
            new("agent_platform", audit.AgentPlatform),
            new("agent_context_id", audit.AgentContextId),
            new("act", audit.Act),
            new("revoked_by", audit.RevokedBy),
            new("reason", audit.Reason),
        ];
    }
}

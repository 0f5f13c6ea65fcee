using System.Text.Json;
using AgentAuth.Protocol;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Refusals;
using AgentAuth.Wire.Http;

namespace AgentAuth.Wire.OAuth;

/// <summary>The errors of OAuth's endpoints (RFC 6749 §5.2).</summary>
internal sealed class OAuthProfile : WireProfile
{
    private OAuthProfile()
    {
    }

    public static OAuthProfile Instance { get; } = new();

    /// <inheritdoc/>
    public override (int Status, string Code) ErrorOf(RefusalReason reason) => OAuthErrors.Of(reason);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter json, string code, Refusal refusal)
    {
        json.WriteString("error", code);
        var message = Plain(refusal.Message.Replace("§", "section ", StringComparison.Ordinal));
        json.WriteString("error_description", message);
        json.WriteString("message", message);
        if (refusal.MoreAt is { } page)
        {
            json.WriteString("error_uri", page);
        }
    }

    // RFC 6749 §5.2: printable ASCII without the quotation mark and the backslash.
    private static string Plain(string message) =>
        string.Create(message.Length, message, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = source[i] is >= ' ' and <= '~' and not ('"' or '\\') ? source[i] : '\'';
            }
        });
}

using System.Text.Json;
using AgentAuth.Protocol;
using AgentAuth.Protocol.V01;
using AgentAuth.Refusals;
using AgentAuth.Wire.Http;

namespace AgentAuth.Wire.V01;

/// <summary>The errors of protocol v0.1: <c>message</c> for its agents, and the same as <c>error_description</c> for OAuth clients.</summary>
internal sealed class V01Profile : WireProfile
{
    private V01Profile()
    {
    }

    public static V01Profile Instance { get; } = new();

    /// <inheritdoc/>
    public override (int Status, string Code) ErrorOf(RefusalReason reason)
    {
        var error = ProtocolErrors.Of(reason);
        return (error.Status, error.Code);
    }

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter json, string code, Refusal refusal)
    {
        json.WriteString("error", code);
        json.WriteString("message", refusal.Message);
        json.WriteString("error_description", refusal.Message);
    }
}

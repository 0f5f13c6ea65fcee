using System.Globalization;
using AgentAuth.Refusals;
using AgentAuth.Wire.Http;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Wire.Operators;

/// <summary>What an operator asks to be revoked.</summary>
internal sealed record AskedRevocation(AgentAccessTarget Target, AgentRevocationNote Note);

/// <summary>
/// Reads what operators ask. Whatever has no meaning is refused, an unknown name above all: a filter that was mistyped, and left out for that,
/// would end more than was meant.
/// </summary>
internal static class AccessRequests
{
    private static readonly string[] s_agent = ["client_id", "agent_platform", "agent_context_id", "act"];
    private static readonly string[] s_scopes = ["registration_id", "account_id", "issuer", "everything"];
    private static readonly string[] s_revocation = [.. s_scopes, .. s_agent, "reason"];
    private static readonly string[] s_query = [.. s_agent, "account_id", "issuer", "status", "live", "limit", "after"];

    public static Outcome<AgentRegistrationQuery> ReadQuery(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (!s_query.Contains(name) || values.Count != 1 || string.IsNullOrEmpty(values[0]))
            {
                return RequestRefusals.InvalidRequest($"Ask with some of {string.Join(", ", s_query)}, each once and with a value.");
            }
        }

        AgentRegistrationStatus? status = null;
        if (Text("status") is { } spelled && (status = WireNames.StatusOf(spelled)) is null)
        {
            return RequestRefusals.InvalidRequest("The status is unclaimed, claimed or revoked.");
        }

        var limit = AgentRegistrationQuery.DefaultLimit;
        if (Text("limit") is { } number && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit))
        {
            return RequestRefusals.InvalidRequest("The limit is a number.");
        }

        if (Text("live") is not (null or "true" or "false"))
        {
            return RequestRefusals.InvalidRequest("live is true or false.");
        }

        return Checked(() => new AgentRegistrationQuery
        {
            AccountId = Text("account_id"),
            Issuer = Text("issuer"),
            Agent = new AgentIdentityFilter
            {
                ClientId = Text("client_id"),
                AgentPlatform = Text("agent_platform"),
                AgentContextId = Text("agent_context_id"),
                Act = Text("act"),
            },
            Status = status,
            IsLive = Text("live") is "true",
            Limit = limit,
            After = Text("after"),
        }.Checked());

        string? Text(string member) => query[member] is [{ } value] ? value : null;
    }

    public static Outcome<AskedRevocation> ReadRevocation(JsonMembers members, string by)
    {
        var names = members.Names();
        if (names.Any(name => !s_revocation.Contains(name)))
        {
            return RequestRefusals.InvalidRequest($"A member is not known. Send some of {string.Join(", ", s_revocation)}.");
        }

        var scopes = names.Count(s_scopes.Contains) + (names.Any(s_agent.Contains) ? 1 : 0);
        if (scopes != 1 || (names.Contains("everything") && !members.IsTrue("everything")))
        {
            return RequestRefusals.InvalidRequest(
                "Say whose access ends: registration_id, or account_id, or issuer, or some of client_id, agent_platform, agent_context_id and act, or everything: true.");
        }

        var (registration, account, issuer) = (members.OptionalString("registration_id"), members.OptionalString("account_id"), members.OptionalString("issuer"));
        var (client, platform, context) = (members.OptionalString("client_id"), members.OptionalString("agent_platform"), members.OptionalString("agent_context_id"));
        var (act, reason) = (members.OptionalObject("act"), members.OptionalString("reason"));
        if ((registration.Refusal ?? account.Refusal ?? issuer.Refusal ?? client.Refusal ?? platform.Refusal ?? context.Refusal ?? act.Refusal ?? reason.Refusal) is { } malformed)
        {
            return malformed;
        }

        return Checked(() => new AskedRevocation(
            (registration.Value, account.Value, issuer.Value) switch
            {
                ({ } id, _, _) => AgentAccessTarget.Registration(id),
                (_, { } id, _) => AgentAccessTarget.Account(id),
                (_, _, { } provider) => AgentAccessTarget.Provider(provider),
                _ when members.IsTrue("everything") => AgentAccessTarget.Everything,
                _ => AgentAccessTarget.Agents(new AgentIdentityFilter
                {
                    ClientId = client.Value,
                    AgentPlatform = platform.Value,
                    AgentContextId = context.Value,
                    Act = act.Value,
                }),
            },
            new AgentRevocationNote(by, reason.Value)));
    }

    // The public types say what they do not take by an exception.
    private static Outcome<T> Checked<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            return RequestRefusals.InvalidRequest(e.Message);
        }
    }
}

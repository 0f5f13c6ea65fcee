using System.Collections.Immutable;
using AgentAuth.Audit;

namespace AgentAuth.Storage;

/// <content>Further credentials of registrations that are there.</content>
internal sealed partial class AgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<FurtherIssued> IssueCredentialAsync(FurtherCredential credential, CancellationToken cancellationToken) =>
        ChangeAsync(
            async session =>
            {
                // Everything that refuses comes before the first write: the token of a refused request stays good.
                var holder = await session.FirstAsync(
                    """
                    SELECT type, status, created_at, expires_at, account_id, scopes, iss, sub, client_id, jti, agent_platform, agent_context_id, act
                    FROM registrations WHERE id = @id
                    """,
                    row => new Holder(
                        (AgentRegistrationType)row.GetInt32(0),
                        (AgentRegistrationStatus)row.GetInt32(1),
                        row.Instant(2),
                        row.OptionalInstant(3),
                        row.Text(4),
                        row.Scopes(5),
                        row.Agent(6)),
                    ("@id", credential.RegistrationId));
                var scopes = holder is null ? [] : ScopesOf(holder, credential);
                var outcome = holder is null ? IssueOutcome.UnknownRegistration : await RefusalOfAsync(session, holder, credential, scopes);
                if (outcome != IssueOutcome.Issued)
                {
                    return new FurtherIssued(outcome, []);
                }

                await InsertAsync(
                    session,
                    new NewCredential(credential.Id, credential.Hash, credential.Type, scopes, credential.ExpiresAt),
                    credential.RegistrationId,
                    credential.ReceivedAt);
                await InsertAsync(
                    session,
                    credential.Audit.About(holder!.Agent) with
                    {
                        RegistrationId = credential.RegistrationId,
                        RegistrationType = holder.Type,
                        AccountId = holder.AccountId,
                    });
                return new FurtherIssued(IssueOutcome.Issued, scopes);
            },
            cancellationToken);

    private static ImmutableArray<string> ScopesOf(Holder holder, FurtherCredential credential)
    {
        var all = holder.Status == AgentRegistrationStatus.Claimed ? holder.GrantedScopes : credential.UnclaimedScopes;
        return credential.AskedScopes is { } asked ? [.. all.Where(scope => asked.Contains(scope))] : all;
    }

    /// <summary>Why the registration gets no further credential; <see cref="IssueOutcome.Issued"/>: it does, and the token is used up.</summary>
    private async ValueTask<IssueOutcome> RefusalOfAsync(StoreSession session, Holder holder, FurtherCredential credential, ImmutableArray<string> scopes)
    {
        if (holder.Status == AgentRegistrationStatus.Revoked || await IsRevokedAsync(session, holder.Agent, holder.AccountId, holder.CreatedAt, issuedAt: null))
        {
            return IssueOutcome.Revoked;
        }

        if (holder.Status == AgentRegistrationStatus.Unclaimed)
        {
            if (holder.ExpiresAt <= Later(credential.ReceivedAt))
            {
                return IssueOutcome.RegistrationExpired;
            }

            if (credential.UnclaimedScopes.IsEmpty)
            {
                return IssueOutcome.Unclaimed;
            }
        }

        if (scopes.IsEmpty)
        {
            return IssueOutcome.NoScope;
        }

        return credential.Replay is not { } token ? IssueOutcome.Issued : await UseUpAsync(session, token) switch
        {
            TokenUse.First => IssueOutcome.Issued,
            TokenUse.Replayed => IssueOutcome.Replayed,
            _ => IssueOutcome.TokenExpired,
        };
    }

    private sealed record Holder(
        AgentRegistrationType Type,
        AgentRegistrationStatus Status,
        DateTimeOffset CreatedAt,
        DateTimeOffset? ExpiresAt,
        string? AccountId,
        ImmutableArray<string> GrantedScopes,
        AgentIdentity? Agent);
}

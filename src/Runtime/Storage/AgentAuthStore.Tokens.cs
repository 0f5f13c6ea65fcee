namespace AgentAuth.Storage;

/// <content>Single tokens.</content>
internal sealed partial class AgentAuthStore
{
    /// <inheritdoc/>
    public ValueTask<TokenUse> UseTokenAsync(ReplayKey token, CancellationToken cancellationToken) =>
        ChangeAsync(session => UseUpAsync(session, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> IsRevokedAsync(AgentIdentity agent, DateTimeOffset receivedAt, DateTimeOffset issuedAt, CancellationToken cancellationToken) =>
        engine.ReadAsync(session => IsRevokedAsync(session, agent, null, receivedAt, issuedAt), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RevokeCredentialAsync(SecretHash hash, AgentAuditEvent audit, CancellationToken cancellationToken) => ChangeAsync(
        async session =>
        {
            if (await session.ExecuteAsync("UPDATE credentials SET revoked = 1 WHERE hash = @hash AND revoked = 0", ("@hash", hash)) == 0)
            {
                return false;
            }

            session.Effects.Changed.Add(hash);
            await InsertAsync(session, [audit]);
            return true;
        },
        cancellationToken);
}

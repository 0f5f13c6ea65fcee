namespace AgentAuth.Registrations;

/// <summary>
/// Registrations of one identity in this process, one after the other. An app makes an account before the registration that binds the identity to it,
/// and in between a parallel one would find an account with its own address that is not its own yet, and mail the owner. What may be issued is
/// not decided here: that is the store's.
/// </summary>
internal sealed class IdentityTurns
{
    private readonly Dictionary<AgentDelegationKey, Turn> _turns = [];

    /// <summary>Waits for the identity's turn, which ends when the result is disposed of.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async ValueTask<IDisposable> TakeAsync(AgentDelegationKey identity, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(identity, out turn))
            {
                _turns.Add(identity, turn = new Turn(this, identity));
            }

            turn.Wanted++;
        }

        try
        {
            await turn.Gate.WaitAsync(cancellationToken);
            return turn;
        }
        catch
        {
            turn.Leave();
            throw;
        }
    }

    /// <summary>The turns of one identity, kept while anybody wants one.</summary>
    private sealed class Turn(IdentityTurns all, AgentDelegationKey identity) : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Wanted { get; set; }

        public void Leave()
        {
            lock (all._turns)
            {
                if (--Wanted == 0)
                {
                    all._turns.Remove(identity);
                }
            }
        }

        public void Dispose()
        {
            Gate.Release();
            Leave();
        }
    }
}

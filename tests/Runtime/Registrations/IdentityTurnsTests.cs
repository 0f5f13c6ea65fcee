namespace AgentAuth.Registrations;

public sealed class IdentityTurnsTests
{
    [Fact]
    public async Task Whoever_gives_up_waiting_holds_nobody_up_and_another_identity_does_not_wait()
    {
        var turns = new IdentityTurns();
        var (alice, bob) = (new AgentDelegationKey("https://p.example", "alice"), new AgentDelegationKey("https://p.example", "bob"));
        using var givesUp = new CancellationTokenSource();

        var held = await turns.TakeAsync(alice, TestContext.Current.CancellationToken);
        var impatient = turns.TakeAsync(alice, givesUp.Token).AsTask();
        var patient = turns.TakeAsync(alice, TestContext.Current.CancellationToken).AsTask();
        (await turns.TakeAsync(bob, TestContext.Current.CancellationToken)).Dispose();
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(patient.IsCompleted);

        held.Dispose();
        (await patient).Dispose();
        (await turns.TakeAsync(alice, TestContext.Current.CancellationToken)).Dispose();
    }
}

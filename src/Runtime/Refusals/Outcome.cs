namespace AgentAuth.Refusals;

/// <summary>Either what was asked for or a refusal.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    private Outcome(T? value, Refusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    /// <summary>What was asked for; null when it was refused.</summary>
    public T? Value { get; }

    /// <summary>The refusal; null when there is none.</summary>
    public Refusal? Refusal { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);
}

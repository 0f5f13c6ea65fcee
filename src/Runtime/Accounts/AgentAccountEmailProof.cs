namespace AgentAuth;

/// <summary>What is known about a mail address by the time an app is asked for its account.</summary>
public enum AgentAccountEmailProof
{
    /// <summary>
    /// Nothing that counts: a provider says that the address is verified, and auth.md does not take its word for it. Nobody gets an account
    /// by such an address; its owner is asked first.
    /// </summary>
    None,

    /// <summary>A provider says so, whose word for addresses of that domain auth.md takes.</summary>
    Provider,

    /// <summary>Its owner showed it a moment ago, by the claim ceremony.</summary>
    Owner,
}

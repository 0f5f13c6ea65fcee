namespace AgentAuth;

/// <summary>A user at a provider. The two parts are kept apart: no separator can make two pairs collide.</summary>
/// <param name="Issuer">The provider's issuer identifier.</param>
/// <param name="Subject">The user there.</param>
public readonly record struct AgentDelegationKey(string Issuer, string Subject);

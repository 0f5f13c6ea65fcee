namespace AgentAuth.Testing;

/// <summary>A person known to a <see cref="DemoIdentityProvider"/>.</summary>
/// <param name="Name">What the demo calls them: <c>alice</c>.</param>
/// <param name="Subject">Their <c>sub</c>.</param>
/// <param name="Email">Their address.</param>
/// <param name="EmailVerified">Whether the provider says that it verified the address.</param>
public sealed record DemoUser(string Name, string Subject, string Email, bool EmailVerified = true);

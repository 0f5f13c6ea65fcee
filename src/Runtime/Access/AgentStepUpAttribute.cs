using AgentAuth.Access;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Authorization;

namespace AgentAuth;

/// <summary>
/// Requires of an agent that the user behind it signed in at the provider lately enough, or well enough (RFC 9470), beside the scopes that
/// <see cref="AgentScopeAttribute"/> or <see cref="UserOrAgentScopeAttribute"/> asks for. Otherwise: 401
/// <c>insufficient_user_authentication</c>, with what would be enough. Of an agent that no ID-JAG vouched for nothing is known, and it is
/// refused. Says nothing about people. Minimal APIs use <c>RequireAgentStepUp</c>. On a class and a method together, both apply. One that asks for
/// nothing stops the start.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AgentStepUpAttribute : Attribute, IAuthorizationRequirementData
{
    /// <summary>The longest <see cref="MaxAge"/>, in seconds: a year.</summary>
    private const int MaxMaxAge = 365 * 24 * 60 * 60;

    /// <summary>How many seconds ago the user may have signed in (<c>auth_time</c>) at the most, to which the clock skew is added; 0: that does not matter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or longer than a year.</exception>
    public int MaxAge
    {
        get;
        set => field = value is >= 0 and <= MaxMaxAge
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxAge is a number of seconds, from 1 to a year; 0 means that it does not matter.");
    }

    /// <summary>Authentication contexts of which <c>acr</c> must be one; empty: that does not matter.</summary>
    /// <exception cref="ArgumentException">One is not a single word in ASCII.</exception>
    public string[] Contexts
    {
        get;
        set => field = Checked(value);
    } = [];

    /// <summary>Authentication methods (RFC 8176) that <c>amr</c> must all name; empty: that does not matter.</summary>
    /// <exception cref="ArgumentException">One is not a single word in ASCII.</exception>
    public string[] Methods
    {
        get;
        set => field = Checked(value);
    } = [];

    /// <summary>What it asks for.</summary>
    internal RequiredAuthentication Required =>
        new([.. Methods], [.. Contexts], MaxAge == 0 ? null : TimeSpan.FromSeconds(MaxAge));

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new AgentStepUpRequirement(Required)];

    private static string[] Checked(string[] values) => values.All(AgentUserAuthentication.IsValue)
        ? values
        : throw new ArgumentException($"A value of acr or amr is one word in ASCII of at most {AgentUserAuthentication.MaxLength} characters, without quotation marks.", nameof(values));
}

namespace AgentAuth.AuthMd;

/// <summary>
/// How long ago a user may have signed in at the most: the bounds of that bound. Compiled into the runtime as well, so that auth.md and
/// configuration take the same ones.
/// </summary>
internal static class AuthenticationAges
{
    /// <summary>Two clocks may differ by a minute, so nothing shorter can be measured.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>More is no requirement.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>True for whole seconds (they are what <c>auth_time</c> and <c>max_age</c> are counted in) within the bounds.</summary>
    /// <param name="age">The bound.</param>
    public static bool IsUsable(TimeSpan age) => age >= Shortest && age <= Longest && age.Ticks % TimeSpan.TicksPerSecond == 0;
}

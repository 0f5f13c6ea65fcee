namespace Truth.App.Minimal.Own;

/// <summary>For <c>using static</c>.</summary>
internal static class Shortcuts
{
    public static void Get(IEndpointRouteBuilder app, string pattern) => app.MapGet(pattern, () => "ok"); // e132
}

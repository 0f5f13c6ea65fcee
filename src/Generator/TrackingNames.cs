namespace AgentAuth.Generator;

/// <summary>Names of the pipeline's steps, for the tests that see what was cached.</summary>
internal static class TrackingNames
{
    /// <summary>The marked auth.md was read and parsed.</summary>
    public const string Parse = "AuthMd.Parse";

    /// <summary>The model met the project's root namespace.</summary>
    public const string Emit = "AuthMd.Emit";
}

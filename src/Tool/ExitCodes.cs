namespace AgentAuth.Tool;

/// <summary>What the tool ends with, so that a script can tell a bad document from a bad call.</summary>
internal static class ExitCodes
{
    /// <summary>Done; the document has no error.</summary>
    public const int Success = 0;

    /// <summary>The document was read and has errors.</summary>
    public const int Errors = 1;

    /// <summary>Nothing was done: an argument or a file cannot be used.</summary>
    public const int Refused = 2;
}

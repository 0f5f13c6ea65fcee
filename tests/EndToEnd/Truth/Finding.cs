namespace AgentAuth.EndToEnd.Truth;

/// <summary>What an analyzer reported, and where. Line and column are counted from 1.</summary>
internal sealed record Finding(string Rule, string File, int Line, int Column, string Message)
{
    /// <summary>An endpoint that says nothing about agents.</summary>
    public const string Missing = "AUTHMD2002";

    /// <summary>An endpoint of which cannot be proved that it does.</summary>
    public const string Unknown = "AUTHMD2003";
}

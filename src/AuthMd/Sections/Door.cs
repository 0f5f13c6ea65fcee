namespace AgentAuth.AuthMd.Sections;

/// <summary>The doors of a service, of every generation.</summary>
internal enum Door
{
    Register,
    Claim,
    Revoke,
    Token,
    Authorize,
    Events,
}

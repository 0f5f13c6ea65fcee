namespace AgentAuth.Protocol.V01;

/// <summary>The paths of protocol v0.1 under the issuer.</summary>
internal static class V01Paths
{
    /// <summary>Registration, where auth.md names no other path.</summary>
    public const string Register = "/agent/auth";

    /// <summary>The start of a claim, where auth.md names no other path. Its further steps lie below it.</summary>
    public const string Claim = Register + "/claim";

    /// <summary>Revocation by providers, where auth.md names no other path.</summary>
    public const string Revoke = Register + "/revoke";

    /// <summary>Below the claim's path: the agent gives the code back.</summary>
    public const string Complete = "/complete";

    /// <summary>Below the claim's path: the page behind the mailed link.</summary>
    public const string View = "/view";

    /// <summary>Below the claim's path: the page's style.</summary>
    public const string ViewStyle = View + ".css";

    /// <summary>Below the claim's path: what the person's buttons call.</summary>
    public const string Attempt = "/attempt";

    /// <summary>Below the claim's path: shows the code.</summary>
    public const string Challenge = Attempt + "/challenge";

    /// <summary>Below the claim's path: "This wasn't me".</summary>
    public const string Decline = Attempt + "/decline";

    /// <summary>The query parameter that has the link's token.</summary>
    public const string LinkParameter = "token";
}

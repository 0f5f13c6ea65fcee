using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>The sections that declare something.</summary>
internal enum SectionKind
{
    Scopes,
    Methods,
    TrustedProviders,
    AccountMatching,
    Lifetimes,
    Limits,
    Endpoints,
    Register,
    Claim,
    Revocation,
}

/// <summary>The headings under which authors write them.</summary>
internal static class SectionKinds
{
    private static readonly Vocabulary<SectionKind> Headings = new()
    {
        { SectionKind.Scopes, "Scopes", "supported scopes", "scopes supported", "scopes & permissions", "permissions", "known scopes", "scope table" },
        {
            SectionKind.Methods, "Methods", "pick a method", "pick a registration method", "supported methods", "supported flows",
            "supported identity types", "supported identity types & flows", "registration methods", "registration flows",
            "supported registration methods", "identity & credential types"
        },
        { SectionKind.TrustedProviders, "Trusted providers", "trusted issuers", "trust list", "agent providers", "trusted agent providers" },
        { SectionKind.AccountMatching, "Account matching", "user matching", "matching", "provisioning" },
        { SectionKind.Lifetimes, "Lifetimes", "expiry", "credential lifetimes", "token lifetimes" },
        { SectionKind.Limits, "Limits", "rate limits", "quotas" },
        { SectionKind.Endpoints, "Endpoints", "API endpoints", "registration endpoints", "URLs" },
        { SectionKind.Register, "Register", "registration" },
        { SectionKind.Claim, "Claim" },
        { SectionKind.Revocation, "Revocation", "revoke" },
    };

    /// <summary>What a section declares; null when it is the author's own.</summary>
    public static SectionKind? Of(Section section) =>
        section.Level is >= 2 and <= 4 && Headings.TryGet(section.Title, out var kind) ? kind : null;
}

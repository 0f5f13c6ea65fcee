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
    Discover,
    Register,
    Claim,
    Use,
    Errors,
    Revocation,
    Contact,
    Policies,
}

/// <summary>The headings under which authors write them.</summary>
internal static class SectionKinds
{
    private static readonly Vocabulary<SectionKind> Headings = new()
    {
        {
            SectionKind.Scopes, "Scopes", "supported scopes", "scopes supported", "scopes & permissions", "permissions", "known scopes", "scope table",
            "scopes & capabilities", "scopes & supported capabilities", "available scopes", "OAuth scopes"
        },
        {
            SectionKind.Methods, "Methods", "pick a method", "pick a registration method", "supported methods", "supported flows",
            "supported identity types", "supported identity types & flows", "registration methods", "registration flows",
            "supported registration methods", "supported registration flows", "identity types", "identity & credential types"
        },
        { SectionKind.TrustedProviders, "Trusted providers", "trusted issuers", "trust list", "agent providers", "trusted agent providers" },
        { SectionKind.AccountMatching, "Account matching", "user matching", "matching", "provisioning" },
        { SectionKind.Lifetimes, "Lifetimes", "expiry", "credential lifetimes", "token lifetimes" },
        { SectionKind.Limits, "Limits", "rate limits", "quotas" },
        { SectionKind.Endpoints, "Endpoints", "API endpoints", "registration endpoints", "URLs" },
        { SectionKind.Discover, "Discover", "discovery" },
        { SectionKind.Register, "Register", "registration", "agent registration", "how to register" },
        { SectionKind.Claim, "Claim", "claim ceremony", "claiming" },
        {
            SectionKind.Use, "Use the credential", "use", "use the API", "use the access token", "using the credential", "using credentials",
            "credentials and use", "usage"
        },
        { SectionKind.Errors, "Errors", "error codes", "error handling" },
        { SectionKind.Revocation, "Revocation", "revoke", "handle revocation", "token revocation", "claim and revocation" },
        { SectionKind.Contact, "Contact", "support", "contact & support" },
        { SectionKind.Policies, "Policies", "access policies", "usage policy" },
    };

    /// <summary>What a section declares; null when it is the author's own.</summary>
    public static SectionKind? Of(Section section) =>
        section.Level is >= 2 and <= 4 && (Headings.TryGet(section.Title, out var kind) || Headings.TryGet(WithoutRemark(section.Title), out kind)) ? kind : null;

    /// <summary>Whether words are those under which authors list their methods.</summary>
    public static bool IsMethods(Fragment words) => Headings.TryGet(words, out var kind) && kind == SectionKind.Methods;

    /// <summary>The known heading that a section's own was probably meant to be; null when it is known, or near to none.</summary>
    public static string? Nearest(Section section)
    {
        // Timid: an author's own heading that resembles one of ours by chance is more frequent than a typing error.
        const int CharactersPerEdit = 5;
        const int MostEdits = 2;
        return Of(section) is null ? Headings.Nearest(Inlines.Plain(section.Title), CharactersPerEdit, MostEdits) : null;
    }

    // "Known scopes (v1)", "Claim (anonymous only)".
    private static Fragment WithoutRemark(Fragment title)
    {
        var open = title.IndexOf('(');
        return open > 0 && title.EndsWith(")") ? title.Slice(0, open) : title;
    }

    /// <summary>The step that a section of the author's describes; null when it describes none.</summary>
    public static StepKind? StepOf(Section section) => Of(section) switch
    {
        SectionKind.Discover => StepKind.Discover,
        SectionKind.Methods when Words.Normalize(Inlines.Plain(section.Title)).StartsWith("pick", StringComparison.Ordinal) => StepKind.PickMethod,
        SectionKind.Register => StepKind.Register,
        SectionKind.Claim => StepKind.Claim,
        SectionKind.Use => StepKind.Use,
        SectionKind.Errors => StepKind.Errors,
        SectionKind.Revocation => StepKind.Revocation,
        _ => null,
    };
}

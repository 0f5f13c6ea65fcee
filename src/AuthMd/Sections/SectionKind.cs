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
            "supported registration methods", "supported registration flows", "identity types", "identity & credential types", "how to authenticate",
            "ways to register", "ways to authenticate", "choosing a method", "which method to use", "which flow to use", "accepted identities"
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

    // What a heading about methods ends in, and what it may say before that.
    private static readonly string[] MethodWords = ["method", "flow", "option", "path", "way", "mode"];

    private static readonly string[] MethodQualifiers =
    [
        "supported", "support", "registration", "agent", "authentication", "auth", "available", "pick", "choose", "select", "a", "an", "the", "your", "first", "release", "identity",
        "access", "credential", "accepted", "enabled", "current", "our", "onboarding", "sign", "up", "signup", "of", "and", "for", "service", "v1", "which", "right", "how", "to", "two", "three", "four",
        "advertised", "implemented", "self", "autonomou", "ai", "connection", "login", "offered",
    ];

    // "A registration flow" tells a story; "registration flows" are the methods. The vocabulary knows the first as well.
    private static readonly string[] Strong = ["supported", "available", "pick", "choose", "select", "registration", "agent", "authentication", "auth", "which", "accepted", "enabled", "advertised", "implemented", "identity", "offered"];

    /// <summary>What a section declares; null when it is the author's own.</summary>
    public static SectionKind? Of(Section section)
    {
        if (section.Level is < 2 or > 4)
        {
            return null;
        }

        return Exact(section) ?? (IsLikelyMethods(section.Title) ? SectionKind.Methods : null);
    }

    /// <summary>Whether a section's heading is one of those that the language page lists.</summary>
    public static bool IsExact(Section section) => Exact(section) is not null;

    /// <summary>Whether words are those under which authors list their methods.</summary>
    public static bool IsMethods(Fragment words) => (Headings.TryGet(words, out var kind) && kind == SectionKind.Methods) || IsLikelyMethods(words);

    private static SectionKind? Exact(Section section) => Headings.TryGet(section.Title, out var kind) || Headings.TryGet(WithoutRemark(section.Title), out kind) ? kind : null;

    // "Supported first-release flows", "Choose your path", "Agent authentication methods".
    private static bool IsLikelyMethods(Fragment title)
    {
        const int MostWords = 8;
        var words = Words.Normalize(Inlines.Plain(WithoutRemark(title))).Split(' ');
        if (words.Length is < 2 or > MostWords)
        {
            return false;
        }

        var last = words[words.Length - 1];
        return (MethodWords.Contains(last) || (last == "type" && words[words.Length - 2] == "identity"))
            && words.Take(words.Length - 1).All(MethodQualifiers.Contains) && words.Any(Strong.Contains);
    }

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

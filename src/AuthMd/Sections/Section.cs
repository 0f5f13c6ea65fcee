using AgentAuth.AuthMd.Text;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Sections;

/// <summary>The sections that the compiler reads.</summary>
internal enum SectionKind
{
    /// <summary>The author's own, or one that is published as written.</summary>
    Other,
    Scopes,
    Methods,
    TrustedProviders,
    AccountMatching,
    Lifetimes,
    Limits,
    Endpoints,
}

/// <summary>A heading with what stands under it, deeper headings included.</summary>
internal sealed record Section(SectionKind Kind, HeadingBlock Heading, List<Block> Blocks);

/// <summary>Finds sections by their headings.</summary>
internal static class SectionNames
{
    private static readonly Dictionary<string, SectionKind> s_kinds = Table();

    public static SectionKind Find(string heading) =>
        s_kinds.TryGetValue(Names.Singular(Names.Normalize(heading)), out var kind) ? kind : SectionKind.Other;

    private static Dictionary<string, SectionKind> Table()
    {
        (SectionKind Kind, string[] Names)[] synonyms =
        [
            (SectionKind.Scopes, ["scopes", "supported scopes", "scopes and permissions", "permissions", "known scopes", "scope table"]),
            (SectionKind.Methods,
            [
                "methods", "pick a method", "pick a registration method", "supported methods", "supported flows", "supported identity types",
                "registration methods", "registration flows", "identity and credential types", "supported registration methods",
            ]),
            (SectionKind.TrustedProviders, ["trusted providers", "trusted issuers", "trust list", "agent providers", "trusted agent providers"]),
            (SectionKind.AccountMatching, ["account matching", "user matching", "matching", "provisioning"]),
            (SectionKind.Lifetimes, ["lifetimes", "expiry", "credential lifetime", "token lifetime"]),
            (SectionKind.Limits, ["limits", "rate limits", "quotas"]),
            (SectionKind.Endpoints, ["endpoints", "api endpoints", "registration endpoints", "urls"]),
        ];
        return synonyms
            .SelectMany(s => s.Names.Select(name => (s.Kind, Name: Names.Singular(name))))
            .ToDictionary(s => s.Name, s => s.Kind, StringComparer.Ordinal);
    }
}

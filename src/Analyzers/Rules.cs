using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers;

/// <summary>The rules as Roslyn knows them. Identifiers are in <see cref="AuthMdRules"/>.</summary>
internal static class Rules
{
    private const string HelpRoot = "https://github.com/agentauth/agentauth-codegen/blob/main/docs/rules/";

    // The sentence is made where the problem is found: it names what was read, what was expected and what to do.
    private const string Sentence = "{0}";

    public static readonly DiagnosticDescriptor UndeclaredScope = Error(AuthMdRules.UndeclaredScope, "A scope that auth.md does not declare", "AgentAuth.Code");

    public static readonly DiagnosticDescriptor Unreadable = Document(AuthMdRules.Unreadable, "Markdown nested too deeply to be read");

    public static readonly DiagnosticDescriptor UnusableComment = Document(AuthMdRules.UnusableComment, "An auth.md comment that has no effect");

    public static readonly DiagnosticDescriptor UnusableFact = Document(AuthMdRules.UnusableFact, "A fact given twice, or a misspelt word");

    public static readonly DiagnosticDescriptor MissingPart = Document(AuthMdRules.MissingPart, "A part that every auth.md has is missing");

    public static readonly DiagnosticDescriptor UnusableUrl = Document(AuthMdRules.UnusableUrl, "A URL that cannot be used");

    public static readonly DiagnosticDescriptor UnknownMethod = Document(AuthMdRules.UnknownMethod, "An unknown registration method");

    public static readonly DiagnosticDescriptor UnknownCredentialType = Document(AuthMdRules.UnknownCredentialType, "An unknown credential type");

    public static readonly DiagnosticDescriptor MethodCredentials = Document(AuthMdRules.MethodCredentials, "A method without credential types that it can issue");

    public static readonly DiagnosticDescriptor UnusableScope = Document(AuthMdRules.UnusableScope, "A malformed or repeated scope");

    public static readonly DiagnosticDescriptor DuplicateProvider = Document(AuthMdRules.DuplicateProvider, "A trusted provider listed twice");

    public static readonly DiagnosticDescriptor AccountMatching = Document(AuthMdRules.AccountMatching, "A step of account matching that is unknown or out of place");

    public static readonly DiagnosticDescriptor UnusableLifetime = Document(AuthMdRules.UnusableLifetime, "A lifetime that cannot be used");

    public static readonly DiagnosticDescriptor UnusableLimit = Document(AuthMdRules.UnusableLimit, "A rate limit that cannot be used");

    public static readonly DiagnosticDescriptor UnusableEndpoint = Document(AuthMdRules.UnusableEndpoint, "An endpoint that is not a path");

    private static DiagnosticDescriptor Document(string id, string title) => Error(id, title, "AgentAuth.Document");

    private static DiagnosticDescriptor Error(string id, string title, string category) =>
        new(id, title, Sentence, category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + id + ".md");
}

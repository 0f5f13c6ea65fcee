using System.Collections.Immutable;
using System.Reflection;

namespace AgentAuth.AuthMd;

/// <summary>A rule: what can be wrong, and how bad that is.</summary>
/// <param name="Id">Its identifier, such as <c>AUTHMD1007</c>.</param>
/// <param name="Severity">How bad it is, unless the user says otherwise.</param>
/// <param name="Title">What it finds, in a few words; also the heading of its page.</param>
/// <param name="IsOn">False when it is reported only where the user asks for it.</param>
public sealed record AuthMdRule(string Id, ProblemSeverity Severity, string Title, bool IsOn = true)
{
    /// <summary>True when the rule is about the document alone; false when it holds code against it.</summary>
    public bool IsOfDocument => string.CompareOrdinal(Id, "AUTHMD2") < 0;

    /// <summary>True when the rule is about the project, and what reports it is the package's targets, before anything is compiled.</summary>
    public bool IsOfProject => string.CompareOrdinal(Id, "AUTHMD4") > 0;

    // The build writes the project's address into the assembly: Directory.Build.props is its only place.
    private static readonly string s_pages = typeof(AuthMdRule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RulePagesUrl").Value!;

    /// <summary>The address of its page. The package and the tool carry the page itself, too.</summary>
    public string HelpUrl => s_pages + Id + ".md";
}

/// <summary>
/// Every rule, in one place. An identifier is never renumbered and never used again: <c>AUTHMD0xxx</c> document form,
/// <c>AUTHMD1xxx</c> document meaning, <c>AUTHMD2xxx</c> code against document, <c>AUTHMD3xxx</c> use of the runtime, <c>AUTHMD4xxx</c> the project.
/// </summary>
public static class AuthMdRules
{
    /// <summary>Markdown that is nested too deeply to be read.</summary>
    public const string Unreadable = "AUTHMD0001";

    /// <summary>A comment <c>&lt;!-- auth.md:… --&gt;</c> that is not known, given twice, or stands where it has no effect.</summary>
    public const string UnusableComment = "AUTHMD0002";

    /// <summary>A fact that is given twice, a label that is misspelt, or a word that is none of those its place allows.</summary>
    public const string UnusableFact = "AUTHMD0003";

    /// <summary>A second file of one project is marked as its auth.md.</summary>
    public const string SecondDocument = "AUTHMD0004";

    /// <summary>The first heading does not contain "auth.md", by which readiness scanners know the file.</summary>
    public const string TitleWithoutFileName = "AUTHMD1001";

    /// <summary>Something that every auth.md must have is missing: name, resource, scopes or a method.</summary>
    public const string MissingPart = "AUTHMD1002";

    /// <summary>A URL that cannot be used as one.</summary>
    public const string UnusableUrl = "AUTHMD1003";

    /// <summary>A registration method that the protocol does not have.</summary>
    public const string UnknownMethod = "AUTHMD1004";

    /// <summary>A credential type that the protocol does not have.</summary>
    public const string UnknownCredentialType = "AUTHMD1005";

    /// <summary>A method without credential types, or with one that it cannot issue.</summary>
    public const string MethodCredentials = "AUTHMD1006";

    /// <summary>A malformed scope, one declared twice, or two that get the same C# name.</summary>
    public const string UnusableScope = "AUTHMD1007";

    /// <summary>A scope that an example, a request or a machine block of the document uses and no scope declares.</summary>
    public const string UndeclaredScopeInDocument = "AUTHMD1008";

    /// <summary>Anonymous start is on and no scope is granted before the claim.</summary>
    public const string NoPreClaimScope = "AUTHMD1009";

    /// <summary>ID-JAG is on and no provider is trusted; configuration may name some.</summary>
    public const string NoTrustedProvider = "AUTHMD1010";

    /// <summary>A trusted provider that is listed twice, or of which an algorithm, a requirement or a mail domain cannot be used.</summary>
    public const string DuplicateProvider = "AUTHMD1011";

    /// <summary>A step of account matching that is unknown or in the wrong place.</summary>
    public const string AccountMatching = "AUTHMD1012";

    /// <summary>A lifetime that does not parse or is out of range.</summary>
    public const string UnusableLifetime = "AUTHMD1013";

    /// <summary>A rate limit that does not parse.</summary>
    public const string UnusableLimit = "AUTHMD1014";

    /// <summary>An endpoint that is not a path of the authorization server, that another one has, or whose method is off.</summary>
    public const string UnusableEndpoint = "AUTHMD1015";

    /// <summary>A JSON or YAML block that does not parse, is misspelt, contradicts the Markdown, or is given twice.</summary>
    public const string MachineBlock = "AUTHMD1016";

    /// <summary>A <c>skill</c> that is not this document's URL, or a <c>register_uri</c> that is a document or a page for people.</summary>
    public const string UnusableDocumentUrl = "AUTHMD1017";

    /// <summary>An http example whose body the protocol would refuse.</summary>
    public const string RefusedExample = "AUTHMD1018";

    /// <summary>Credentials are issued, generated sections are off, and errors, revocation or a contact are not described.</summary>
    public const string UndescribedLifecycle = "AUTHMD1019";

    /// <summary>A heading that is nearly, but not quite, one that the compiler reads.</summary>
    public const string NearlySection = "AUTHMD1020";

    /// <summary>A placeholder such as <c>{{url}}</c> or <c>your-domain.com</c>.</summary>
    public const string Placeholder = "AUTHMD1021";

    /// <summary>Something that looks like a real key or token.</summary>
    public const string Secret = "AUTHMD1022";

    /// <summary>All scopes are granted before the claim, so that claiming would gain nothing.</summary>
    public const string NothingToClaim = "AUTHMD1023";

    /// <summary>A provider is trusted although ID-JAG is off.</summary>
    public const string UnusedProvider = "AUTHMD1024";

    /// <summary>An account is linked because a provider says so, without asking its owner.</summary>
    public const string LinksOnProvidersWord = "AUTHMD1025";

    /// <summary>A provider is trusted under the name of an example, and anybody can register that name.</summary>
    public const string ExampleProvider = "AUTHMD1026";

    /// <summary>Something where the compiler expects a fact, and that it could not read, or could read in two ways.</summary>
    public const string NotUnderstood = "AUTHMD1027";

    /// <summary>A method, an endpoint or a generation of the protocol that is read and that the service does not have.</summary>
    public const string NotServed = "AUTHMD1028";

    /// <summary>A section of the author's that takes the place of a generated one and leaves the agent without the request, or sends it to another address.</summary>
    public const string MisleadingSection = "AUTHMD1029";

    /// <summary>A scope that code names and auth.md does not declare.</summary>
    public const string UndeclaredScope = "AUTHMD2001";

    /// <summary>An endpoint that does not say whether agents may use it.</summary>
    public const string UnannotatedEndpoint = "AUTHMD2002";

    /// <summary>An endpoint of which cannot be proved that it says so.</summary>
    public const string UnprovenEndpoint = "AUTHMD2003";

    /// <summary>A scope that auth.md declares and no code asks for.</summary>
    public const string UnusedScope = "AUTHMD2004";

    /// <summary>A scope written as a literal where a constant exists.</summary>
    public const string LiteralScope = "AUTHMD2005";

    /// <summary>Annotations of one endpoint of which one makes another void.</summary>
    public const string ContradictingAnnotations = "AUTHMD2007";

    /// <summary>An endpoint that changes state and asks only for scopes that an agent holds before anybody claimed it.</summary>
    public const string UnclaimedWrite = "AUTHMD2008";

    /// <summary>An attribute about agents on something where nothing enforces it.</summary>
    public const string InertGuard = "AUTHMD2009";

    /// <summary>Endpoints of which only the check at start knows what they say, counted once for each project.</summary>
    public const string LeftToTheStart = "AUTHMD2010";

    /// <summary><c>AddAgentAuth</c> without <c>MapAgentAuth</c>, or the reverse.</summary>
    public const string HalfWired = "AUTHMD3001";

    /// <summary>Middleware in an order in which annotations have no effect.</summary>
    public const string MiddlewareOrder = "AUTHMD3002";

    /// <summary>A route of the app where the protocol has one.</summary>
    public const string ShadowedPath = "AUTHMD3003";

    /// <summary>An endpoint with a scope that answers 401 by itself.</summary>
    public const string OwnUnauthorized = "AUTHMD3004";

    /// <summary>The issuer or resource of auth.md written into the code.</summary>
    public const string HardCodedIdentifier = "AUTHMD3005";

    /// <summary>No auth.md where the project has one.</summary>
    public const string MissingDocument = "AUTHMD4001";

    /// <summary>A project in which no auth.md can be compiled.</summary>
    public const string UnfitProject = "AUTHMD4002";

    /// <summary>The rules in the order of their identifiers.</summary>
    public static ImmutableArray<AuthMdRule> All { get; } =
    [
        new(Unreadable, ProblemSeverity.Error, "Markdown nested too deeply to be read"),
        new(UnusableComment, ProblemSeverity.Error, "An auth.md comment that has no effect"),
        new(UnusableFact, ProblemSeverity.Error, "A fact given twice, or a misspelt word"),
        new(SecondDocument, ProblemSeverity.Error, "A second auth.md in one project"),
        new(TitleWithoutFileName, ProblemSeverity.Warning, "The first heading does not say auth.md"),
        new(MissingPart, ProblemSeverity.Error, "A part that every auth.md has is missing"),
        new(UnusableUrl, ProblemSeverity.Error, "A URL that cannot be used"),
        new(UnknownMethod, ProblemSeverity.Error, "An unknown registration method"),
        new(UnknownCredentialType, ProblemSeverity.Error, "An unknown credential type"),
        new(MethodCredentials, ProblemSeverity.Error, "A method without credential types that it can issue"),
        new(UnusableScope, ProblemSeverity.Error, "A malformed or repeated scope"),
        new(UndeclaredScopeInDocument, ProblemSeverity.Error, "An example uses a scope that is not declared"),
        new(NoPreClaimScope, ProblemSeverity.Error, "Anonymous start without a pre-claim scope"),
        new(NoTrustedProvider, ProblemSeverity.Warning, "ID-JAG without a trusted provider"),
        new(DuplicateProvider, ProblemSeverity.Error, "A trusted provider that cannot be used"),
        new(AccountMatching, ProblemSeverity.Error, "A step of account matching that is unknown or out of place"),
        new(UnusableLifetime, ProblemSeverity.Error, "A lifetime that cannot be used"),
        new(UnusableLimit, ProblemSeverity.Error, "A rate limit that cannot be used"),
        new(UnusableEndpoint, ProblemSeverity.Error, "An endpoint that cannot be used"),
        new(MachineBlock, ProblemSeverity.Error, "A machine block that says something else"),
        new(UnusableDocumentUrl, ProblemSeverity.Error, "A machine URL that leads to the wrong document"),
        new(RefusedExample, ProblemSeverity.Error, "An example request that the protocol refuses"),
        new(UndescribedLifecycle, ProblemSeverity.Warning, "Credentials without errors, revocation or contact"),
        new(NearlySection, ProblemSeverity.Info, "A heading that nearly is a known one"),
        new(Placeholder, ProblemSeverity.Error, "A placeholder that nobody filled in"),
        new(Secret, ProblemSeverity.Error, "Something that looks like a real secret"),
        new(NothingToClaim, ProblemSeverity.Warning, "Every scope is granted before the claim"),
        new(UnusedProvider, ProblemSeverity.Error, "Trusted providers although ID-JAG is off"),
        new(LinksOnProvidersWord, ProblemSeverity.Info, "Accounts are linked on a provider's word"),
        new(ExampleProvider, ProblemSeverity.Warning, "A trusted provider with the name of an example"),
        new(NotUnderstood, ProblemSeverity.Info, "Something that could not be read, or in two ways"),
        new(NotServed, ProblemSeverity.Info, "Something that is read and not served"),
        new(MisleadingSection, ProblemSeverity.Info, "A section that does not say what the service does"),
        new(UndeclaredScope, ProblemSeverity.Error, "A scope that auth.md does not declare"),
        new(UnannotatedEndpoint, ProblemSeverity.Warning, "An endpoint that says nothing about agents"),
        new(UnprovenEndpoint, ProblemSeverity.Info, "An endpoint whose annotation cannot be proved", IsOn: false),
        new(UnusedScope, ProblemSeverity.Warning, "A declared scope that no code asks for"),
        new(LiteralScope, ProblemSeverity.Info, "A scope written as a literal"),
        new(ContradictingAnnotations, ProblemSeverity.Warning, "Annotations that contradict each other"),
        new(UnclaimedWrite, ProblemSeverity.Info, "A write that an unclaimed agent may do"),
        new(InertGuard, ProblemSeverity.Error, "A guard where nothing enforces it"),
        new(LeftToTheStart, ProblemSeverity.Info, "Endpoints that only the check at start judges"),
        new(HalfWired, ProblemSeverity.Warning, "Half of the wiring"),
        new(MiddlewareOrder, ProblemSeverity.Warning, "Middleware in an order that voids the annotations"),
        new(ShadowedPath, ProblemSeverity.Warning, "A route of the app on a path of the protocol"),
        new(OwnUnauthorized, ProblemSeverity.Info, "A 401 to an agent that is signed in"),
        new(HardCodedIdentifier, ProblemSeverity.Info, "An identifier of auth.md written into the code"),
        new(MissingDocument, ProblemSeverity.Error, "No auth.md where it is looked for"),
        new(UnfitProject, ProblemSeverity.Error, "A project that cannot compile an auth.md"),
    ];

    /// <summary>The rule of an identifier; null when there is none.</summary>
    /// <param name="id">An identifier; capitals do not matter.</param>
    public static AuthMdRule? Find(string id) => All.FirstOrDefault(rule => string.Equals(rule.Id, id, StringComparison.OrdinalIgnoreCase));
}

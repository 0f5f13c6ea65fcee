using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Sections;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd.Checks;

/// <summary>Machine blocks against the Markdown, which is the source: agents read whichever they find first.</summary>
internal sealed class MachineChecks
{
    private static readonly string[] Keys =
    [
        "skill", "register_uri", "claim_uri", "revocation_uri", "identity_types_supported", "anonymous", "identity_assertion", "events_supported",
        "scopes_supported", "service_auth",
    ];

    // Of the newest generation: agents of that one read them.
    private static readonly string[] Newest = ["identity_endpoint", "claim_endpoint", "events_endpoint"];

    // Names of later versions of the protocol, and of drafts, and what v0.1 calls the same thing.
    private static readonly Dictionary<string, string> OtherVersions = new(StringComparer.Ordinal)
    {
        ["registration_endpoint"] = "register_uri",
        ["revocation_endpoint"] = "revocation_uri",
        ["supported_identity_types"] = "identity_types_supported",
        ["credential_types"] = "credential_types_supported",
    };

    // Where people sign in. An agent that posts there gets a page.
    private static readonly string[] PagesForPeople = ["login", "signin", "sign-in", "signup", "sign-up", "dashboard", "account", "pricing", "pay"];

    private readonly Problems _problems;
    private readonly AuthDocument _document;
    private readonly HashSet<MethodKind> _methods;
    private readonly string? _issuer;

    private MachineChecks(Problems problems, AuthDocument document)
    {
        _problems = problems;
        _document = document;
        _methods = [.. document.Methods.Select(method => method.Kind)];
        _issuer = document.AuthorizationServer?.Value ?? OriginOf(document.Resource?.Value);
    }

    public static void Check(Reading reading, AuthDocument document)
    {
        var checks = new MachineChecks(reading.Problems, document);
        var isFirst = true;
        foreach (var block in reading.Machine.All)
        {
            checks.CheckIdentifiers(block);
            if (block.AgentAuth is { } metadata)
            {
                checks.CheckKey(block, metadata, isFirst);
                isFirst = false;
                checks.CheckMetadata(metadata);
            }
        }
    }

    private void CheckKey(MachineBlock block, MachineObject metadata, bool isFirst)
    {
        var place = block.Key?.Span ?? new SourceSpan(block.Root.Span.Start, 1);
        if (!isFirst)
        {
            Report(place, "This is the second block with agent_auth metadata. Keep one: two can disagree.");
        }
        else if (!block.IsKeyed)
        {
            Report(
                place,
                block.Key is { } key
                    ? $"\"{Problems.Shorten(key.Value)}\" is not the name under which agents look. Write \"{MachineBlock.Name}\"."
                    : $"These metadata stand at the root, where no agent looks. Put them under \"{MachineBlock.Name}\".",
                block.Key is null ? null : Problems.Change(place, MachineBlock.Name));
        }

        foreach (var member in ReferenceEquals(metadata, block.Root) ? [] : metadata.Members)
        {
            var name = member.Name.Value;
            if (Newest.Contains(name))
            {
                _problems.Report(
                    AuthMdRules.NotServed,
                    member.Name.Span,
                    $"\"{name}\" is of the newest generation of the protocol. It is read, and this service speaks v0.1 there: an agent of the newest generation would be refused.");
            }
            else if (OtherVersions.TryGetValue(name, out var ours))
            {
                var fix = metadata.Find(ours) is null ? $"Write \"{ours}\", or remove it" : $"\"{ours}\" says it already; remove this";
                Report(member.Name.Span, $"\"{name}\" is not of protocol v0.1, which this service speaks. {fix}.");
            }
            else if (!Keys.Contains(name))
            {
                _problems.ReportMisspelt(
                    AuthMdRules.MachineBlock,
                    member.Name.Span,
                    $"\"{Problems.Shorten(name)}\" is not known in {MachineBlock.Name}, so agents pass it over. Remove it, or correct it.",
                    NearestName.Find(name, Keys.Where(key => metadata.Find(key) is null), mostEdits: 3));
            }
        }
    }

    private void CheckMetadata(MachineObject metadata)
    {
        if (_methods.Count > 0)
        {
            CheckList(metadata, "identity_types_supported", IdentityTypes(metadata));
            CheckList(metadata.Object("identity_assertion"), "assertion_types_supported", AssertionTypes(metadata));
            CheckList(metadata.Object("anonymous"), "credential_types_supported", [.. CredentialTypes(MethodKind.Anonymous)]);
            CheckList(metadata.Object("identity_assertion"), "credential_types_supported", [.. CredentialTypes(MethodKind.VerifiedEmail), .. CredentialTypes(MethodKind.IdentityAssertion)]);
        }

        CheckSkill(metadata);
        CheckRegister(metadata);
        CheckEndpoint(metadata, "claim_uri", _document.Endpoints.Claim, V01Paths.Claim);
        CheckEndpoint(metadata, "revocation_uri", _document.Endpoints.Revoke, V01Paths.Revoke);
    }

    private void CheckIdentifiers(MachineBlock block)
    {
        CheckText(block.Root.Text("resource"), "resource", _document.Resource?.Value);
        CheckText(block.Root.Text("issuer"), "issuer", _issuer);
        CheckList(block.Root, "authorization_servers", _issuer is null ? [] : [_issuer]);
    }

    // Registration by email is identity_assertion in v0.1, and service_auth in the newest generation; a block may serve both.
    private string[] IdentityTypes(MachineObject metadata)
    {
        var isEmailNamed = metadata.List("identity_types_supported").Any(type => type.Value == "service_auth");
        var isEmail = _methods.Contains(MethodKind.VerifiedEmail);
        var isAssertion = _methods.Contains(MethodKind.IdentityAssertion)
            || (isEmail && (!isEmailNamed || metadata.List("identity_types_supported").Any(type => type.Value == "identity_assertion")));
        return
        [.. new[]
        {
            _methods.Contains(MethodKind.Anonymous) ? "anonymous" : null,
            isAssertion ? "identity_assertion" : null,
            isEmail && isEmailNamed ? "service_auth" : null,
        }.OfType<string>()];
    }

    private string[] AssertionTypes(MachineObject metadata) =>
        [.. new[]
        {
            _methods.Contains(MethodKind.IdentityAssertion) ? OAuthNames.IdJag : null,
            _methods.Contains(MethodKind.VerifiedEmail)
                && (metadata.List("identity_types_supported").All(type => type.Value != "service_auth")
                    || metadata.Object("identity_assertion")?.List("assertion_types_supported").Any(type => type.Value == "verified_email") is true)
                ? "verified_email"
                : null,
        }.OfType<string>()];

    private IEnumerable<string> CredentialTypes(MethodKind kind) =>
        _document.Methods.Where(method => method.Kind == kind).SelectMany(method => method.Credentials).Select(credential => credential.Value == CredentialKind.ApiKey ? "api_key" : "access_token");

    // What is not declared cannot be listed, what is declared cannot be left out.
    private void CheckList(MachineObject? metadata, string name, string[] declared)
    {
        if (metadata?.Find(name) is not { Value: MachineArray } member || declared.Length == 0)
        {
            return;
        }

        var listed = metadata.List(name).ToList();
        foreach (var item in listed.Where(item => !declared.Contains(item.Value)))
        {
            Report(item.Span, $"\"{Problems.Shorten(item.Value)}\" is not what the Markdown declares, which is {Quote(declared)}. Correct one of the two.");
        }

        if (declared.FirstOrDefault(value => listed.All(item => item.Value != value)) is { } missing)
        {
            Report(member.Name.Span, $"\"{name}\" lacks \"{missing}\", which the Markdown declares. Correct one of the two.");
        }
    }

    private void CheckText(Located<string>? text, string name, string? declared)
    {
        if (text is not null && declared is not null && text.Value != declared)
        {
            Report(text.Span, $"\"{name}\" is \"{Problems.Shorten(text.Value)}\" here and \"{Problems.Shorten(declared)}\" in the Markdown. Correct one of the two.", Problems.Change(text.Span, declared) with { GivesNothing = true });
        }
    }

    private void CheckSkill(MachineObject metadata)
    {
        if (metadata.Text("skill") is { } skill && OriginOf(_issuer) is { } origin && skill.Value != origin + "/auth.md")
        {
            _problems.Report(
                AuthMdRules.UnusableDocumentUrl,
                skill.Span,
                $"\"skill\" is \"{Problems.Shorten(skill.Value)}\"; this document is served at {origin}/auth.md. Write that.",
                Problems.Change(skill.Span, origin + "/auth.md") with { GivesNothing = true });
        }
    }

    private void CheckRegister(MachineObject metadata)
    {
        if (metadata.Text("register_uri") is not { } register)
        {
            return;
        }

        var path = register.Value.Split('?', '#')[0].TrimEnd('/').ToLowerInvariant();
        var last = path.Substring(path.LastIndexOf('/') + 1);
        var isDocument = last.EndsWith(".md", StringComparison.Ordinal) || last.EndsWith(".html", StringComparison.Ordinal);
        if (isDocument || path.Split('/').Skip(3).Any(PagesForPeople.Contains))
        {
            _problems.Report(
                AuthMdRules.UnusableDocumentUrl,
                register.Span,
                $"\"register_uri\" is \"{Problems.Shorten(register.Value)}\", {(isDocument ? "a document" : "a page for people")}; an agent posts JSON there. Write the URL of the registration endpoint.");
        }
        else
        {
            CheckEndpoint(metadata, "register_uri", _document.Endpoints.Register, V01Paths.Register);
        }
    }

    private void CheckEndpoint(MachineObject metadata, string name, Located<string>? endpoint, string byDefault)
    {
        if (metadata.Text(name) is not { } text || _issuer is null || ReferenceEquals(text.Value, endpoint?.Value) || text.Span == endpoint?.Span)
        {
            return;
        }

        var path = endpoint?.Value ?? byDefault;
        CheckText(text, name, path.IndexOf("://", StringComparison.Ordinal) > 0 ? path : _issuer.TrimEnd('/') + path);
    }

    private void Report(SourceSpan span, string message, AuthMdFix? fix = null) => _problems.Report(AuthMdRules.MachineBlock, span, message, fix);

    private static string Quote(string[] values) => string.Join(", ", values.Select(value => $"\"{value}\""));

    private static string? OriginOf(string? url) =>
        url is not null && Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null;
}

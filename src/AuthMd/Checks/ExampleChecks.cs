using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Sections;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd.Checks;

/// <summary>Requests that the document shows must be requests that the protocol takes (v0.1): agents copy them.</summary>
internal sealed class ExampleChecks
{

    private static readonly string[] Types = ["identity_assertion", "anonymous"];
    private static readonly string[] AssertionTypes = [OAuthNames.IdJag, "verified_email"];
    private static readonly string[] CredentialTypes = ["access_token", "api_key"];

    private readonly Problems _problems;

    private ExampleChecks(Problems problems) => _problems = problems;

    public static void Check(Reading reading, AuthDocument document)
    {
        if (document.Methods.IsEmpty)
        {
            return;
        }

        var checks = new ExampleChecks(reading.Problems);
        // A request line may hold the whole path, or what follows the issuer's.
        var issuer = document.AuthorizationServer is { } server ? PathOf(server.Value).TrimEnd('/') : "";
        var register = PathOf(document.Endpoints.Register, V01Paths.Register);
        var claim = PathOf(document.Endpoints.Claim, V01Paths.Claim);
        foreach (var fence in reading.Sections.SelectMany(section => section.Fences).Where(fence => fence.Language == "http"))
        {
            if (HttpExample.Read(fence.Text) is not { Method: "POST" } example)
            {
                continue;
            }

            var path = PathOf(example.Target.ToString());
            if (issuer.Length > 0 && path.StartsWith(issuer + "/", StringComparison.Ordinal))
            {
                path = path.Substring(issuer.Length);
            }

            if (path == register)
            {
                checks.CheckBody(example, checks.CheckRegistration);
            }
            else if (path == claim)
            {
                checks.CheckBody(example, body => checks.CheckTexts(body, "claim_token", body.Find("login_hint") is null ? "email" : "login_hint"));
            }
            else if (path == claim + V01Paths.Complete)
            {
                checks.CheckBody(example, body => checks.CheckTexts(body, "claim_token", body.Find("user_code") is null ? "otp" : "user_code"));
            }
        }
    }

    private void CheckBody(HttpExample example, Action<MachineObject> check)
    {
        // Some write the head of a request only, or the body into a fence of its own.
        if (example.Body.IsEmpty)
        {
            return;
        }

        if (JsonReader.Read(example.Body, out var fault) is MachineObject body)
        {
            check(body);
        }
        else
        {
            Report(fault?.Span ?? example.Body.Span, fault is null ? "The body of this request is not a JSON object" : $"The body of this request is not valid JSON: it {fault.Reason} here");
        }
    }

    private void CheckRegistration(MachineObject body)
    {
        // The newest generation has types of its own.
        if (body.Text("type")?.Value is ("service_auth" or "refresh") and var newest)
        {
            CheckTexts(body, newest == "refresh" ? "refresh_token" : "login_hint");
            _problems.Report(
                AuthMdRules.NotServed,
                body.Text("type")!.Span,
                $"\"{newest}\" is of the newest generation of the protocol. It is read, and this service speaks v0.1 there: it would answer invalid_request.");
            return;
        }

        if (CheckWord(body, "type", Types) is not { } type)
        {
            return;
        }

        if (type == "identity_assertion")
        {
            if (CheckWord(body, "assertion_type", AssertionTypes) is not null)
            {
                CheckTexts(body, "assertion");
            }
        }

        if (body.Find("requested_credential_type") is not null)
        {
            CheckWord(body, "requested_credential_type", CredentialTypes);
        }
    }

    private void CheckTexts(MachineObject body, params string[] names)
    {
        foreach (var name in names)
        {
            FindText(body, name);
        }
    }

    // The word of a member that is there and one of those expected; otherwise null, and the problem is reported.
    private string? CheckWord(MachineObject body, string name, string[] words)
    {
        var expected = string.Join(" or ", words.Select(word => $"\"{word}\""));
        if (FindText(body, name, "; expected " + expected) is not { } text)
        {
            return null;
        }

        if (words.Contains(text.Value))
        {
            return text.Value;
        }

        Report(text.Span, $"\"{name}\" is \"{Problems.Shorten(text.Value)}\"; expected {expected}", NearestName.Find(text.Value, words));
        return null;
    }

    private Located<string>? FindText(MachineObject body, string name, string expected = "")
    {
        if (body.Find(name) is not { } member)
        {
            var similar = body.Members.FirstOrDefault(candidate => NearestName.Find(candidate.Name.Value, [name]) is not null);
            Report(
                similar?.Name.Span ?? new SourceSpan(body.Span.Start, 1),
                similar is null ? $"This request lacks \"{name}\"{expected}" : $"\"{Problems.Shorten(similar.Name.Value)}\" is not a member of this request",
                similar is null ? null : name);
            return null;
        }

        if (member.Value is MachineText text)
        {
            return text.Located;
        }

        Report(member.Value.Span, $"\"{name}\" is not a string{expected}");
        return null;
    }

    private void Report(SourceSpan span, string what, string? meant = null) =>
        _problems.ReportMisspelt(AuthMdRules.RefusedExample, span, $"{what}. The endpoint would answer invalid_request.", meant);

    private static string PathOf(Located<string>? endpoint, string byDefault) => endpoint is null ? byDefault : PathOf(endpoint.Value);

    private static string PathOf(string target) =>
        target.IndexOf("://", StringComparison.Ordinal) > 0 && Uri.TryCreate(target, UriKind.Absolute, out var uri) ? uri.AbsolutePath : target;
}

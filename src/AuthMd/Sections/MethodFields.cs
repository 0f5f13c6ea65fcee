using System.Collections.Immutable;
using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Markdown;
using AgentAuth.Protocol.OAuth;

namespace AgentAuth.AuthMd.Sections;

/// <summary>What stands under a method's name: labelled bullets, and the credential types that it issues.</summary>
/// <param name="reading">The document.</param>
/// <param name="names">The names of methods, which are no credential types.</param>
internal sealed class MethodFields(Reading reading, Vocabulary<MethodName> names)
{
    private enum Field
    {
        Credentials,
        Rotation,
        Claim,
        Mail,
        Assertions,
        Other,
    }

    private static readonly Vocabulary<MethodName> AssertionTypes = new()
    {
        { MethodName.IdentityAssertion, OAuthNames.IdJag, "id-jag" },
        { MethodName.VerifiedEmail, "verified_email", "email" },
    };

    private static readonly Vocabulary<CredentialKind> CredentialNames = new()
    {
        { CredentialKind.AccessToken, "access_token" },
        { CredentialKind.ApiKey, "api_key" },
    };

    private static readonly Vocabulary<Field> Fields = new()
    {
        { Field.Credentials, "Credentials", "credential types", "credential", "supported credential types" },
        { Field.Rotation, "Rotation" },
        { Field.Mail, "Mail" },
        { Field.Assertions, "Assertion types", "assertions", "assertion_types_supported", "supported assertion types" },
        { Field.Claim, "Claim" },
        { Field.Other, "supported identity", "identity type" },
    };

    private static readonly Vocabulary<bool> Rotations = new() { { true, "on claim" }, { false, "never" } };
    private static readonly Vocabulary<bool> OptionalClaims = new() { { true, "optional" } };
    private static readonly Vocabulary<bool> RequiredClaims = new() { { true, "required" } };
    private static readonly Vocabulary<bool> FirstLinkClaims = new() { { true, "on first link" }, { true, "never" } };
    private static readonly Vocabulary<bool> Mails = new() { { true, "code" }, { false, "link" } };

    private readonly HashSet<MethodKind> _hasBadCredentials = [];

    /// <summary>The kind of a method that can be served.</summary>
    public static MethodKind KindOf(MethodName name) => name switch
    {
        MethodName.Anonymous => MethodKind.Anonymous,
        MethodName.VerifiedEmail => MethodKind.VerifiedEmail,
        _ => MethodKind.IdentityAssertion,
    };

    /// <summary>A method's name, as an author writes it.</summary>
    public static string NameOf(MethodName name) => name switch
    {
        MethodName.Anonymous => "anonymous",
        MethodName.VerifiedEmail => "verified_email",
        MethodName.AuthorizationCode => "authorization_code",
        _ => "identity_assertion + id-jag",
    };

    /// <summary>The assertion types that the machine blocks list under identity_assertion.</summary>
    public static IReadOnlyList<Located<MethodName>> AssertionTypesOf(MachineBlocks machine) =>
        KindsOf(machine.All.SelectMany(block => block.AgentAuth?.Object("identity_assertion")?.List("assertion_types_supported") ?? []));

    /// <summary>The assertion types that the bullets of a method list.</summary>
    public static IReadOnlyList<Located<MethodName>> AssertionsIn(IEnumerable<Labelled> fields) => KindsOf(fields
        .Where(field => Fields.TryGet(field.Label, out var known) && known == Field.Assertions)
        .SelectMany(field => field.Values)
        .Select(value => new Located<string>(value.ToString(), value.Span)));

    /// <summary>The methods that a value lists as assertion types.</summary>
    public static IReadOnlyList<Located<MethodName>> KindsOf(Fragment value) => KindsOf(Inlines.Values(value).Select(each => new Located<string>(each.ToString(), each.Span)));

    public static bool HasCredentials(IEnumerable<Labelled> fields) => fields.Any(field => Fields.TryGet(field.Label, out var known) && known == Field.Credentials);

    public static bool IsCredential(Fragment word) => CredentialNames.TryGet(word, out _);

    /// <summary>Whether a value is meant as a list of credential types, and not as an explanation.</summary>
    public static bool AreCredentials(Fragment value) => Inlines.Values(value).Any(each => CredentialNames.TryGet(each, out _) || (each.Length < 20 && CredentialNames.Nearest(each.ToString()) is not null));

    /// <summary>The methods with what machine blocks say of their credentials; a method that still issues none is reported.</summary>
    public ImmutableArray<MethodDeclaration> Complete(List<MethodDeclaration> methods)
    {
        for (var i = 0; i < methods.Count; i++)
        {
            var method = methods[i];
            if (method.Credentials.IsEmpty && !_hasBadCredentials.Contains(method.Kind))
            {
                var name = method.Kind == MethodKind.Anonymous ? "anonymous" : "identity_assertion";
                var listed = reading.Machine.All.Select(block => block.AgentAuth?.Object(name)).OfType<MachineObject>().SelectMany(block => block.List("credential_types_supported"));
                methods[i] = method with { Credentials = ReadCredentials(method.Kind, listed) };
            }
        }

        methods.ForEach(CheckCredentials);
        return [.. methods];
    }

    private void CheckCredentials(MethodDeclaration method)
    {
        if (method.Credentials.IsEmpty && !_hasBadCredentials.Contains(method.Kind))
        {
            reading.Problems.Report(AuthMdRules.MethodCredentials, method.NameSpan, "The method issues no credentials. Add \"- **Credentials:** `api_key`\" under it.");
        }
    }

    public MethodDeclaration Read(MethodDeclaration method, IReadOnlyList<Labelled> fields)
    {
        foreach (var field in fields)
        {
            if (!Fields.TryGet(field.Label, out var known))
            {
                reading.ReportIfMisspelt(field, Fields);
                continue;
            }

            method = known switch
            {
                Field.Credentials => method with { Credentials = ReadCredentials(method.Kind, field.Values) },
                Field.Rotation => method with { RotateOnClaim = reading.TryWord(field.Value, Rotations, "Rotation", out var rotates) && rotates },
                Field.Mail => method with { MailsCode = reading.TryWord(field.Value, Mails, "Mail", out var mailsCode) && mailsCode },
                Field.Claim => CheckClaim(method, field.Value),
                _ => method,
            };
        }

        return method;
    }

    // It changes nothing: it says to readers what the method does, and must not say what it does not do. A path there is an endpoint's.
    private MethodDeclaration CheckClaim(MethodDeclaration method, Fragment value)
    {
        if (!Inlines.Plain(value).Contains('/'))
        {
            var words = method.Kind switch
            {
                MethodKind.Anonymous => OptionalClaims,
                MethodKind.VerifiedEmail => RequiredClaims,
                _ => FirstLinkClaims,
            };
            reading.TryWord(value, words, "Claim", out _);
        }

        return method;
    }

    public ImmutableArray<Located<CredentialKind>> ReadCredentials(MethodKind method, IEnumerable<Fragment> values) =>
        ReadCredentials(method, values.Select(value => new Located<string>(value.ToString(), value.Span)));

    private ImmutableArray<Located<CredentialKind>> ReadCredentials(MethodKind method, IEnumerable<Located<string>> values)
    {
        var credentials = ImmutableArray.CreateBuilder<Located<CredentialKind>>();
        foreach (var written in values)
        {
            var name = written.Value;
            if (!CredentialNames.TryGet(name, out var credential))
            {
                _hasBadCredentials.Add(method);
                var isMethod = names.TryGet(name, out _) || AssertionTypes.TryGet(name, out _);
                reading.Problems.ReportMisspelt(
                    AuthMdRules.UnknownCredentialType,
                    written.Span,
                    $"\"{Problems.Shorten(name)}\" is not a credential type; expected `access_token` or `api_key`.{(isMethod ? " That names a method, not what it issues." : "")}",
                    isMethod ? null : CredentialNames.Nearest(name));
            }
            else if (method == MethodKind.Anonymous && credential == CredentialKind.AccessToken)
            {
                _hasBadCredentials.Add(method);
                reading.Problems.Report(AuthMdRules.MethodCredentials, written.Span, "anonymous issues `api_key` only: a key can be claimed later, an access token cannot. Remove `access_token` here.", Problems.Change(written.Span, "api_key"));
            }
            else if (credentials.All(known => known.Value != credential))
            {
                credentials.Add(new Located<CredentialKind>(credential, written.Span));
            }
        }

        return credentials.ToImmutable();
    }

    private static List<Located<MethodName>> KindsOf(IEnumerable<Located<string>> types) =>
        [.. types.Select(type => AssertionTypes.TryGet(type.Value, out var name) ? new Located<MethodName>(name, type.Span) : null).OfType<Located<MethodName>>()];
}

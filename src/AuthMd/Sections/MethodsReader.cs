using System.Collections.Immutable;
using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Markdown;
using AgentAuth.Protocol.OAuth;

namespace AgentAuth.AuthMd.Sections;

/// <summary>
/// Methods: sub-headings with labelled bullets, tables with the method in the first cell, or bullets. Where no section of that name names any,
/// a heading "Supported method: anonymous", a list introduced by "Supported identity types:" and the sub-headings of Register count; then a
/// machine block.
/// </summary>
internal sealed class MethodsReader
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

    private static readonly Vocabulary<MethodKind> Names = new()
    {
        { MethodKind.Anonymous, "anonymous", "anonymous start", "anonymous access", "anonymous registration", "anonymous flow", "user claimed, anonymous start", "user claimed (anonymous start)" },
        {
            MethodKind.VerifiedEmail, "verified_email", "service_auth", "user claimed", "email first", "user claimed, email required", "email required",
            "identity_assertion + verified_email"
        },
        {
            MethodKind.IdentityAssertion, "identity_assertion + id-jag", "identity_assertion", "id-jag", "agent verified",
            "agent verified (id-jag)"
        },
    };

    private static readonly Vocabulary<MethodKind> AssertionTypes = new()
    {
        { MethodKind.IdentityAssertion, OAuthNames.IdJag, "id-jag" },
        { MethodKind.VerifiedEmail, "verified_email" },
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
        { Field.Assertions, "Assertion types", "assertions" },
        { Field.Claim, "Claim" },
        { Field.Other, "supported identity", "identity type" },
    };

    private static readonly Vocabulary<bool> MethodColumn = new()
    {
        { true, "Method", "identity type", "type", "flow", "registration method", "registration flow", "registration type", "name" },
    };

    private static readonly Vocabulary<bool> CredentialsColumn = new() { { true, "Credentials", "credential types" } };
    private static readonly Vocabulary<bool> StatusColumn = new() { { true, "Status", "supported", "enabled", "available" } };

    private static readonly Vocabulary<bool> Statuses = new()
    {
        { true, "supported" },
        { false, "not supported" },
        { true, "yes", "enabled", "on", "available", "active", "live" },
        { false, "no", "disabled", "off", "unavailable", "not available", "unsupported", "not enabled", "planned", "coming soon", "not yet" },
    };

    private static readonly Vocabulary<bool> Rotations = new() { { true, "on claim" }, { false, "never" } };
    private static readonly Vocabulary<bool> OptionalClaims = new() { { true, "optional" } };
    private static readonly Vocabulary<bool> RequiredClaims = new() { { true, "required" } };
    private static readonly Vocabulary<bool> FirstLinkClaims = new() { { true, "on first link" }, { true, "never" } };
    private static readonly Vocabulary<bool> Mails = new() { { true, "code" }, { false, "link" } };

    private readonly Reading _reading;
    private readonly List<MethodDeclaration> _methods = [];
    private readonly HashSet<MethodKind> _hasBadCredentials = [];

    // Anything that is meant to be a method, known or not; and whether one of the protocol's was named, on or off.
    private bool _isAnyGiven;
    private bool _isAnyNamed;

    private MethodsReader(Reading reading) => _reading = reading;

    public static ImmutableArray<MethodDeclaration> Read(Reading reading)
    {
        var reader = new MethodsReader(reading);
        var sections = reading.Of(SectionKind.Methods);
        foreach (var section in sections)
        {
            reader.ReadSection(section);
        }

        reader.ReadElsewhere();
        if (!reader._isAnyGiven)
        {
            var place = sections.Count > 0 ? sections[0] : reading.Title;
            reading.Problems.Report(
                AuthMdRules.MissingPart,
                place?.Title.Span ?? default,
                "No registration method is declared. Add a section \"## Methods\" with sub-headings such as \"### anonymous\", \"### verified_email\" or \"### identity_assertion + id-jag\".");
        }

        reader.FillCredentials();
        reader._methods.ForEach(reader.CheckCredentials);
        return [.. reader._methods];
    }

    private void CheckCredentials(MethodDeclaration method)
    {
        if (method.Credentials.IsEmpty && !_hasBadCredentials.Contains(method.Kind))
        {
            _reading.Problems.Report(AuthMdRules.MethodCredentials, method.NameSpan, "The method issues no credentials. Add \"- **Credentials:** `api_key`\" under it.");
        }
    }

    private void ReadSection(Section section)
    {
        foreach (var content in section.Contents)
        {
            if (content is TableContent table)
            {
                ReadTable(table);
            }
            else if (content is ItemContent item)
            {
                ReadItem(item.Text);
            }
        }

        foreach (var child in _reading.ChildrenOf(section))
        {
            ReadChild(child);
        }
    }

    private void ReadElsewhere()
    {
        foreach (var read in (Action<Section>[])[ReadNamedHeading, ReadIntroducedList, ReadRegisterChildren])
        {
            foreach (var section in _isAnyNamed ? [] : _reading.Sections)
            {
                read(section);
            }
        }

        if (!_isAnyNamed)
        {
            ReadMachine();
        }
    }

    // "### Supported method: anonymous"
    private void ReadNamedHeading(Section section)
    {
        var colon = section.Title.IndexOf(':');
        if (section.Level >= 2 && colon > 0 && SectionKinds.IsMethods(section.Title.Slice(0, colon)) && TryName(section.Title.From(colon + 1).Trim(), out var kind))
        {
            Add(ReadFields(new MethodDeclaration(kind, Inlines.Unwrap(section.Title.From(colon + 1)).Span, []), [.. Reading.Labels(section)]));
        }
    }

    // "Supported identity types:" and a list right below it.
    private void ReadIntroducedList(Section section)
    {
        var isIntroduced = false;
        foreach (var content in section.Contents)
        {
            if (content is ItemContent item)
            {
                if (isIntroduced)
                {
                    ReadItem(item.Text);
                }
            }
            else
            {
                isIntroduced = content is ParagraphContent { Text: var text } && text.Trim().EndsWith(":") && SectionKinds.IsMethods(text);
            }
        }
    }

    private void ReadRegisterChildren(Section section)
    {
        foreach (var child in SectionKinds.Of(section) == SectionKind.Register ? _reading.ChildrenOf(section) : [])
        {
            if (TryName(child.Title, out var kind))
            {
                Add(ReadFields(new MethodDeclaration(kind, child.Title.Span, []), [.. Reading.Labels(child)]));
            }
        }
    }

    private void ReadMachine()
    {
        foreach (var type in _reading.Machine.First("identity_types_supported"))
        {
            if (!Names.TryGet(type.Value, out var kind))
            {
                ReportUnknown(type.Value, type.Span);
            }
            else if (kind == MethodKind.IdentityAssertion)
            {
                AddAssertions(new MethodDeclaration(kind, type.Span, []), AssertionTypesOf(_reading.Machine));
            }
            else
            {
                Add(new MethodDeclaration(kind, type.Span, []));
            }
        }
    }

    /// <summary>The assertion types that the machine blocks list under identity_assertion.</summary>
    private static IEnumerable<Located<string>> AssertionTypesOf(MachineBlocks machine) =>
        machine.All.SelectMany(block => block.AgentAuth?.Object("identity_assertion")?.List("assertion_types_supported") ?? []);

    // identity_assertion is one type on the wire and two methods here.
    private void AddAssertions(MethodDeclaration method, IEnumerable<Located<string>> types)
    {
        var kinds = types.Select(type => AssertionTypes.TryGet(type.Value, out var kind) ? new Located<MethodKind>(kind, type.Span) : null).OfType<Located<MethodKind>>().ToList();
        if (kinds.Count == 0)
        {
            Add(method);
        }

        foreach (var kind in kinds)
        {
            Add(method with { Kind = kind.Value, NameSpan = kind.Span });
        }
    }

    // A machine block may say what a method issues where the Markdown does not.
    private void FillCredentials()
    {
        for (var i = 0; i < _methods.Count; i++)
        {
            var method = _methods[i];
            if (method.Credentials.IsEmpty && !_hasBadCredentials.Contains(method.Kind))
            {
                var name = method.Kind == MethodKind.Anonymous ? "anonymous" : "identity_assertion";
                var listed = _reading.Machine.All.Select(block => block.AgentAuth?.Object(name)).OfType<MachineObject>().SelectMany(block => block.List("credential_types_supported"));
                _methods[i] = method with { Credentials = ReadCredentials(method.Kind, listed) };
            }
        }
    }

    // "Anonymous — immediate access", "Anonymous (client credentials)", "`service_auth` / claim ceremony", "Anonymous access".
    private static bool TryName(Fragment text, out MethodKind kind)
    {
        if (Names.TryGet(text, out kind))
        {
            return true;
        }

        var end = 0;
        while (end < text.Length && text[end] is not ('—' or '–' or '(' or ':' or '/' or ','))
        {
            end++;
        }

        return end > 0 && end < text.Length && Names.TryGet(Inlines.Unwrap(text.Slice(0, end)), out kind);
    }

    private void ReadChild(Section child)
    {
        var fields = Reading.Labels(child).ToList();
        if (TryName(child.Title, out var kind))
        {
            var method = ReadFields(new MethodDeclaration(kind, child.Title.Span, []), fields);
            var assertions = fields.Where(field => Fields.TryGet(field.Label, out var known) && known == Field.Assertions).SelectMany(field => field.Values);
            AddAssertions(method, kind == MethodKind.IdentityAssertion ? assertions.Select(value => new Located<string>(value.ToString(), value.Span)) : []);
        }
        else if (LooksLikeMethod(child, fields))
        {
            ReportUnknown(child.Title);
        }
    }

    // Other sub-headings are the author's own: "Which one to pick".
    private static bool LooksLikeMethod(Section child, List<Labelled> fields) =>
        SectionKinds.Of(child) is null
        && (Names.Nearest(Inlines.Plain(child.Title)) is not null
            || fields.Any(field => Fields.TryGet(field.Label, out var known) && known == Field.Credentials));

    private MethodDeclaration ReadFields(MethodDeclaration method, List<Labelled> fields)
    {
        foreach (var field in fields)
        {
            if (!Fields.TryGet(field.Label, out var known))
            {
                _reading.ReportIfMisspelt(field, Fields);
                continue;
            }

            method = known switch
            {
                Field.Credentials => method with { Credentials = ReadCredentials(method.Kind, field.Values) },
                Field.Rotation => method with { RotateOnClaim = _reading.TryWord(field.Value, Rotations, "Rotation", out var rotates) && rotates },
                Field.Mail => method with { MailsCode = _reading.TryWord(field.Value, Mails, "Mail", out var mailsCode) && mailsCode },
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
            _reading.TryWord(value, words, "Claim", out _);
        }

        return method;
    }

    private void ReadTable(TableContent table)
    {
        if (!MethodColumn.TryGet(table.Header[0], out _))
        {
            return;
        }

        var status = table.Column(StatusColumn);
        var credentials = table.Column(CredentialsColumn);
        foreach (var row in table.Rows.Where(row => row.Count > 0))
        {
            var isKnown = TryName(row[0], out var kind);
            _isAnyGiven = true;
            _isAnyNamed |= isKnown;
            var isOn = status < 0 || status >= row.Count || Inlines.IsNothing(row[status]) || (_reading.TryWord(row[status], Statuses, "Status", out var says) && says);
            if (isOn && isKnown)
            {
                Add(new MethodDeclaration(kind, Inlines.Unwrap(row[0]).Span, credentials >= 0 && credentials < row.Count ? ReadCredentials(kind, Inlines.Values(row[credentials])) : []));
            }
            else if (isOn)
            {
                ReportUnknown(row[0]);
            }
        }
    }

    // "- **anonymous:** `api_key`" or "- `anonymous` — for agents without a user".
    private void ReadItem(Fragment text)
    {
        if (Labelled.Read(text) is { } labelled)
        {
            if (Names.TryGet(labelled.Label, out var kind))
            {
                Add(new MethodDeclaration(kind, labelled.Label.Span, ReadCredentials(kind, Inlines.Values(labelled.Value))));
            }
            else if (TryName(labelled.Label, out kind))
            {
                // "Identity assertion (ID-JAG): …": what stands behind the colon explains.
                Add(new MethodDeclaration(kind, labelled.Label.Span, []));
            }
            else
            {
                _reading.ReportIfMisspelt(labelled, Names);
            }
        }
        else if (Inlines.TryLeadingCode(text, out var code, out _))
        {
            if (Names.TryGet(code, out var kind))
            {
                Add(new MethodDeclaration(kind, code.Span, []));
            }
            else
            {
                ReportUnknown(code);
            }
        }
        else if (TryName(text.Trim(), out var kind))
        {
            // "Verified email", "**Anonymous** — claim a key directly".
            Add(new MethodDeclaration(kind, text.Trim().Span, []));
        }
    }

    private ImmutableArray<Located<CredentialKind>> ReadCredentials(MethodKind method, IEnumerable<Fragment> values) =>
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
                var isMethod = Names.TryGet(name, out _) || AssertionTypes.TryGet(name, out _);
                _reading.Problems.ReportMisspelt(
                    AuthMdRules.UnknownCredentialType,
                    written.Span,
                    $"\"{Problems.Shorten(name)}\" is not a credential type; expected `access_token` or `api_key`.{(isMethod ? " That names a method, not what it issues." : "")}",
                    isMethod ? null : CredentialNames.Nearest(name));
            }
            else if (method == MethodKind.Anonymous && credential == CredentialKind.AccessToken)
            {
                _hasBadCredentials.Add(method);
                _reading.Problems.Report(AuthMdRules.MethodCredentials, written.Span, "anonymous issues `api_key` only: a key can be claimed later, an access token cannot. Remove `access_token` here.", Problems.Change(written.Span, "api_key"));
            }
            else if (credentials.All(known => known.Value != credential))
            {
                credentials.Add(new Located<CredentialKind>(credential, written.Span));
            }
        }

        return credentials.ToImmutable();
    }

    // An overview table and a sub-heading may both name a method: the first place counts, and each fact it leaves open is taken from later ones.
    private void Add(MethodDeclaration method)
    {
        _isAnyGiven = _isAnyNamed = true;
        var index = _methods.FindIndex(known => known.Kind == method.Kind);
        if (index < 0)
        {
            _methods.Add(method);
            return;
        }

        var first = _methods[index];
        _methods[index] = first with
        {
            Credentials = first.Credentials.IsEmpty ? method.Credentials : first.Credentials,
            RotateOnClaim = first.RotateOnClaim || method.RotateOnClaim,
            MailsCode = first.MailsCode || method.MailsCode,
        };
    }

    private void ReportUnknown(Fragment written) => ReportUnknown(Inlines.Plain(written), Inlines.Unwrap(written).Span);

    private void ReportUnknown(string name, SourceSpan span)
    {
        _isAnyGiven = true;
        _reading.Problems.ReportMisspelt(
            AuthMdRules.UnknownMethod,
            span,
            $"\"{Problems.Shorten(name)}\" is not a registration method; expected anonymous, verified_email or identity_assertion + id-jag.", Names.Nearest(name));
    }
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Methods: sub-headings with labelled bullets, tables with the method in the first cell, or bullets.</summary>
internal sealed class MethodsReader
{
    private enum Field
    {
        Credentials,
        Rotation,
        Mail,
        Other,
    }

    private static readonly Vocabulary<MethodKind> Names = new()
    {
        { MethodKind.Anonymous, "anonymous", "anonymous start", "user claimed, anonymous start", "user claimed (anonymous start)" },
        {
            MethodKind.VerifiedEmail, "verified_email", "service_auth", "user claimed, email required", "email required",
            "identity_assertion + verified_email"
        },
        {
            MethodKind.IdentityAssertion, "identity_assertion + id-jag", "identity_assertion", "id-jag", "agent verified",
            "agent verified (id-jag)"
        },
    };

    private static readonly Vocabulary<CredentialKind> CredentialNames = new()
    {
        { CredentialKind.AccessToken, "access_token" },
        { CredentialKind.ApiKey, "api_key" },
    };

    private static readonly Vocabulary<Field> Fields = new()
    {
        { Field.Credentials, "Credentials", "credential types" },
        { Field.Rotation, "Rotation" },
        { Field.Mail, "Mail" },
        { Field.Other, "Claim" },
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
    private static readonly Vocabulary<bool> Mails = new() { { true, "code" }, { false, "link" } };

    private readonly Reading _reading;
    private readonly List<MethodDeclaration> _methods = [];
    private readonly HashSet<MethodKind> _hasBadCredentials = [];
    private bool _isAnyGiven;

    private MethodsReader(Reading reading) => _reading = reading;

    public static ImmutableArray<MethodDeclaration> Read(Reading reading)
    {
        var reader = new MethodsReader(reading);
        var sections = reading.Of(SectionKind.Methods);
        foreach (var section in sections)
        {
            reader.ReadSection(section);
        }

        if (!reader._isAnyGiven)
        {
            var place = sections.Count > 0 ? sections[0] : reading.Title;
            reading.Problems.Report(
                AuthMdRules.MissingPart,
                place?.Title.Span ?? default,
                "No registration method is declared. Add a section \"## Methods\" with sub-headings such as \"### anonymous\", \"### verified_email\" or \"### identity_assertion + id-jag\".");
        }

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

    private void ReadChild(Section child)
    {
        var fields = Reading.Labels(child).ToList();
        if (Names.TryGet(child.Title, out var kind))
        {
            Add(ReadFields(new MethodDeclaration(kind, child.Title.Span, []), fields));
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
                Field.Credentials => method with { Credentials = ReadCredentials(method.Kind, field.Value) },
                Field.Rotation => method with { RotateOnClaim = _reading.TryWord(field.Value, Rotations, "Rotation", out var rotates) && rotates },
                Field.Mail => method with { MailsCode = _reading.TryWord(field.Value, Mails, "Mail", out var mailsCode) && mailsCode },
                _ => method,
            };
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
            if (!Names.TryGet(row[0], out var kind))
            {
                ReportUnknown(row[0]);
                continue;
            }

            _isAnyGiven = true;
            if (status < 0 || status >= row.Count || Inlines.IsNothing(row[status])
                || (_reading.TryWord(row[status], Statuses, "Status", out var isOn) && isOn))
            {
                Add(new MethodDeclaration(kind, Inlines.Unwrap(row[0]).Span, credentials >= 0 && credentials < row.Count ? ReadCredentials(kind, row[credentials]) : []));
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
                Add(new MethodDeclaration(kind, labelled.Label.Span, ReadCredentials(kind, labelled.Value)));
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
    }

    private ImmutableArray<Located<CredentialKind>> ReadCredentials(MethodKind method, Fragment value)
    {
        var credentials = ImmutableArray.CreateBuilder<Located<CredentialKind>>();
        foreach (var written in Inlines.Values(value))
        {
            if (!CredentialNames.TryGet(written, out var credential))
            {
                _hasBadCredentials.Add(method);
                var name = written.ToString();
                var hint = Names.TryGet(written, out _) ? " That names a method, not what it issues." : Problems.DidYouMean(CredentialNames.Nearest(name));
                _reading.Problems.Report(AuthMdRules.UnknownCredentialType, written.Span, $"\"{Problems.Shorten(name)}\" is not a credential type; expected `access_token` or `api_key`.{hint}");
            }
            else if (method == MethodKind.Anonymous && credential == CredentialKind.AccessToken)
            {
                _hasBadCredentials.Add(method);
                _reading.Problems.Report(AuthMdRules.MethodCredentials, written.Span, "anonymous issues `api_key` only: a key can be claimed later, an access token cannot. Remove `access_token` here.");
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
        _isAnyGiven = true;
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

    private void ReportUnknown(Fragment written)
    {
        _isAnyGiven = true;
        var name = Inlines.Plain(written);
        _reading.Problems.Report(
            AuthMdRules.UnknownMethod,
            Inlines.Unwrap(written).Span,
            $"\"{Problems.Shorten(name)}\" is not a registration method; expected anonymous, verified_email or identity_assertion + id-jag.{Problems.DidYouMean(Names.Nearest(name))}");
    }
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads methods: sub-headings with labelled bullets, a table with the method first, or bullets that begin with the method.</summary>
internal sealed class MethodsReader(MarkdownSource source, Problems problems)
{
    private static readonly Dictionary<string, MethodKind> s_kinds = new(StringComparer.Ordinal)
    {
        ["anonymous"] = MethodKind.Anonymous,
        ["anonymous start"] = MethodKind.Anonymous,
        ["user claimed anonymous start"] = MethodKind.Anonymous,
        ["user claimed anonymous"] = MethodKind.Anonymous,
        ["verified_email"] = MethodKind.VerifiedEmail,
        ["verified email"] = MethodKind.VerifiedEmail,
        ["service_auth"] = MethodKind.VerifiedEmail,
        ["user claimed email required"] = MethodKind.VerifiedEmail,
        ["identity_assertion + email"] = MethodKind.VerifiedEmail,
        ["identity_assertion + verified_email"] = MethodKind.VerifiedEmail,
        ["identity_assertion + id jag"] = MethodKind.IdentityAssertion,
        ["identity_assertion"] = MethodKind.IdentityAssertion,
        ["id jag"] = MethodKind.IdentityAssertion,
        ["agent verified"] = MethodKind.IdentityAssertion,
    };

    private readonly List<MethodDeclaration> _methods = [];

    public ImmutableArray<MethodDeclaration> Read(List<Section> sections)
    {
        foreach (var section in sections)
        {
            MethodDeclaration? current = null;
            foreach (var block in section.Blocks)
            {
                switch (block)
                {
                    case HeadingBlock heading:
                        Add(current);
                        current = Named(source.ContentOf(heading).Unwrap());
                        break;
                    case ListBlock list when current is not null:
                        current = MarkdownSource.Items(list).Select(source.LabelOf).OfType<LabelledValue>().Aggregate(current, ReadLabel);
                        break;
                    case ListBlock list:
                        ReadBullets(list);
                        break;
                    case Table table when current is null:
                        ReadTable(table);
                        break;
                }
            }

            Add(current);
        }

        _methods.ForEach(Check);
        return [.. _methods];
    }

    private MethodDeclaration? Named(Fragment name)
    {
        var normalized = Names.Normalize(name.Value);
        if (s_kinds.TryGetValue(normalized, out var kind))
        {
            return new MethodDeclaration(kind, name.Span, []);
        }

        var meant = NearestName.Find(normalized, s_kinds.Keys);
        problems.Error(AuthMdRules.UnknownMethod, name.Span, meant is null
            ? $"'{name.Value}' is not a registration method. There are 'anonymous', 'verified_email' and 'identity_assertion + id-jag'."
            : $"'{name.Value}' is not a registration method; did you mean '{meant.Replace("id jag", "id-jag")}'?");
        return null;
    }

    private void Add(MethodDeclaration? method)
    {
        if (method is not null && _methods.All(other => other.Kind != method.Kind))
        {
            _methods.Add(method);
        }
    }

    private MethodDeclaration ReadLabel(MethodDeclaration method, LabelledValue label) => label.Name switch
    {
        "credentials" or "credential" or "credential types" or "credential type" => method with { Credentials = Credentials(label.Value) },
        "rotation" or "key rotation" => method with { RotateOnClaim = Names.Normalize(label.Value.Value) is "on claim" or "yes" },
        "mail" => method with { MailsCode = Names.Normalize(label.Value.Value) is "code" or "the code" },
        _ => method,
    };

    private ImmutableArray<Located<CredentialKind>> Credentials(Fragment value)
    {
        var credentials = ImmutableArray.CreateBuilder<Located<CredentialKind>>();
        foreach (var item in value.Items())
        {
            CredentialKind? kind = item.Value switch
            {
                "access_token" => CredentialKind.AccessToken,
                "api_key" => CredentialKind.ApiKey,
                _ => null,
            };
            if (kind is null)
            {
                problems.Error(AuthMdRules.UnknownCredentialType, item.Span, $"'{item.Value}' is not a credential type. There are 'access_token' and 'api_key'.");
            }
            else if (credentials.All(other => other.Value != kind))
            {
                credentials.Add(new Located<CredentialKind>(kind.Value, item.Span));
            }
        }

        return credentials.ToImmutable();
    }

    private void ReadTable(Table table)
    {
        var rows = source.Rows(table);
        if (rows.Count == 0 || rows[0].Count == 0 || Names.Singular(Names.Normalize(rows[0][0].Value)) is not ("method" or "identity type" or "flow" or "type"))
        {
            return;
        }

        var credentials = rows[0].FindIndex(cell => Names.Singular(Names.Normalize(cell.Value)).StartsWith("credential", StringComparison.Ordinal));
        var status = rows[0].FindIndex(cell => Names.Singular(Names.Normalize(cell.Value)) is "statu" or "status" or "supported" or "available");
        foreach (var row in rows.Skip(1).Where(row => row.Count > 0 && !row[0].Unwrap().IsEmpty))
        {
            if (status >= 0 && status < row.Count && Names.Normalize(MarkdownSource.PlainTextOf(row[status])) is "no" or "not supported" or "unsupported" or "off" or "planned")
            {
                continue;
            }

            var method = Named(row[0].Unwrap());
            Add(credentials >= 0 && credentials < row.Count && method is not null ? method with { Credentials = Credentials(row[credentials]) } : method);
        }
    }

    private void ReadBullets(ListBlock list)
    {
        foreach (var item in MarkdownSource.Items(list))
        {
            if (source.LabelOf(item) is null && item.Inline?.FirstChild is CodeInline code)
            {
                Add(Named(source.Of(code.Span.Start, code.Span.End + 1).Unwrap()));
            }
            else if (source.LabelOf(item) is { } label && s_kinds.TryGetValue(label.Name, out var kind))
            {
                Add(new MethodDeclaration(kind, label.Label.Span, Credentials(label.Value)));
            }
        }
    }

    private void Check(MethodDeclaration method)
    {
        if (method.Credentials.IsEmpty)
        {
            problems.Error(AuthMdRules.MethodCredentials, method.NameSpan, "The method issues no credential type. Add a bullet under it: '- **Credentials:** `api_key`'.");
        }

        if (method.Kind == MethodKind.Anonymous && method.Credentials.FirstOrDefault(c => c.Value == CredentialKind.AccessToken) is { } token)
        {
            problems.Error(AuthMdRules.MethodCredentials, token.Span, "An anonymous registration gets an 'api_key'; it cannot get an 'access_token'. Remove it.");
        }
    }
}

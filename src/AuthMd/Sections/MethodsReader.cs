using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;
using AgentAuth.Protocol.OAuth;

namespace AgentAuth.AuthMd.Sections;

/// <summary>
/// Methods: sub-headings with labelled bullets, tables with the method in a cell, items, and run-in headings, under a heading about methods. Where no
/// such section names any, these do, the first that is found: a label such as "Supported identity types:", a list introduced by it, a heading that names a method and
/// has its request, a machine block, and the types that the document's own registration requests have.
/// </summary>
internal sealed class MethodsReader
{
    // The words for one method alone, as the language page has them; the first is what is suggested to authors.
    private static readonly Vocabulary<MethodName> Names = new()
    {
        { MethodName.Anonymous, "anonymous", "anonymous start", "anonymous access", "anonymous registration", "anonymous flow", "user claimed, anonymous start", "user claimed (anonymous start)" },
        {
            MethodName.VerifiedEmail, "verified_email", "service_auth", "email first", "user claimed, email required", "email required",
            "identity_assertion + verified_email", "identity_assertion + email"
        },
        {
            MethodName.IdentityAssertion, "identity_assertion + id-jag", "identity_assertion", "id-jag", "agent verified",
            "agent verified (id-jag)", OAuthNames.IdJag
        },
        { MethodName.AuthorizationCode, "authorization_code", "user authorized", "sign in with consent", "oauth authorization code", "authorization code with PKCE" },
    };

    private static readonly Vocabulary<bool> MethodColumn = new()
    {
        {
            true, "Method", "identity type", "type", "flow", "registration method", "registration flow", "registration type", "name", "path", "option", "use", "mode",
            "identity", "auth method", "supported method", "supported flow", "recommended method", "do this"
        },
    };

    private static readonly Vocabulary<bool> CredentialsColumn = new() { { true, "Credentials", "credential types" } };
    private static readonly Vocabulary<bool> AssertionColumn = new() { { true, "Assertion type", "assertion", "assertions" } };
    private static readonly Vocabulary<bool> StatusColumn = new() { { true, "Status", "supported", "enabled", "available", "support", "availability", "state" } };

    private static readonly Vocabulary<bool> Statuses = new()
    {
        { true, "supported" },
        { false, "not supported" },
        { true, "yes", "enabled", "on", "available", "active", "live", "recommended", "default", "beta", "preview", "implemented", "stable", "ga", "ready", "fully supported", "supported now" },
        {
            false, "no", "disabled", "off", "unavailable", "not available", "unsupported", "not enabled", "planned", "coming soon", "not yet", "not implemented", "not offered", "not accepted",
            "not yet supported", "not currently supported", "not yet available", "roadmap", "future", "never", "none", "not yet enabled", "not yet implemented"
        },
    };

    private static readonly Vocabulary<bool> Labels = new()
    {
        {
            true, "Supported identity types", "identity types", "identity_types_supported", "agent_auth.identity_types_supported", "supported identity", "identity types supported",
            "registration methods", "supported registration methods", "supported methods", "methods supported", "supported flows", "registration flows", "agent identity types",
            "accepted identity types", "identity type", "available methods", "methods"
        },
    };

    // What a list is about whose introduction says so; none of its items is a method.
    private static readonly string[] OtherTopics = ["scope", "permission", "credential", "header", "error", "field", "parameter", "response", "step", "limit", "resource", "event", "claim"];

    // Nobody lists more in one sentence, and each costs a look through it.
    private const int MostNames = 8;

    private static readonly string[] Choosing = ["use", "choose", "pick", "select", "call", "via"];
    private static readonly string[] Supporting = ["support", "supported", "supporting", "accept", "accepted", "offer", "offered", "allow", "use"];
    private static readonly char[] NoMarks = ['❌', '✗', '✘', '✖', '⛔'];

    private readonly Reading _reading;
    private readonly MethodFields _fields;
    private readonly List<MethodDeclaration> _methods = [];
    private readonly HashSet<MethodName> _denied = [];
    private Located<string>? _code;

    // Anything that is meant to be a method, known or not, on or off.
    private bool _isAnyGiven;

    private MethodsReader(Reading reading)
    {
        _reading = reading;
        _fields = new MethodFields(reading, Names);
    }

    public static (ImmutableArray<MethodDeclaration> Methods, Located<string>? AuthorizationCode) Read(Reading reading)
    {
        var reader = new MethodsReader(reading);
        var sections = reading.Of(SectionKind.Methods);
        foreach (var section in sections)
        {
            reader.ReadSection(section, SectionKinds.IsExact(section));
        }

        reader.ReadElsewhere(sections);
        if (!reader._isAnyGiven)
        {
            var place = sections.Count > 0 ? sections[0] : reading.Title;
            reading.Problems.Report(
                AuthMdRules.MissingPart,
                place?.Title.Span ?? default,
                "No registration method is declared. Add a section \"## Methods\" with sub-headings such as \"### anonymous\", \"### verified_email\" or \"### identity_assertion + id-jag\".");
        }

        return (reader._fields.Complete(reader._methods), reader._code);
    }

    // What is denied in one place is not looked for in others.
    private bool IsAnyOn => _methods.Count > 0 || _code is not null;

    private void ReadSection(Section section, bool isExact)
    {
        var isOther = false;
        foreach (var content in section.Contents)
        {
            switch (content)
            {
                case ParagraphContent paragraph:
                    isOther = IsAboutOthers(paragraph.Text);
                    ReadParagraph(paragraph.Text);
                    break;
                case TableContent table:
                    ReadTable(table, isExact);
                    break;
                case ItemContent item when !isOther:
                    ReadItem(item.Text, isExact);
                    break;
            }
        }

        foreach (var child in _reading.ChildrenOf(section).Where(child => SectionKinds.Of(child) != SectionKind.Methods))
        {
            ReadChild(child, isExact);
        }
    }

    // "Supported scopes:" above a list, and below a heading about methods.
    private static bool IsAboutOthers(Fragment paragraph)
    {
        var text = paragraph.Trim();
        return text.EndsWith(":") && Words.Normalize(Inlines.Plain(text)).Split(' ') is var words && OtherTopics.Contains(words[words.Length - 1]);
    }

    private void ReadElsewhere(IReadOnlyList<Section> methods)
    {
        foreach (var read in (Action<Section>[])[ReadLabels, ReadNamedHeading, ReadIntroducedList, ReadRegister, ReadRequestedHeading])
        {
            foreach (var section in IsAnyOn ? [] : _reading.Sections)
            {
                read(section);
            }
        }

        if (!IsAnyOn)
        {
            ReadMachine();
        }

        foreach (var section in IsAnyOn ? [] : _reading.Sections)
        {
            ReadListOfNames(section);
        }

        if (!IsAnyOn)
        {
            ReadRequests();
        }

        foreach (var section in IsAnyOn ? [] : methods)
        {
            ReadSentences(section);
        }
    }

    // "Supported identity types: `anonymous`, `service_auth`", as an item or a paragraph.
    private void ReadLabels(Section section)
    {
        var labelled = section.Contents.SelectMany(LabelsIn).ToList();
        var assertions = MethodFields.AssertionsIn(labelled);
        foreach (var each in labelled.Where(each => Labels.TryGet(each.Label, out _)))
        {
            ReadValues(each.Value, assertions);
        }
    }

    private static IEnumerable<Labelled> LabelsIn(Content content) => content switch
    {
        ItemContent item => LabelledOrDashed(item.Text) is { } labelled ? [labelled] : [],
        ParagraphContent paragraph => Labelled.Lines(paragraph.Text).Select(LabelledOrDashed).OfType<Labelled>(),
        TableContent table => table.Rows.Where(row => row.Count == 2).Select(row => new Labelled(Inlines.Unwrap(row[0]), row[1])),
        _ => [],
    };

    private bool ReadValues(Fragment value, IReadOnlyList<Located<MethodName>>? assertions = null)
    {
        if (MethodNames.Denies(Inlines.Plain(value)))
        {
            return false;
        }

        var isAny = false;
        foreach (var each in Inlines.CodeSpans(value) is { Count: > 0 } code ? code : Inlines.Parts(value).Select(Inlines.Unwrap))
        {
            if (Inlines.Plain(each) is { Length: > 0 and < 60 } plain && MethodNames.ReadHead(plain) is { IsNone: false } reading)
            {
                isAny = true;
                if (assertions is { Count: > 0 } && reading.Methods.Count == 1 && reading.Methods[0] == MethodName.IdentityAssertion)
                {
                    Name(AssertionsOf(assertions, MethodName.IdentityAssertion), each.Span, [], []);
                }
                else
                {
                    Name(reading, each, [], []);
                }
            }
        }

        return isAny;
    }

    private static Labelled? LabelledOrDashed(Fragment text)
    {
        if (Labelled.Read(text) is { } labelled)
        {
            return labelled;
        }

        if (!Inlines.TryLeadingCode(text, out var code, out var rest))
        {
            return null;
        }

        rest = rest.Trim();
        return rest.Length > 1 && rest[0] is '—' or '–' or '-' or '=' ? new Labelled(code, rest.From(1).Trim()) : null;
    }

    // "### Supported method: anonymous"
    private void ReadNamedHeading(Section section)
    {
        var colon = section.Title.IndexOf(':');
        if (section.Level >= 2 && colon > 0 && SectionKinds.IsMethods(section.Title.Slice(0, colon)) && MethodNames.Read(section.Title.From(colon + 1).Trim()) is { IsNone: false } reading)
        {
            Name(reading, section.Title.From(colon + 1).Trim(), [.. Reading.Labels(section)], []);
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
                    ReadItem(item.Text, isExact: true);
                }
            }
            else
            {
                isIntroduced = content is ParagraphContent { Text: var text } && text.Trim().EndsWith(":") && (SectionKinds.IsMethods(text) || Labels.TryGet(text, out _));
            }
        }
    }

    // The sub-headings of a Register section, and its items that begin with a method's name.
    private void ReadRegister(Section section)
    {
        if (SectionKinds.Of(section) != SectionKind.Register)
        {
            return;
        }

        foreach (var child in _reading.ChildrenOf(section))
        {
            if (MethodNames.Read(child.Title) is { IsNone: false } reading)
            {
                Name(reading, child.Title, [.. Reading.Labels(child)], []);
            }
        }

        foreach (var item in section.Items)
        {
            if ((Labelled.Read(item.Text)?.Label ?? (Inlines.TryLeadingCode(item.Text, out var code, out _) || Inlines.TryLeadingBold(item.Text, out code, out _) ? code : null)) is { } name
                && MethodNames.Read(name) is { IsNone: false, IsQuestion: false } reading && !MethodNames.Denies(Inlines.Plain(item.Text)))
            {
                Name(reading, name, [], []);
            }
        }
    }

    // "## Anonymous registration" with the request below it, wherever it stands.
    private void ReadRequestedHeading(Section section)
    {
        if (section.Level < 2 || MethodNames.Read(section.Title) is not { IsNone: false } reading)
        {
            return;
        }

        var requests = _reading.RequestsIn(section);
        if (requests.Any(request => request.Registers is not null || (request.IsShown && request.PathDoor == Door.Register)
            || (reading.Methods.Contains(MethodName.AuthorizationCode) && request.PathDoor == Door.Authorize)))
        {
            Name(reading, section.Title, [.. Reading.Labels(section)], []);
        }
    }

    private void ReadMachine()
    {
        foreach (var type in _reading.Machine.First("identity_types_supported"))
        {
            if (!Names.TryGet(type.Value, out var name))
            {
                ReportUnknown(type.Value, type.Span);
            }
            else
            {
                Name(name == MethodName.IdentityAssertion ? AssertionsOf(MethodFields.AssertionTypesOf(_reading.Machine), name) : [(name, type.Span)], type.Span, [], []);
            }
        }
    }

    // A list or a table of nothing but names of methods, under a heading in whatever language.
    private void ReadListOfNames(Section section)
    {
        var items = section.Items.Select(item => item.Text).ToList();
        if (items.Count > 1 && items.All(item => Inlines.TryLeadingCode(item, out var code, out _) && Names.TryGet(code, out _)))
        {
            items.ForEach(item => ReadItem(item, isExact: false));
        }

        foreach (var table in section.Tables.Where(table => table.Rows.Count > 1 && table.Rows.All(row => row.Count > 0 && Inlines.TryLeadingCode(row[0], out var code, out _) && Names.TryGet(code, out _))))
        {
            ReadTable(table, isExact: false);
        }
    }

    // The registrations that the document shows are of the methods that it has.
    private void ReadRequests()
    {
        foreach (var request in _reading.Requests)
        {
            if (request.Registers is { } name)
            {
                Name([(name, request.Target.Span)], request.Target.Span, [], []);
            }
        }

        if (IsAnyOn || _reading.Document.Text.IndexOf("agent_auth", StringComparison.Ordinal) < 0)
        {
            return;
        }

        // OAuth clients that agents register themselves, in a document that speaks of agent_auth.
        foreach (var request in _reading.Requests.Where(request => request.IsShown && request.IsClientRegistration && request.Body.IndexOf("authorization_code", StringComparison.Ordinal) >= 0).Take(1))
        {
            Name([(MethodName.AuthorizationCode, request.Target.Span)], request.Target.Span, [], []);
        }
    }

    // "We support `anonymous`.", right below a heading about methods and nowhere else.
    private void ReadSentences(Section section)
    {
        foreach (var paragraph in section.Contents.OfType<ParagraphContent>())
        {
            foreach (var sentence in Sentences.Of(paragraph.Text))
            {
                foreach (var marked in Inlines.CodeSpans(sentence).Concat(Inlines.BoldSpans(sentence)).Take(MostNames))
                {
                    var words = Words.Normalize(Inlines.Plain(new Fragment(sentence.Text, sentence.Start, marked.End))).Split(' ');
                    if (Names.TryGet(marked, out var name) && words.Any(Supporting.Contains) && !words.Contains("not") && !words.Contains("no")
                        && !MethodNames.DeniesFirst(Inlines.Plain(new Fragment(sentence.Text, Math.Min(sentence.End, marked.End + 2), sentence.End))))
                    {
                        Name([(name, marked.Span)], marked.Span, [], []);
                    }
                }
            }
        }
    }

    private void ReadChild(Section child, bool isExact)
    {
        var fields = Reading.Labels(child).ToList();
        if (MethodNames.Read(child.Title) is { IsNone: false } reading)
        {
            Name(reading, child.Title, fields, []);
        }
        else if (isExact && LooksLikeMethod(child, fields))
        {
            ReportUnknown(child.Title);
        }
        else if (SectionKinds.Of(child) is null)
        {
            foreach (var grandchild in _reading.ChildrenOf(child))
            {
                if (MethodNames.Read(grandchild.Title) is { IsNone: false } inner)
                {
                    Name(inner, grandchild.Title, [.. Reading.Labels(grandchild)], []);
                }
            }
        }
    }

    // Other sub-headings are the author's own: "Which one to pick".
    private static bool LooksLikeMethod(Section child, List<Labelled> fields) =>
        SectionKinds.Of(child) is null && (Names.Nearest(Inlines.Plain(child.Title)) is not null || MethodFields.HasCredentials(fields));

    // "**OAuth 2.1 authorization code with PKCE — for interactive agents.** This is …": a heading that runs into its paragraph.
    private void ReadParagraph(Fragment text)
    {
        if (Labelled.Read(text) is { } labelled && Labels.TryGet(labelled.Label, out _))
        {
            ReadValues(labelled.Value);
        }
        else if (Inlines.TryLeadingBold(text, out var bold, out var rest) && MethodNames.ReadLead(bold, rest) is { IsNone: false } reading)
        {
            Name(reading, bold, [], []);
        }
    }

    private void ReadTable(TableContent table, bool isExact)
    {
        if (ScopesReader.IsOfScopes(table))
        {
            return;
        }

        var column = ColumnOf(table);
        var isHeaded = MethodColumn.TryGet(table.Header[0], out _);
        if (column < 0 && !isHeaded)
        {
            return;
        }

        var status = table.Column(StatusColumn);
        var credentials = table.Column(CredentialsColumn);
        var assertion = table.Column(AssertionColumn);
        foreach (var row in table.Rows.Where(row => row.Count > Math.Max(0, column)))
        {
            var cell = row[Math.Max(0, column)];
            var reading = MethodNames.Read(cell);
            _isAnyGiven = true;
            if (!IsOn(row, status, isExact))
            {
                _denied.UnionWith(reading.Methods);
            }
            else if (assertion >= 0 && assertion < row.Count && reading.Methods.Count == 1 && reading.Methods[0] == MethodName.IdentityAssertion && MethodFields.KindsOf(row[assertion]) is { Count: > 0 } kinds)
            {
                Name(AssertionsOf(kinds, MethodName.IdentityAssertion), Inlines.Unwrap(cell).Span, [], credentials >= 0 && credentials < row.Count ? Inlines.Values(row[credentials]) : []);
            }
            else if (!reading.IsNone)
            {
                Name(reading, cell, [], credentials >= 0 && credentials < row.Count ? Inlines.Values(row[credentials]) : []);
            }
            else if (isExact && isHeaded && column <= 0 && Inlines.TryLeadingCode(cell, out _, out _) | column == 0)
            {
                ReportUnknown(cell);
            }
        }
    }

    private bool IsOn(IReadOnlyList<Fragment> row, int status, bool isExact)
    {
        if (status < 0)
        {
            return !row.Skip(1).Any(cell => (Statuses.TryGet(cell, out var says) && !says) || (cell.Length < 4 && cell.ToString().IndexOfAny(NoMarks) >= 0));
        }

        if (status >= row.Count || Inlines.IsNothing(row[status]))
        {
            return true;
        }

        if (row[status].ToString() is var text && text.IndexOfAny(NoMarks) >= 0)
        {
            return false;
        }

        if (Words.Normalize(Inlines.Plain(row[status])).Length == 0 || Statuses.TryGet(row[status], out var isSupported) && isSupported)
        {
            // A tick says it too.
            return true;
        }

        if (MethodNames.Denies(Inlines.Plain(row[status])))
        {
            return false;
        }

        return isExact ? _reading.TryWord(row[status], Statuses, "Status", out var on) && on : !Statuses.TryGet(row[status], out _);
    }

    // The first column of which a cell names a method; those with a heading that says so go first.
    private static int ColumnOf(TableContent table)
    {
        var columns = Enumerable.Range(0, table.Header.Count);
        foreach (var column in columns.Where(column => MethodColumn.TryGet(table.Header[column], out _)).Concat(columns))
        {
            if (table.Rows.Any(row => column < row.Count && !MethodNames.Read(row[column]).IsNone))
            {
                return column;
            }
        }

        return -1;
    }

    // "- **anonymous:** `api_key`", "- `anonymous` — for agents without a user", "1. You have neither → `anonymous`."
    private void ReadItem(Fragment text, bool isExact)
    {
        text = text.Trim();
        if (Labelled.Read(text) is { } labelled)
        {
            ReadLabelledItem(labelled);
            return;
        }

        if (AfterArrow(text) is { } after && MethodNames.Read(after) is { IsNone: false } chosen)
        {
            Name(chosen, after, [], []);
            return;
        }

        var isMarked = Inlines.TryLeadingCode(text, out var lead, out var rest) || Inlines.TryLeadingBold(text, out lead, out rest);
        var reading = isMarked ? MethodNames.ReadLead(lead, rest) : MethodNames.None;
        if (reading.IsNone)
        {
            reading = MethodNames.Read(text);
        }

        if (!reading.IsNone)
        {
            Name(reading, isMarked ? lead : text, [], []);
        }
        else if (!ReadChoices(text) && isExact && Inlines.TryLeadingCode(text, out var code, out _) && IsWord(code))
        {
            ReportUnknown(code);
        }
    }

    private void ReadLabelledItem(Labelled labelled)
    {
        if (Labels.TryGet(labelled.Label, out _) && ReadValues(labelled.Value))
        {
            return;
        }

        // "You have neither → **anonymous**: …"
        var name = AfterArrow(labelled.Label) ?? labelled.Label;
        var reading = MethodNames.ReadLead(name, labelled.Value);
        if (reading.IsNone && AfterArrow(labelled.Value) is { } after)
        {
            (name, reading) = (after, MethodNames.Read(after));
        }

        if (!reading.IsNone)
        {
            Name(reading, name, [], MethodFields.AreCredentials(labelled.Value) ? Inlines.Values(labelled.Value) : []);
        }
        else if (!ReadChoices(labelled.Value))
        {
            _reading.ReportIfMisspelt(labelled, Names);
        }
    }

    // "Only an address? Use `service_auth`."
    private bool ReadChoices(Fragment text)
    {
        var isAny = false;
        if (MethodNames.Denies(Inlines.Plain(text)))
        {
            return false;
        }

        foreach (var marked in Inlines.CodeSpans(text))
        {
            var before = text.Text.Substring(text.Start, marked.Start - text.Start).TrimEnd(' ', '`', '*', '[', '\n', '\r').Split(' ', '\n');
            if (Choosing.Contains(before[before.Length - 1].ToLowerInvariant()) && Names.TryGet(marked, out var name))
            {
                isAny = true;
                Name([(name, marked.Span)], marked.Span, [], []);
            }
        }

        return isAny;
    }

    private static Fragment? AfterArrow(Fragment text)
    {
        var written = text.ToString();
        var at = written.IndexOfAny(['→', '⇒']);
        var length = 1;
        if (at < 0)
        {
            at = written.IndexOf("->", StringComparison.Ordinal);
            length = 2;
        }

        return at < 0 ? null : text.From(at + length).Trim();
    }

    // What is no path, no scope of several parts and no credential may be meant for a method.
    private static bool IsWord(Fragment code) => code.Span.Length < 40 && code.ToString().All(c => char.IsLetterOrDigit(c) || c is '_' or '-') && !MethodFields.IsCredential(code);

    private void Name(MethodReading reading, Fragment place, IReadOnlyList<Labelled> fields, IEnumerable<Fragment> credentials)
    {
        var span = place.Trim().Span;
        if (reading.IsDenied)
        {
            _isAnyGiven = true;
            _denied.UnionWith(reading.Methods);
            return;
        }

        var methods = reading.IsQuestion ? Resolve(reading, place) : reading.Methods;
        var assertions = methods.Count == 1 && methods[0] == MethodName.IdentityAssertion ? MethodFields.AssertionsIn(fields) : [];
        Name(assertions.Count > 0 ? AssertionsOf(assertions, methods[0]) : [.. methods.Select(method => (method, span))], Inlines.Unwrap(place).Span, fields, credentials);
    }

    private void Name(IReadOnlyList<(MethodName Method, SourceSpan Span)> methods, SourceSpan place, IReadOnlyList<Labelled> fields, IEnumerable<Fragment> credentials)
    {
        _isAnyGiven = true;
        var written = credentials.ToList();
        foreach (var (name, span) in methods.Where(method => !_denied.Contains(method.Method)))
        {
            if (name == MethodName.AuthorizationCode)
            {
                _code ??= new Located<string>("authorization_code", methods.Count > 1 ? span : place);
                continue;
            }

            var kind = MethodFields.KindOf(name);
            var method = new MethodDeclaration(kind, methods.Count > 1 ? span : place, written.Count > 0 ? _fields.ReadCredentials(kind, written) : []);
            Add(fields.Count > 0 ? _fields.Read(method, fields) : method);
        }
    }

    // identity_assertion is one type on the wire and two methods here.
    private static IReadOnlyList<(MethodName Method, SourceSpan Span)> AssertionsOf(IReadOnlyList<Located<MethodName>> kinds, MethodName name) =>
        kinds.Count == 0 ? [(name, default)] : [.. kinds.Select(kind => (kind.Value, kind.Span))];

    // Words that fit two methods: the requests below a heading of these words decide, then those of the document, and then it is a question.
    private IReadOnlyList<MethodName> Resolve(MethodReading reading, Fragment place)
    {
        var own = _reading.Sections.Where(section => section.Level >= 2 && MethodNames.Read(section.Title) is { IsQuestion: true } other && other.Methods.SequenceEqual(reading.Methods));
        if (own.SelectMany(_reading.RequestsIn).Select(request => request.Registers).FirstOrDefault(method => method is not null) is { } requested)
        {
            return [requested];
        }

        var all = _reading.Requests.Select(request => request.Registers).OfType<MethodName>().Where(method => method is MethodName.Anonymous or MethodName.VerifiedEmail).Distinct().ToList();
        if (all.Count == 1)
        {
            return all;
        }

        var name = Inlines.Plain(place);
        _reading.Problems.Report(
            AuthMdRules.NotUnderstood,
            place.Trim().Span,
            $"\"{Problems.Shorten(name)}\" could be more than one method, and no request says which. It is read as {string.Join(" and ", reading.Methods.Select(MethodFields.NameOf))}. Write the method's own name: {string.Join(", ", (string[])["anonymous", "verified_email", "identity_assertion + id-jag"])}.");
        return reading.Methods;
    }

    // An overview table and a sub-heading may both name a method: the first place counts, and each fact it leaves open is taken from later ones.
    private void Add(MethodDeclaration method)
    {
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

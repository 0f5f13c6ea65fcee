using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Markdown;
using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd.Sections;

/// <summary>
/// Endpoints. Everything in the document that gives an address to a door is a candidate, and the surest form wins: a label in the Endpoints section, a
/// label elsewhere that says it is an endpoint, a request that is shown, a machine block, an address in a sentence. Of two equally sure ones the first.
/// </summary>
internal sealed class EndpointsReader
{
    // How sure a form is.
    private const int InSection = 100;
    private const int FullLabel = 80;
    private const int BareLabel = 70;
    private const int TypedRequest = 60;
    private const int ShownRequest = 50;
    private const int InMachine = 40;
    private const int NamedRequest = 30;
    private const int Mentioned = 20;
    private const int OtherDoor = 15;

    // What is taken off for a label that another says better, and for a request in a fence that does not say it is one.
    private const int Weak = 14;
    private const int Loose = 22;

    private static readonly (Door Door, string[] Members)[] MachineMembers =
    [
        (Door.Register, ["register_uri", "identity_endpoint", "registration_uri", "register_endpoint", "registration_endpoint"]),
        (Door.Claim, ["claim_uri", "claim_endpoint"]),
        (Door.Revoke, ["revocation_uri", "revocation_endpoint", "revoke_uri"]),
        (Door.Token, ["token_endpoint", "token_uri"]),
        (Door.Authorize, ["authorization_endpoint"]),
        (Door.Events, ["events_endpoint", "event_endpoint"]),
    ];

    private static readonly string[] MethodBlocks = ["anonymous", "service_auth", "identity_assertion"];

    private readonly Reading _reading;
    private readonly Dictionary<Door, Candidate> _best = [];
    private readonly Dictionary<Door, Candidate> _declared = [];

    private EndpointsReader(Reading reading) => _reading = reading;

    /// <param name="reading">The document.</param>
    /// <param name="hasMethods">Whether it names a method; a document that has neither a method nor a door of registration is about somebody else's OAuth.</param>
    public static EndpointDeclarations Read(Reading reading, bool hasMethods)
    {
        var reader = new EndpointsReader(reading);
        reader.ReadSections();
        reader.ReadLabels();
        // Requests alone, in a document that has no word about agents, are of somebody's API.
        if (hasMethods || reader._best.Count > 0 || reading.Document.Text.IndexOf("agent", StringComparison.OrdinalIgnoreCase) >= 0)
        {
            reader.ReadRequests();
        }

        reader.ReadMachine();
        var isOurs = hasMethods || reader._best.ContainsKey(Door.Register) || reader._best.ContainsKey(Door.Claim) || reader._declared.Count > 0;
        Located<string>? Of(Door door) => reader._best.TryGetValue(door, out var found) ? found.Fact : null;
        return new EndpointDeclarations
        {
            Register = Of(Door.Register),
            Claim = Of(Door.Claim),
            Revoke = isOurs ? Of(Door.Revoke) : null,
            Token = isOurs ? Of(Door.Token) : null,
            Authorize = isOurs ? Of(Door.Authorize) : null,
            Events = isOurs ? Of(Door.Events) : null,
        };
    }

    // The Endpoints section: what stands there is meant as an endpoint, so that what is wrong with it is said.
    private void ReadSections()
    {
        foreach (var section in _reading.Of(SectionKind.Endpoints))
        {
            foreach (var content in section.Contents)
            {
                if (content is ItemContent item && LabelledItem(item.Text) is { } labelled)
                {
                    ReadDeclared(labelled, item.Text);
                }
                else if (content is TableContent table)
                {
                    foreach (var row in table.Rows)
                    {
                        ReadRow(row, InSection);
                    }
                }
            }
        }
    }

    private void ReadDeclared(Labelled labelled, Fragment item)
    {
        if (DoorLabels.Read(labelled.Label) is not { } label)
        {
            _reading.ReportIfMisspelt(labelled, DoorLabels.Exact);
            return;
        }

        if (!label.IsExact)
        {
            Offer(label.Door, AddressIn(labelled.Value), InSection - (label.IsWeak ? Weak : 0));
            return;
        }

        if (ReadEndpoint(labelled.Value, label.Door) is not { } fact)
        {
            // What is declared and cannot be used is not looked for elsewhere: another address would be a guess.
            _declared[label.Door] = new Candidate(null, int.MaxValue);
            _best[label.Door] = new Candidate(null, int.MaxValue);
            return;
        }

        _declared.TryGetValue(label.Door, out var earlier);
        var kept = earlier?.Fact;
        if (label.IsWeak && kept is not null)
        {
            return;
        }

        _reading.Keep(ref kept, fact, label.Door.ToString());
        _declared[label.Door] = new Candidate(kept, InSection + 8);
        Offer(label.Door, kept is null ? null : new Fragment(_reading.Document.Text, kept.Span.Start, kept.Span.End), InSection + (label.IsWeak ? 2 : 8));
    }

    // The cell with the address, and the cell that says what it is.
    private void ReadRow(IReadOnlyList<Fragment> row, int score)
    {
        var at = -1;
        Fragment address = default;
        for (var i = 0; i < row.Count && at < 0; i++)
        {
            if (AddressIn(row[i]) is { } found)
            {
                (at, address) = (i, found);
            }
        }

        if (at < 0)
        {
            if (score == InSection && row.Count >= 2)
            {
                ReadDeclared(new Labelled(Inlines.Unwrap(row[0]), row[1]), row[0]);
            }

            return;
        }

        var byPath = DoorPaths.Of(address.ToString());
        foreach (var cell in row.Where((_, i) => i != at))
        {
            if (DoorLabels.Read(cell) is { } label && (label.Door == byPath || label.IsFull || (score == InSection && label.IsExact)))
            {
                if (label.IsExact && score == InSection)
                {
                    ReadDeclared(new Labelled(Inlines.Unwrap(cell), row[at]), cell);
                }
                else
                {
                    Offer(label.Door, address, score - (label.IsWeak ? Weak : 0));
                }

                return;
            }
        }

        // "| `POST /agent/register` | Register for a new access token |", "| Complete register | `POST` | `/agent/register` |"
        if (byPath is { } door)
        {
            if (at == 0 && score == InSection)
            {
                Offer(door, address, score - 10);
            }
            else if (row.Where((_, i) => i != at).Any(cell => cell.Length < 200 && Words.Normalize(Inlines.Plain(cell)).Split(' ').Any(DoorLabels.Verbs(door).Contains)))
            {
                Offer(door, address, BareLabel - 15);
            }
        }
    }

    // A label that says that it is an endpoint, or one whose address says the same as it does.
    private void ReadLabels()
    {
        foreach (var section in _reading.Sections)
        {
            var isEndpoints = SectionKinds.Of(section) == SectionKind.Endpoints;
            foreach (var content in section.Contents)
            {
                switch (content)
                {
                    case ItemContent item:
                        ReadLabel(isEndpoints ? null : LabelledItem(item.Text));
                        foreach (var nested in item.Nested)
                        {
                            ReadLabel(LabelledItem(nested));
                        }

                        break;
                    case ParagraphContent paragraph:
                        foreach (var line in LinesOf(paragraph.Text))
                        {
                            ReadLabel(LabelledItem(line));
                        }

                        break;
                    case TableContent table when !isEndpoints:
                        foreach (var row in table.Rows)
                        {
                            ReadRow(row, BareLabel);
                        }

                        break;
                }
            }
        }
    }

    private void ReadLabel(Labelled? labelled)
    {
        if (labelled is null || DoorLabels.Read(labelled.Label) is not { } label || AddressIn(labelled.Value) is not { } address)
        {
            return;
        }

        var isAgreed = DoorPaths.Of(address.ToString()) == label.Door;
        if (label.IsFull || isAgreed)
        {
            Offer(label.Door, address, (label.IsFull ? FullLabel : BareLabel) - (label.IsWeak ? Weak : 0));
        }
    }

    private static IEnumerable<Fragment> LinesOf(Fragment paragraph) => Inlines.Split(paragraph, '\n').SelectMany(line => Inlines.Split(line, '\r')).Select(line => line.Trim()).Where(line => !line.IsEmpty);

    // "**Label:** value", "`register_uri` — value", "`agent_auth.register_uri` is `value`".
    private static Labelled? LabelledItem(Fragment text)
    {
        if (Labelled.Read(text) is { } labelled)
        {
            return labelled;
        }

        if (!Inlines.TryLeadingCode(text, out var code, out var rest) && !Inlines.TryLeadingBold(text, out code, out rest))
        {
            var dash = text.Slice(0, Math.Min(text.Length, 60)).ToString().IndexOfAny(['—', '–']);
            return dash > 0 ? new Labelled(text.Slice(0, dash).Trim(), text.From(dash + 1).Trim()) : null;
        }

        // "`register_uri` / `identity_endpoint` — …" and "**Registration** (RFC 7591): …"
        rest = rest.Trim();
        for (var i = 0; i < rest.Length && i < 60; i++)
        {
            if (rest[i] is '—' or '–' or '=' or ':' or '→' && !rest.From(i).StartsWith("://") || (rest[i] == '-' && i > 0 && rest[i - 1] == ' '))
            {
                return new Labelled(code, rest.From(i + 1).Trim());
            }
        }

        return rest.StartsWith("is ") || rest.StartsWith("at ") ? new Labelled(code, rest.From(3).Trim()) : null;
    }

    private void ReadRequests()
    {
        foreach (var request in _reading.Requests)
        {
            if (DoorOf(request) is { } found)
            {
                Offer(found.Door, request.Target, found.Score - (request.IsShown && !request.IsHttp ? Loose : 0));
            }

            // "Claim a credential at the claim_uri, which is the token endpoint."
            if (request is { IsShown: true, Method: "POST", PathDoor: Door.Token } && TopicOf(request.Section) == Door.Claim && !request.Has("claim_token"))
            {
                Offer(Door.Claim, request.Target, OtherDoor);
            }
        }
    }

    private static (Door Door, int Score)? DoorOf(Request request)
    {
        var path = request.PathDoor;
        if (request.IsShown || request.Method == "POST")
        {
            var typed = request.IsShown ? TypedRequest : NamedRequest + 2;
            if (request.Method == "POST" && request.Registers is not null && path is null or Door.Register)
            {
                return (Door.Register, typed);
            }

            if (request.Method == "POST" && request.Has("claim_token") && !request.Has("grant_type") && path is Door.Claim)
            {
                return (Door.Claim, typed);
            }
        }

        if (request.IsShown)
        {
            // Client registration of OAuth is a door for agents where there is no other.
            return path is { } named && (request.Method == "POST" || named == Door.Authorize) ? (named, ShownRequest - (request.IsClientRegistration ? 3 : 0))
                : request.Method == "POST" && TopicOf(request.Section) is { } topic && path is null ? (topic, ShownRequest - 8)
                : null;
        }

        if (request.Method == "POST")
        {
            return path is { } door ? (door, NamedRequest) : TopicOf(request.Section) == Door.Register && request.Target.ToString().IndexOf("regist", StringComparison.OrdinalIgnoreCase) >= 0 ? (Door.Register, NamedRequest - 5) : null;
        }

        return request.Method.Length == 0 && path is { } mentioned && DoorLabels.Verbs(mentioned).Any(verb => request.Sentence.IndexOf(" " + verb + " ", StringComparison.Ordinal) >= 0) ? (mentioned, Mentioned) : null;
    }

    private static Door? TopicOf(Section section) => SectionKinds.Of(section) switch
    {
        SectionKind.Register => Door.Register,
        SectionKind.Claim => Door.Claim,
        SectionKind.Revocation => Door.Revoke,
        _ => null,
    };

    // A member of the first generation goes before one of the newest, wherever they stand.
    private void ReadMachine()
    {
        foreach (var (door, members) in MachineMembers)
        {
            if (_best.TryGetValue(door, out var best) && best.Score > InMachine)
            {
                continue;
            }

            var found = members.SelectMany(member => _reading.Machine.All.Select(block => block.Member(member)?.Value))
                .Concat(members.SelectMany(member => _reading.Machine.All.SelectMany(block => MethodBlocks.Select(method => block.AgentAuth?.Object(method)?.Find(member)?.Value))))
                .OfType<MachineText>()
                .FirstOrDefault();
            if (found is null)
            {
                continue;
            }

            var fragment = new Fragment(_reading.Document.Text, found.Span.Start, found.Span.End);
            if (fragment.ToString() == found.Value && ReadTarget(fragment, door.ToString()) is not null)
            {
                Offer(door, fragment, InMachine);
            }
        }
    }

    private void Offer(Door door, Fragment? address, int score)
    {
        if (address is not { } target || !DoorPaths.IsAddress(target))
        {
            return;
        }

        var text = target.ToString();
        score += (DoorPaths.Of(text) == door ? 4 : 0) + (DoorPaths.IsOfAgents(text) ? 2 : 0);
        if (!_best.TryGetValue(door, out var best) || score > best.Score)
        {
            _best[door] = new Candidate(new Located<string>(text, target.Span), score);
        }
    }

    // The address that a value is: "`POST /agent/auth`", "/agent/auth", "<https://…>", "[/agent/auth](https://…)", "`https://…` (POST)", "POST `/agent/auth`".
    private static Fragment? AddressIn(Fragment value)
    {
        var whole = Inlines.Unwrap(value);
        foreach (var candidate in Inlines.CodeSpans(value).Take(2).Prepend(whole))
        {
            if (WithoutMethod(candidate) is { IsEmpty: false } target && DoorPaths.IsAddress(target))
            {
                return target;
            }
        }

        // "[`/agent/auth`](https://…)", "https://… (POST)", "POST https://… with JSON".
        var words = whole.ToString().Split(' ');
        var start = 0;
        foreach (var word in words.Take(3))
        {
            var target = Inlines.Unwrap(whole.Slice(start, word.Length));
            if (DoorPaths.IsAddress(target))
            {
                return target;
            }

            start += word.Length + 1;
        }

        return null;
    }

    private static Fragment WithoutMethod(Fragment value)
    {
        value = value.Trim();
        var space = value.IndexOf(' ');
        return space > 0 && value.Slice(0, space).ToString().All(c => c is (>= 'A' and <= 'Z') or '|' or '/' or ',') ? Inlines.Unwrap(value.From(space)) : value;
    }

    // "POST /agent/auth", "/agent/auth", "https://auth.example.com/agent/auth".
    private Located<string>? ReadEndpoint(Fragment value, Door door)
    {
        var label = door.ToString();
        if (AddressIn(value) is { } address && !Inlines.Unwrap(value).StartsWith("GET "))
        {
            return new Located<string>(address.ToString(), address.Span);
        }

        value = Inlines.Unwrap(value);
        var space = value.IndexOf(' ');
        if (space < 0)
        {
            return ReadTarget(value, label);
        }

        if (value.Slice(0, space).ToString() == "POST")
        {
            return ReadTarget(Inlines.Unwrap(value.From(space)), label);
        }

        _reading.Problems.Report(AuthMdRules.UnusableEndpoint, value.Span, $"{label} is \"{Problems.Shorten(value.ToString())}\"; expected POST and a path, such as `POST {V01Paths.Register}`.");
        return null;
    }

    private Located<string>? ReadTarget(Fragment target, string label)
    {
        var text = target.ToString();
        if (text.IndexOf("://", StringComparison.Ordinal) > 0)
        {
            return WebAddresses.Read(target, label, _reading.Problems);
        }

        if (EndpointPaths.Fault(text) is not { } fault)
        {
            return new Located<string>(text, target.Span);
        }

        _reading.Problems.Report(AuthMdRules.UnusableEndpoint, target.Span, $"{label} is \"{Problems.Shorten(text)}\", which {fault}. Expected a path such as {V01Paths.Register}.");
        return null;
    }

    private sealed record Candidate(Located<string>? Fact, int Score);
}

using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>
/// Finds requests: the lines of code blocks that begin with an HTTP method or with curl, and the addresses that sentences name. Of a sentence that
/// denies something nothing is taken.
/// </summary>
internal sealed class RequestsReader
{
    // Nobody names more in one sentence, and each costs a look through it.
    private const int MostAddresses = 8;

    private static readonly string[] Methods = ["POST", "GET", "PUT", "DELETE", "PATCH"];
    private static readonly string[] Denials = ["not", "never", "dont", "doesnt", "cannot", "cant", "isnt", "arent", "neither", "nor", "wont", "unavailable", "instead", "unsupported"];

    private readonly List<Request> _requests = [];
    private readonly Section _section;

    private RequestsReader(Section section) => _section = section;

    public static IReadOnlyList<Request> Read(Reading reading)
    {
        var all = new List<Request>();
        foreach (var section in reading.Sections)
        {
            var reader = new RequestsReader(section);
            reader.ReadSection();
            all.AddRange(reader._requests);
        }

        return all;
    }

    private void ReadSection()
    {
        foreach (var content in _section.Contents)
        {
            switch (content)
            {
                case ParagraphContent paragraph:
                    ReadSentences(paragraph.Text);
                    break;
                case ItemContent item:
                    ReadSentences(item.Text);
                    foreach (var nested in item.Nested)
                    {
                        ReadSentences(nested);
                    }

                    break;
                case IndentedContent code:
                    ReadCode(code.Text, isHttp: false);
                    break;
                case FenceContent { Language: not ("yaml" or "yml") } fence:
                    ReadCode(fence.Text, fence.Language == "http");
                    break;
            }
        }

        // Then those inside lists. Both are in the order of the text, so one walk tells them apart.
        using var outside = _section.Contents.OfType<FenceContent>().GetEnumerator();
        var isLeft = outside.MoveNext();
        foreach (var fence in _section.Fences)
        {
            if (isLeft && ReferenceEquals(outside.Current, fence))
            {
                isLeft = outside.MoveNext();
            }
            else if (fence.Language is not ("yaml" or "yml"))
            {
                ReadCode(fence.Text, fence.Language == "http");
            }
        }
    }

    private void ReadCode(Fragment code, bool isHttp)
    {
        Request? current = null;
        var isCurl = false;
        var start = 0;
        for (var i = 0; i < code.Length;)
        {
            var end = i;
            while (end < code.Length && code[end] is not ('\r' or '\n'))
            {
                end++;
            }

            var line = code.Slice(i, end - i).Trim();
            var isCommand = line.StartsWith("curl ") || line.StartsWith("$ curl ");
            if ((isCommand ? new Request(_section, "", default, true) : RequestLine(line)) is { } request)
            {
                Close(code, start, i, current, isCurl, isHttp);
                (current, isCurl, start) = (request, isCommand, i);
            }

            i = end + 1;
        }

        if (current is null && code.Trim().StartsWith("{") && _requests.Count > 0 && _requests[_requests.Count - 1] is { } last && last.Body.IndexOf('{') < 0)
        {
            // "POST `/agent/identity` with:" and the body in a block of its own.
            last.Body += code.ToString();
            return;
        }

        Close(code, start, code.Length, current, isCurl, isHttp);
    }

    private void Close(Fragment code, int start, int end, Request? request, bool isCurl, bool isHttp)
    {
        if (request is null)
        {
            return;
        }

        var chunk = code.Slice(start, end - start);
        if (isCurl)
        {
            ReadCurl(chunk);
        }
        else
        {
            Add(request with { Body = chunk.ToString(), IsHttp = isHttp });
        }
    }

    // "POST /agent/auth HTTP/1.1", "1. POST /agent/auth", "→ POST https://…".
    private Request? RequestLine(Fragment line)
    {
        var start = 0;
        while (start < line.Length && start < 4 && !char.IsLetter(line[start]))
        {
            start++;
        }

        line = line.From(start);
        foreach (var method in Methods)
        {
            if (line.StartsWith(method + " "))
            {
                var target = FirstWord(line.From(method.Length).Trim());
                return DoorPaths.IsAddress(WithoutQuery(target)) ? new Request(_section, method, WithoutQuery(target), true) : null;
            }
        }

        return null;
    }

    private void ReadCurl(Fragment command)
    {
        var text = command.ToString();
        var at = text.IndexOf("http", StringComparison.Ordinal);
        while (at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '-' or '/'))
        {
            at = text.IndexOf("http", at + 1, StringComparison.Ordinal);
        }

        if (at < 0)
        {
            return;
        }

        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '\\'))
        {
            end++;
        }

        var target = WithoutQuery(command.Slice(at, end - at));
        var isPost = text.IndexOf("-X POST", StringComparison.Ordinal) >= 0 || text.IndexOf("-XPOST", StringComparison.Ordinal) >= 0 || text.IndexOf("--request POST", StringComparison.Ordinal) >= 0
            || text.IndexOf(" -d ", StringComparison.Ordinal) >= 0 || text.IndexOf("--data", StringComparison.Ordinal) >= 0 || text.IndexOf("--json", StringComparison.Ordinal) >= 0;
        if (DoorPaths.IsAddress(target))
        {
            Add(new Request(_section, isPost ? "POST" : "GET", target, true) { Body = text });
        }
    }

    private void ReadSentences(Fragment text)
    {
        foreach (var sentence in Sentences.Of(text))
        {
            ReadSentence(sentence);
        }
    }

    private void ReadSentence(Fragment sentence)
    {
        if (sentence.IndexOf('/') < 0)
        {
            return;
        }

        var words = " " + Words.Normalize(Inlines.Plain(sentence)) + " ";
        if (Denials.Any(denial => words.IndexOf(" " + denial + " ", StringComparison.Ordinal) >= 0) || words.StartsWith(" no ", StringComparison.Ordinal) || words.IndexOf(" is no ", StringComparison.Ordinal) >= 0)
        {
            return;
        }

        var body = sentence.ToString();
        foreach (var address in Addresses(sentence).Take(MostAddresses))
        {
            Add(address with { Sentence = words, Body = body });
        }
    }

    // What stands in code spans, and bare words that are addresses. A POST before the address belongs to it.
    private IEnumerable<Request> Addresses(Fragment sentence)
    {
        var isPosted = false;
        foreach (var (word, isCode) in Pieces(sentence))
        {
            var method = Methods.FirstOrDefault(method => word.StartsWith(method) && (word.Length == method.Length || word[method.Length] is ' ' or '|' or '/'));
            if (method is not null && word.Length > method.Length)
            {
                var target = WithoutQuery(LastWord(word));
                if (DoorPaths.IsAddress(target))
                {
                    yield return new Request(_section, word.ToString().IndexOf("POST", StringComparison.Ordinal) >= 0 ? "POST" : method, target, false);
                    isPosted = false;
                }
            }
            else if (method is not null)
            {
                isPosted = method == "POST";
            }
            else if (WithoutQuery(word) is var target && DoorPaths.IsAddress(target) && (isCode || target.StartsWith("http") || isPosted))
            {
                yield return new Request(_section, isPosted ? "POST" : "", target, false);
                isPosted = false;
            }
        }
    }

    private static IEnumerable<(Fragment Word, bool IsCode)> Pieces(Fragment sentence)
    {
        var runs = new BacktickRuns(sentence);
        for (var i = 0; i < sentence.Length;)
        {
            if (sentence[i] == '`')
            {
                if (runs.TryClose(i, out var code))
                {
                    yield return (code.Trim(), true);
                    i = code.End + runs.Length(i) - sentence.Start;
                }
                else
                {
                    i += runs.Length(i);
                }
            }
            else if (char.IsWhiteSpace(sentence[i]) || sentence[i] is '<' or '>' or '(' or ')' or '[' or ']' or '*' or ',' or '"')
            {
                i++;
            }
            else
            {
                var end = i;
                while (end < sentence.Length && !char.IsWhiteSpace(sentence[end]) && sentence[end] is not ('`' or '<' or '>' or '(' or ')' or '[' or ']' or '*' or ',' or '"'))
                {
                    end++;
                }

                yield return (sentence.Slice(i, end - i), false);
                i = end;
            }
        }
    }

    private void Add(Request request) => _requests.Add(request with { PathDoor = DoorPaths.Of(request.Target.ToString()) });

    private static Fragment FirstWord(Fragment text)
    {
        var end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return text.Slice(0, end);
    }

    private static Fragment LastWord(Fragment text)
    {
        var start = text.Length;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]))
        {
            start--;
        }

        return text.From(start);
    }

    private static Fragment WithoutQuery(Fragment target) => target.IndexOf('?') is var query and >= 0 ? target.Slice(0, query) : target;
}

using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentAuth.EndToEnd.Sample;

/// <summary>A request that a published auth.md shows, and the answers that it promises.</summary>
/// <param name="Heading">The heading under which it stands.</param>
/// <param name="Method">GET or POST.</param>
/// <param name="Url">As written.</param>
/// <param name="ContentType">Null for a request without a body.</param>
/// <param name="Body">With its placeholders; empty for a request without one.</param>
/// <param name="Answers">The shapes, in the order of the text.</param>
internal sealed partial record PublishedRequest(string Heading, string Method, Uri Url, string? ContentType, string Body, IReadOnlyList<JsonObject> Answers)
{
    /// <summary>All requests of a document, in its order.</summary>
    public static IReadOnlyList<PublishedRequest> ReadAll(string markdown)
    {
        var requests = new List<PublishedRequest>();
        var heading = "";
        foreach (Match match in Parts().Matches(markdown))
        {
            var content = match.Groups["content"].Value;
            if (match.Groups["heading"] is { Success: true } title)
            {
                heading = title.Value.Trim();
            }
            else if (match.Groups["language"].Value == "http" && RequestLine().Match(content) is { Success: true } line)
            {
                var parts = content.ReplaceLineEndings("\n").Split("\n\n", 2);
                requests.Add(new PublishedRequest(
                    heading,
                    line.Groups["method"].Value,
                    new Uri(line.Groups["url"].Value),
                    ContentTypeLine().Match(parts[0]) is { Success: true } type ? type.Groups[1].Value.Trim() : null,
                    parts.Length > 1 ? parts[1].Trim() : "",
                    []));
            }
            else if (match.Groups["language"].Value == "json" && requests.Count > 0)
            {
                requests[^1] = requests[^1] with { Answers = [.. requests[^1].Answers, JsonNode.Parse(content)!.AsObject()] };
            }
        }

        return requests;
    }

    /// <summary>The request as it is sent. A placeholder that nothing is known for fails.</summary>
    public HttpRequestMessage Fill(IReadOnlyDictionary<string, string> known) => new(new HttpMethod(Method), Url)
    {
        Content = ContentType is null
            ? null
            : new StringContent(Placeholder().Replace(Body, match => known[match.Groups[1].Value]), Encoding.UTF8, ContentType),
    };

    [GeneratedRegex(@"^#{1,6} (?<heading>[^\n]+)$|^```(?<language>\w+)\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Parts();

    [GeneratedRegex(@"\A(?<method>[A-Z]+) (?<url>\S+) HTTP/1\.1")]
    private static partial Regex RequestLine();

    [GeneratedRegex("^Content-Type: (.*)$", RegexOptions.Multiline)]
    private static partial Regex ContentTypeLine();

    [GeneratedRegex("<([^>]+)>")]
    private static partial Regex Placeholder();
}

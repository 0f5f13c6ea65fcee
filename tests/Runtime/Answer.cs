using System.Globalization;
using System.Net;
using System.Text.Json;

namespace AgentAuth;

/// <summary>An answer, read whole. What is found to be as expected is noted for the table of hostile inputs: see <see cref="AbuseAttribute"/>.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Error => Text("error");

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    public string[] Texts(string member) => [.. Json.GetProperty(member).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>It went well.</summary>
    public void Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{(int)Status} instead of {(int)status}: {Body}");
        CheckedAnswers.Add(((int)status).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>It is an error of the protocol, in its form.</summary>
    public void Is(HttpStatusCode status, string error)
    {
        Assert.True(Body.Length > 0, $"{(int)Status} without a body instead of {(int)status} {error}");
        Assert.Equal((status, error), (Status, Error));
        Assert.Equal("application/json", Headers["Content-Type"]);
        Assert.Equal("no-store", Headers["Cache-Control"]);
        Assert.Equal(Text("message"), Text("error_description"));
        CheckedAnswers.Add($"{(int)status} {error}");
    }
}

using System.Text;
using System.Text.Json;

namespace AgentAuth.Tool.Commands;

public sealed class ReadCommandTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    [Fact]
    public void What_is_understood_is_printed_as_JSON()
    {
        _folder.Write("auth.md", ToolFolder.Sound.Replace("## Scopes", "## Endpoints\n- **Register:** `POST /agent/identity`\n- **Token endpoint:** `POST /oauth2/token`\n\n## Scopes", StringComparison.Ordinal));

        var run = _folder.Run("read", "auth.md", "--format", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using var json = JsonDocument.Parse(run.Out);
        var root = json.RootElement;
        Assert.Equal(["name", "resource", "scopes", "methods", "endpoints", "providers", "problems"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("Things", "https://api.things.example"), (root.GetProperty("name").GetString(), root.GetProperty("resource").GetString()));
        Assert.Equal(["things.read pre-claim Read things.", "things.write post-claim Write things."], root.GetProperty("scopes").EnumerateArray().Select(scope => $"{Text(scope, "name")} {Text(scope, "granted")} {Text(scope, "description")}"));
        Assert.Equal(["anonymous"], root.GetProperty("methods").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(["register /agent/identity", "claim ", "revoke ", "token /oauth2/token"], root.GetProperty("endpoints").EnumerateObject().Select(endpoint => $"{endpoint.Name} {endpoint.Value.GetString()}"));
        var problem = Assert.Single(root.GetProperty("problems").EnumerateArray());
        Assert.Equal("AUTHMD1028 info 7:29", $"{Text(problem, "id")} {Text(problem, "severity")} {problem.GetProperty("line")}:{problem.GetProperty("column")}");
    }

    [Fact]
    public void Every_method_has_the_name_of_the_protocol()
    {
        _folder.Write("auth.md", "# X auth.md\n\n## Methods\n\n- `anonymous`\n- `service_auth`\n- ID-JAG\n- Authorization code with PKCE\n");

        using var json = JsonDocument.Parse(_folder.Run("read", "--format", "json").Out);

        Assert.Equal(["anonymous", "authorization_code", "identity_assertion", "verified_email"], json.RootElement.GetProperty("methods").EnumerateArray().Select(method => method.GetString()));
    }

    [Fact]
    public void A_document_with_errors_is_read_and_ends_with_one()
    {
        _folder.Write("auth.md", "Nothing.\n");

        var run = _folder.Run("read", "--format", "json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal((1, JsonValueKind.Null), (run.ExitCode, json.RootElement.GetProperty("name").ValueKind));
    }

    [Fact]
    public void People_get_lines()
    {
        _folder.Write("auth.md", ToolFolder.Sound);

        var run = _folder.Run("read");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Name: Things\nResource: https://api.things.example\nScope: things.read (pre-claim) Read things.\nScope: things.write (post-claim) Write things.\nMethods: anonymous\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dash_is_the_input()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var surroundings = new Surroundings(_folder.Path, new Terminal(output, false), new Terminal(error, false)) { In = () => new MemoryStream(Encoding.UTF8.GetBytes(ToolFolder.Sound)) };

        Assert.Equal(0, AuthMdCommandLine.Run(["read", "-", "--format", "json"], surroundings));
        Assert.Contains("\"things.read\"", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused() => Assert.Equal(2, _folder.Run("read", "none.md").ExitCode);

    public void Dispose() => _folder.Dispose();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

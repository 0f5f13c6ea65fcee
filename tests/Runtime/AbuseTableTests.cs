using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using AgentAuth.Protocol;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;

namespace AgentAuth;

/// <summary>
/// The tests of hostile inputs, whole: each line of the list has one over HTTP, the number in a test's name is the one its
/// <see cref="AbuseAttribute"/> says, and docs/security.md holds the table that they make.
/// </summary>
public sealed partial class AbuseTableTests
{
    private const int Lines = 100;

    // Those of the OAuth endpoints; the lines between them are of doors that are not open yet.
    private static readonly int[] s_oauth = [110, 116, 117, 121, 122, 126, 128, 135, 141];

    private const string Begin = "<!-- The table of hostile inputs begins here. It is written by a test: see CONTRIBUTING.md. -->";
    private const string End = "<!-- The table of hostile inputs ends here. -->";

    [Fact]
    public void Every_line_has_a_test_over_HTTP()
    {
        var tested = Rows().Where(row => row.Abuse.Answers.Count > 0).Select(row => row.Abuse.Line).ToHashSet();

        Assert.Equal([], Enumerable.Range(1, Lines).Concat(s_oauth).Except(tested));
        Assert.Equal([], tested.Except(Enumerable.Range(1, Lines).Concat(s_oauth)));
    }

    [Fact]
    public void A_tests_name_has_the_numbers_of_its_lines()
    {
        foreach (var method in Methods().Where(method => method.Name.StartsWith("Abuse", StringComparison.Ordinal) || Abuses(method).Count > 0))
        {
            var name = Name().Match(method.Name);
            Assert.True(name.Success, $"{method.Name} must begin with Abuse_NN_, or Abuse_NN_and_NN_.");
            Assert.Equal(
                (method.Name, string.Join(' ', name.Groups["line"].Captures.Select(number => int.Parse(number.Value, null)).Order())),
                (method.Name, string.Join(' ', Abuses(method).Select(abuse => abuse.Line).Distinct().Order())));
            Assert.True(method.IsDefined(typeof(FactAttribute)), $"{method.Name} is not run.");
        }
    }

    [Fact]
    public void Every_answer_is_one_of_the_protocol()
    {
        // A body that is too large, or of another type, is an invalid_request with a status that says so.
        HashSet<string> known = ["200", "413 invalid_request", "415 invalid_request", .. ProtocolErrors.All.Select(error => $"{error.Status} {error.Code}"),
            .. Enum.GetValues<RefusalReason>().Select(OAuthErrors.Of).Select(error => $"{error.Status} {error.Code}")];

        Assert.All(Rows(), row => Assert.All(row.Abuse.Answers, answer => Assert.Contains(answer, known)));
    }

    [Fact]
    public void The_table_in_the_docs_is_what_the_tests_say()
    {
        var file = Path.Combine(Repository.Root, "docs", "security.md");
        var (before, table, after) = Split(File.ReadAllText(file).ReplaceLineEndings("\n"));
        if (Environment.GetEnvironmentVariable("AGENTAUTH_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, before + Table() + after);
            (_, table, _) = Split(File.ReadAllText(file));
        }

        Assert.True(
            Table() == table,
            "docs/security.md does not hold the table that the [Abuse] attributes make. Write it with "
            + "AGENTAUTH_WRITE_DOCS=1 dotnet test tests/Runtime --filter FullyQualifiedName~AbuseTableTests");
    }

    private static (string Before, string Table, string After) Split(string text)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"docs/security.md must hold the lines\n{Begin}\n{End}");
        begin += Begin.Length;
        return (text[..begin], text[begin..end], text[end..]);
    }

    private static string Table()
    {
        var table = new StringBuilder("\n\n| Line | Input | Answer | Test |\n| --- | --- | --- | --- |\n");
        foreach (var (abuse, test) in Rows())
        {
            Assert.DoesNotContain('|', abuse.Input + abuse.Answer);
            table.Append(null, $"| {abuse.Line} | {Sentence(abuse.Input)} | {Sentence(abuse.Answer)} | `{test}` |\n");
        }

        return table.Append('\n').ToString();
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    // In order of the lines; what was asked over HTTP before what was not.
    private static IReadOnlyList<(AbuseAttribute Abuse, string Test)> Rows() =>
    [
        .. Methods()
            .SelectMany(Abuses, (method, abuse) => (Abuse: abuse, Test: $"{method.DeclaringType!.Name}.{method.Name}"))
            .OrderBy(row => row.Abuse.Line)
            .ThenBy(row => row.Abuse.Answers.Count == 0)
            .ThenBy(row => row.Test, StringComparer.Ordinal),
    ];

    // Those of the store are in an assembly of their own, which has the attribute as well.
    private static IEnumerable<MethodInfo> Methods() => new[] { typeof(AbuseTableTests).Assembly, typeof(Storage.AgentAuthStoreTests).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly));

    private static IReadOnlyList<AbuseAttribute> Abuses(MethodInfo method) =>
    [
        .. method.GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType.FullName == typeof(AbuseAttribute).FullName)
            .Select(attribute => attribute.ConstructorArguments)
            .Select(said => new AbuseAttribute((int)said[0].Value!, (string)said[1].Value!, (string)said[2].Value!)),
    ];

    [GeneratedRegex("^Abuse_(?<line>[0-9]{2,3})_(?:and_(?<line>[0-9]{2,3})_)*(?![0-9])")]
    private static partial Regex Name();
}

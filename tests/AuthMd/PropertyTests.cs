using CsCheck;

namespace AgentAuth.AuthMd;

public sealed class PropertyTests
{
    private static readonly string[] s_pieces =
    [
        "\n", "\r\n", "\r", " ", "\t", "# ", "## ", "### ", "- ", "1. ", "> ", "|", "---", "===", "```", "`", "``", "**", "__", "*", "_", ":", "—", "<!--", "-->", "auth.md:private",
        "auth.md:steps", "[", "](", ")", "<", ">", "\\", "&amp;", "\0", "\uFEFF", "\uD800", "票", "🎫", "Scopes", "Methods", "anonymous", "Credentials", "Resource", "https://a.example",
        "Limits", "5 per hour", "Endpoints", "Register", "POST /a", "Lifetimes", "PT1H", "Trusted providers", "Issuer", "auth.md:no-steps", "```json\n", "```http\n", "```yaml\n",
        "---\n", "{", "}", "[", "]", "\"", "\\u00e9", ",", "\"agent_auth\": ", "\"identity_types_supported\"", "agent_auth:", "scopes_supported: ", "\"scope\": \"a b\"", "scope=",
        "POST /agent/auth HTTP/1.1\n\n", "\"type\": \"anonymous\"", "${x}", "{{x}}", "TODO", "your-domain.com", "-----BEGIN PRIVATE KEY-----", "eyJ", ".", "(pre-claim)", "`a`", "`a.b`", "| Scope |",
        "Status", "not supported", "identity_assertion", "verified_email", "Supported identity types:", "Scopes:", "null", "1e9", "#", "'",
        "| Issuer | Requires | Email |\n| --- | --- | --- |\n| https://p.example | ", "max age 1 hour", "acr `urn:x` or ", " and ", " or ", "trusted for ", "example.com", "@", "=",
    ];

    // eng/fuzz asks for a million; a test run for enough to notice that something broke.
    private static readonly int s_times = int.TryParse(Environment.GetEnvironmentVariable("AGENTAUTH_FUZZ"), out var times) ? times : 1;

    private static readonly string[] s_seeds =
    [
        TicketDesk.Text, .. Directory.GetFiles(Path.Combine(Repository.Root, "tests", "AuthMd", "Problems"), "*.md").Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    private static readonly Gen<string> s_documents = Gen.OneOf([.. s_pieces.Select(Gen.Const)]).Array[0, 80].Select(string.Concat);

    private static readonly Gen<string> s_mutants =
        Gen.Select(Gen.Int[0, s_seeds.Length - 1].Select(index => s_seeds[index]), Gen.Select(Gen.Double[0, 1], Gen.Int[0, 200], Gen.OneOf(s_documents, Gen.String)).Array[1, 4]).Select((seed, edits) =>
            edits.Aggregate(seed, (text, edit) =>
            {
                var start = (int)(edit.Item1 * text.Length);
                return text.Remove(start, Math.Min(edit.Item2, text.Length - start)).Insert(start, edit.Item3);
            }));

    [Fact]
    public void Any_text_is_read_without_an_exception_and_with_spans_inside() => Gen.String.Sample(Check, iter: 3_000 * s_times);

    [Fact]
    public void Any_mixture_of_marks_is_read_without_an_exception_and_with_spans_inside() => s_documents.Sample(Check, iter: 3_000 * s_times);

    [Fact]
    public void Any_change_of_the_example_is_read_without_an_exception_and_with_spans_inside() => s_mutants.Sample(Check, iter: 4_000 * s_times);

    [Fact]
    public void What_stands_before_the_title_moves_every_span_by_its_length() =>
        Gen.String[Gen.Char.AlphaNumeric, 0, 40].Sample(before =>
        {
            var shifted = AuthMdParser.Parse($"<!-- {before} -->\n{TicketDesk.Text}");
            Assert.Equal(AuthMdParser.Parse(TicketDesk.Text).Problems.Select(problem => problem.Id), shifted.Problems.Select(problem => problem.Id));
            Assert.Equal(AuthMdParser.Parse(TicketDesk.Text).Document.Endpoints.Revoke!.Span.Start + before.Length + 10, shifted.Document.Endpoints.Revoke!.Span.Start);
        }, iter: 200);

    [Fact]
    public void Any_change_of_the_example_can_be_asked_for_edits() => Gen.OneOf(s_documents, s_mutants).Sample(text =>
        {
            var result = AuthMdParser.Parse(text);
            foreach (var fix in result.Document.Scopes.Select(scope => ScopeEdits.Remove(text, result, scope.Name.Value)).Append(ScopeEdits.Add(text, result, "x.y")).OfType<AuthMdFix>())
            {
                Assert.InRange(fix.Span.Start, 0, text.Length);
                Assert.InRange(fix.Span.End, fix.Span.Start, text.Length);
            }
        }, iter: 1_000 * s_times);

    private static void Check(string text)
    {
        var result = AuthMdParser.Parse(text);
        Spans.AssertInside(text, result, text);
        foreach (var fix in result.Problems.Select(problem => problem.Fix).OfType<AuthMdFix>())
        {
            Assert.InRange(fix.Span.Start, 0, text.Length);
            Assert.InRange(fix.Span.End, fix.Span.Start, text.Length);
        }

        PublishedText.Render(text, result.Document, "https://issuer.example/a", "https://resource.example/b");
    }
}

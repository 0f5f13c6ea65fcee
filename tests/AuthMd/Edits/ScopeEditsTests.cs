using CsCheck;

namespace AgentAuth.AuthMd.Edits;

public sealed class ScopeEditsTests
{
    private const string Before = "# X auth.md\n\n- **Resource:** https://api.x.example\n\n";
    private const string After = "\n\nProse.\n\n## Methods\n\n### verified_email\n- **Credentials:** `api_key`\n";

    /// <summary>A Scopes section, what is added to it, and the section with it: the plus marks the inserted lines.</summary>
    public static TheoryData<string, bool, string> Styles => new()
    {
        { "| Scope | Description |\n| --- | --- |\n| `a.b` | Reads. |\n+| `x.y` |  |", false, "a padded cell" },
        { "| Scope   | Description | Granted    |\n| ------- | ----------- | ---------- |\n| `a`     | Reads.      | pre-claim  |\n| `b`     | Writes.     | post-claim |\n+| `x.y`   |             | post-claim |", false, "aligned" },
        { "| Scope   | Description | Granted    |\n| ------- | ----------- | ---------- |\n| `a`     | Reads.      | pre-claim  |\n+| `x.y`   |             | pre-claim  |", true, "aligned, pre-claim" },
        { "| Scope | Description |\n|-------|-------------|\n| `a`   | Reads.      |\n| `long.name` | Writes. |\n| `b`   | Reads.      |\n+| `x.y` |             |", false, "one row too long for its column" },
        { "|Scope|Granted|Risk|\n|-|-|-|\n|`a`|Before the claim|low|\n|`b`|After claim|high|\n+|`x.y`|After claim||", false, "no spaces, the author's words" },
        { "| Scope | Granted |\n| --- | --- |\n| `a` | pre-claim |\n| `b` | — |\n+| `x.y` | — |", false, "a dash" },
        { "Scope | Granted | Purpose\n:-- | --- | --:\na | pre-claim | Reads.\n+x.y | post-claim |", false, "no pipes outside, no code" },
        { "| Scope | Size  |\n| :---- | ----: |\n| **`a`** |    10 |\n+| **`x.y`** |       |", false, "bold, right aligned" },
        { "| Scope | Purpose |\n| --- | --- |\n| `a`, `b` | Both. |\n+| `x.y` |  |", false, "two scopes in a cell" },
        { "| Scope | Granted | Purpose |\n| --- | --- | --- |\n| `a` |\n+| `x.y` | post-claim |  |", false, "a row with cells missing" },
        { "  | Scope | Purpose |\n  | --- | --- |\n  | `a` | Reads. |\n+  | `x.y` |  |", false, "indented" },
        { "- `a` — Reads.\n- `b` — Writes.\n+- `x.y`", false, "bullets" },
        { "* `a` (pre-claim) - Reads.\n+* `x.y`", false, "stars, granted where not said" },
        { "* `a` (Pre claim) - Reads.\n+* `x.y` (Pre claim)", true, "stars, pre-claim in the author's words" },
        { "+ `a`\n++ `x.y` (pre-claim)", true, "plus signs, pre-claim as nobody said it" },
        { "- `a` (post-claim): Reads.\n+- `x.y` (post-claim)", false, "bullets that say post-claim" },
        { "  -   **`a`** — Reads\n      all of it.\n      - not a scope\n\n      ```sh\n      echo\n      ```\n+  -   **`x.y`**", false, "all that belongs to the last item stays with it" },
        { "- `a`\n\n- `b`\n+\n+- `x.y`", false, "blank lines between" },
        { "1. `a`\n2. `b`\n+3. `x.y`", false, "numbers" },
        { "1) `a`\n1) `b`\n+1) `x.y`", false, "numbers that are left to Markdown" },
        { "- **`a`:** Reads.\n+- `x.y`", false, "marks that do not close behind the name" },
        { "Prose.\n\n- `a`\n+- `x.y`\n\n| Endpoint | Scope |\n| --- | --- |\n| `/a` | `a` |", false, "a table about something else" },
    };

    [Theory]
    [MemberData(nameof(Styles))]
    public void A_scope_is_declared_in_the_style_of_its_neighbours(string section, bool isPreClaim, string style)
    {
        var lines = section.Split('\n');
        var isFirstMark = style.StartsWith("plus", StringComparison.Ordinal);
        var old = string.Join('\n', lines.Where(line => !IsNew(line)));
        var wanted = string.Join('\n', lines.Select(line => IsNew(line) ? line[1..] : line));
        foreach (var lineBreak in new[] { "\n", "\r\n", "\r" })
        {
            foreach (var (before, after) in new[] { (Before, After), ("\uFEFF" + Before + After[1..] + "\n", "") })
            {
                Assert.Equal(Whole(wanted), Apply(Whole(old), isPreClaim));
                string Whole(string scopes) => (before + "## Scopes\n\n" + scopes + after).Replace("\n", lineBreak, StringComparison.Ordinal);
            }
        }

        bool IsNew(string line) => line.StartsWith(isFirstMark ? "++" : "+", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("**Scopes:** `a`, `b`", "**Scopes:** `a`, `b`, `x.y`")]
    [InlineData("- **Scopes:** `a` `b`.", "- **Scopes:** `a` `b` `x.y`.")]
    [InlineData("Scopes: ``a``", "Scopes: ``a``, `x.y`")]
    [InlineData("Scopes: `a` and `b`", "Scopes: `a` and `b`, `x.y`")]
    public void A_labelled_line_gets_one_more(string line, string wanted)
    {
        Assert.Equal(Before + wanted + "\n\n## Scopes" + After, Apply(Before + line + "\n\n## Scopes" + After));
    }

    [Theory]
    [InlineData("## Known things\n\nCanonical scopes:\n\n- `a`", "\n- `x.y`")]
    [InlineData("## Known things\n\n| Scope | Purpose |\n| --- | --- |\n| `a` | Reads. |", "\n| `x.y` |  |")]
    public void Forms_outside_of_the_section_grow_as_well(string section, string added)
    {
        Assert.Equal(Before + section + added + After, Apply(Before + section + After));
    }

    [Theory]
    [InlineData("## Scopes\n\n- `x.y`")]
    [InlineData("## Scopes\n\n- `x-y`")]
    [InlineData("## Scopes\n\nNone yet.")]
    [InlineData("```json\n{ \"scopes_supported\": [\"a\"] }\n```")]
    public void There_is_no_edit_where_the_scope_is_declared_or_clashes_or_no_form_can_be_extended(string section)
    {
        Assert.Null(ScopeEdits.Add(Before + section + After, AuthMdParser.Parse(Before + section + After), "x.y"));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("tick`ed")]
    [InlineData("quo\"ted")]
    [InlineData("票")]
    [InlineData("")]
    public void What_is_no_scope_is_not_declared(string scope)
    {
        const string Text = Before + "## Scopes\n\n- `a`" + After;

        Assert.Null(ScopeEdits.Add(Text, AuthMdParser.Parse(Text), scope));
    }

    [Fact]
    public void A_table_that_does_not_say_when_scopes_are_granted_cannot_say_pre_claim()
    {
        const string Text = Before + "## Scopes\n\n| Scope | Purpose |\n| --- | --- |\n| `a` | Reads. |" + After;

        Assert.Null(ScopeEdits.Add(Text, AuthMdParser.Parse(Text), "x.y", isPreClaim: true));
        Assert.NotNull(ScopeEdits.Add(Text, AuthMdParser.Parse(Text), "x.y"));
    }

    [Fact]
    public void A_pipe_in_a_scope_is_escaped_in_a_table()
    {
        const string Text = Before + "## Scopes\n\n| Scope | Purpose |\n| --- | --- |\n| `a` | Reads. |" + After;

        Assert.Equal(Text.Replace("Reads. |", "Reads. |\n| `x\\|y` |  |", StringComparison.Ordinal), Apply(Text, scope: "x|y"));
    }

    [Fact]
    public void A_scope_that_an_example_uses_can_be_declared_and_its_problem_is_gone()
    {
        var text = Before + "## Scopes\n\n- `a`" + After + "\n```json\n{ \"scope\": \"x.y\" }\n```\n";
        Assert.Single(AuthMdParser.Parse(text).Problems, problem => problem.Id == AuthMdRules.UndeclaredScopeInDocument);

        Assert.Empty(AuthMdParser.Parse(Apply(text)).Problems);
    }

    /// <summary>A Scopes section from which "gone" is removed: the minus marks its lines.</summary>
    public static TheoryData<string> Removals =>
    [
        "| Scope | Purpose |\n| --- | --- |\n| `a` | Reads. |\n-| `gone` | Writes. |",
        "| Scope | Purpose |\n| --- | --- |\n-| `gone` | Writes. |\n| `a` | Reads. |",
        "- `a`\n-- `gone` — Writes\n-  all of it.\n-  - `not.a.scope`\n- `b`",
        "-- `gone`\n- `a`",
        "- `a`\n-\n-- `gone`\n\n- `b`",
        "-- `gone`\n-\n- `a`",
        "- `a`\n-\n-- `gone`",
        "1. `a`\n-2. `gone`",
    ];

    [Theory]
    [MemberData(nameof(Removals))]
    public void A_scope_goes_with_its_lines_and_nothing_else_does(string section)
    {
        var lines = section.Split('\n');
        var old = string.Join('\n', lines.Select(line => IsOld(line) ? line[1..] : line));
        var wanted = string.Join('\n', lines.Where(line => !IsOld(line)));
        foreach (var lineBreak in new[] { "\n", "\r\n", "\r" })
        {
            foreach (var (before, after) in new[] { (Before, After), ("\uFEFF" + Before + After[1..] + "\n", "") })
            {
                Assert.Equal(Whole(wanted), Removed(Whole(old)));
                string Whole(string scopes) => (before + "## Scopes\n\n" + scopes + after).Replace("\n", lineBreak, StringComparison.Ordinal);
            }
        }

        static bool IsOld(string line) => line.StartsWith('-') && !line.StartsWith("- ", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("**Scopes:** `gone`, `a`, `b`")]
    [InlineData("**Scopes:** `a`, `gone`, `b`")]
    [InlineData("**Scopes:** `a`, `b`, `gone`")]
    public void A_labelled_line_gets_shorter(string line)
    {
        Assert.Equal(Before + "**Scopes:** `a`, `b`\n\n## Scopes" + After, Removed(Before + line + "\n\n## Scopes" + After));
    }

    [Theory]
    [InlineData("- `gone`", "the last scope")]
    [InlineData("- `a`", "a scope that is not declared")]
    [InlineData("- `a`\n- `gone`\n\nAsk for `gone`.", "one that the text speaks of")]
    [InlineData("- `a`\n- `gone`\n\n```sh\ncurl -d scope=gone:\n```", "one that an example uses")]
    [InlineData("1. `gone`\n2. `a`", "one whose number would be missed")]
    [InlineData("| Scope | Purpose |\n| --- | --- |\n| `gone` | Writes. |\n\n- `a`", "the only row of a table")]
    [InlineData("| Scope | Purpose |\n| --- | --- |\n| `gone`, `a` | Both. |\n| `b` | Reads. |", "one that shares its cell")]
    [InlineData("**Scopes:** `gone` and `a`", "one between words")]
    [InlineData("- `gone` (post-claim)\n- `a` (pre-claim)", "the only one that a claim gains", "anonymous")]
    [InlineData("- `a`\n- `gone` (pre-claim)", "the only one that an anonymous registration holds", "anonymous")]
    public void There_is_no_edit_that_would_leave_a_ruin(string section, string what, string method = "verified_email")
    {
        var text = Before + "## Scopes\n\n" + section + After.Replace("verified_email", method, StringComparison.Ordinal);
        Assert.DoesNotContain(AuthMdParser.Parse(text).Problems, problem => problem.Severity == ProblemSeverity.Error);

        Assert.True(ScopeEdits.Remove(text, AuthMdParser.Parse(text), "gone") is null, what);
    }

    [Theory]
    [InlineData("gone.all")]
    [InlineData("/gone")]
    [InlineData("bygone")]
    public void A_longer_word_is_not_the_scope(string word)
    {
        Assert.DoesNotContain("`gone`", Removed(Before + $"## Scopes\n\n- `a` — Not {word}.\n- `gone`" + After), StringComparison.Ordinal);
    }

    private static readonly Gen<string> s_sections = Gen.Select(
        OneOf("| Scope | Granted | Purpose |\n| --- | --- | --- |", "|Scope|Purpose|\n|:-:|--:|", "- ", "* ", "1. ", "  +  ", "**Scopes:** "),
        OneOf("`{0}`", "**`{0}`**", "``{0}``", "`{0}`: more", "`{0}` (post-claim) — more", "`{0}`\n  more"),
        OneOf("\n", "\n\n"),
        OneOf("a", "b.c", "d:e", "f_g", "h-i", "j/k", "l|m").Array[1, 5])
        .Select((form, cell, gap, scopes) =>
        {
            var names = scopes.AsEnumerable().Distinct().Select(scope => cell.Replace("{0}", scope, StringComparison.Ordinal));
            return form[0] == '|' ? form + "\n" + string.Join('\n', names.Select(name => "| " + name.Replace("\n", "").Replace("l|m", "l\\|m") + " | post-claim | x |"))
                : form.StartsWith('*') && form.Length > 2 ? form + string.Join(", ", names)
                : string.Join(gap, names.Select(name => form + name));
        });

    [Fact]
    public void What_is_added_can_be_removed_and_then_nothing_has_happened() =>
        Gen.Select(s_sections, OneOf("\n", "\r\n", "\r"), OneOf("", "\n", After)).Sample((section, lineBreak, after) =>
        {
            var methods = after == After ? "" : After;
            var text = (Before + methods + "\n## Scopes\n\n" + section + after).Replace("\n", lineBreak, StringComparison.Ordinal);
            var parsed = AuthMdParser.Parse(text);
            if (ScopeEdits.Add(text, parsed, "x.y") is not { } added)
            {
                // Only where the text is in disorder already.
                Assert.Contains(parsed.Problems, problem => problem.Severity == ProblemSeverity.Error);
                return;
            }

            var longer = text.Insert(added.Span.Start, added.Text);
            var reparsed = AuthMdParser.Parse(longer);
            Assert.Equal([.. parsed.Document.Scopes.Select(scope => scope.Name.Value), "x.y"], reparsed.Document.Scopes.Select(scope => scope.Name.Value));
            if (ScopeEdits.Remove(longer, reparsed, "x.y") is { } removed)
            {
                Assert.Equal(text, longer.Remove(removed.Span.Start, removed.Span.Length));
            }
            else
            {
                Assert.Single(parsed.Document.Scopes);
            }
        }, iter: 2_000);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static string Apply(string text, bool isPreClaim = false, string scope = "x.y")
    {
        var parsed = AuthMdParser.Parse(text);
        var fix = ScopeEdits.Add(text, parsed, scope, isPreClaim);
        Assert.NotNull(fix);
        Assert.Equal($"Declare '{scope}' in auth.md", fix.Title);
        Assert.Equal(0, fix.Span.Length);
        var changed = text.Insert(fix.Span.Start, fix.Text);
        Assert.Equal([.. parsed.Document.Scopes.Select(declared => declared.Name.Value), scope], AuthMdParser.Parse(changed).Document.Scopes.Select(declared => declared.Name.Value));
        return changed;
    }

    private static string Removed(string text)
    {
        var fix = ScopeEdits.Remove(text, AuthMdParser.Parse(text), "gone");
        Assert.NotNull(fix);
        Assert.Equal("Remove 'gone' from auth.md", fix.Title);
        return text.Remove(fix.Span.Start, fix.Span.Length);
    }
}

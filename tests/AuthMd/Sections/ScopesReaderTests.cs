using System.Collections.Immutable;

namespace AgentAuth.AuthMd.Sections;

public sealed class ScopesReaderTests
{
    [Theory]
    [InlineData("## Supported Scopes {#scopes}")]
    [InlineData("### Step 3 — Scope")]
    [InlineData("#### 3. 🔑 Scopes & Permissions")]
    [InlineData("## scopes and permissions")]
    [InlineData("## Permissions ##")]
    [InlineData("## **Known scopes**")]
    [InlineData("## Scope table")]
    public void The_section_is_found_under_its_synonyms(string heading) =>
        Assert.Equal("a", Assert.Single(Read($"{heading}\n\n- `a`\n")).Name.Value);

    [Theory]
    [InlineData("- `a.b` — Reads.", "Reads.")]
    [InlineData("- `a.b` – Reads.", "Reads.")]
    [InlineData("- `a.b` - Reads.", "Reads.")]
    [InlineData("- `a.b`: Reads.", "Reads.")]
    [InlineData("- `a.b` Reads.", "Reads.")]
    [InlineData("- **`a.b`** — Reads *all*\n  tickets.", "Reads all tickets.")]
    [InlineData("- **`a.b`:** Reads.", "Reads.")]
    [InlineData("- `a.b`", "")]
    [InlineData("1. ``a.b`` — Reads.", "Reads.")]
    public void A_bullet_declares_the_scope_in_its_leading_code_span(string bullet, string description)
    {
        var scope = Assert.Single(Read($"## Scopes\n\n{bullet}\n- Not `this`.\n"));

        Assert.Equal(("a.b", description, false), (scope.Name.Value, scope.Description, scope.IsPreClaim));
    }

    [Theory]
    [InlineData("(pre-claim)", true)]
    [InlineData("(post-claim)", false)]
    [InlineData("(Pre claim)", true)]
    public void A_bullet_may_say_when_the_scope_is_granted(string when, bool isPreClaim)
    {
        var scope = Assert.Single(Read($"## Scopes\n\n- `a` {when} — Reads.\n"));

        Assert.Equal((isPreClaim, "Reads."), (scope.IsPreClaim, scope.Description));
    }

    [Theory]
    [InlineData("**Scopes:** `a`, `b`")]
    [InlineData("- **Scopes:** `a` `b`")]
    [InlineData("Scopes: `a`, `b`")]
    public void A_labelled_line_declares_its_code_spans(string line)
    {
        Assert.Equal(["a", "b"], Read($"## Scopes\n\n{line}\n").Select(scope => scope.Name.Value));
        Assert.Equal(["a", "b"], Read($"{line}\n\n## Scopes\n").Select(scope => scope.Name.Value));
    }

    [Fact]
    public void A_table_may_have_its_columns_in_any_order_and_cells_missing()
    {
        var scopes = Read("## Scopes\n\nScope | Granted | Purpose\n:-- | --- | --:\na | pre-claim | Reads \\| writes.\n`b`\n`c` |\n");

        Assert.Equal([("a", "Reads | writes.", true), ("c", "", false)], scopes.Select(scope => (scope.Name.Value, scope.Description, scope.IsPreClaim)));
    }

    [Fact]
    public void A_table_whose_first_column_is_not_the_scope_declares_nothing() =>
        Assert.Equal("x", Assert.Single(Read("## Scopes\n\n- `x`\n\n| Endpoint | Scope |\n| --- | --- |\n| `/a` | `b` |\n")).Name.Value);

    [Fact]
    public void A_word_that_is_neither_pre_claim_nor_post_claim_grants_nothing()
    {
        const string Text = "## Scopes\n\n| Scope | Granted |\n| --- | --- |\n| `a` | pre-clam |\n";

        var problem = TicketDesk.OnlyProblem(TicketDesk.With(Text), AuthMdRules.UnusableFact, "pre-clam");

        Assert.Equal("Granted is \"pre-clam\"; expected \"pre-claim\" or \"post-claim\". Did you mean \"pre-claim\"?", problem.Message);
        Assert.False(AuthMdParser.Parse(TicketDesk.With(Text)).Document.Scopes.Single().IsPreClaim);
    }

    [Theory]
    [InlineData("tickets read")]
    [InlineData("tickets\"read")]
    [InlineData("tickets\\read")]
    [InlineData("票务")]
    public void A_malformed_scope_is_a_problem(string scope) =>
        Assert.Contains("RFC 6749 §3.3", TicketDesk.OnlyProblem(TicketDesk.With($"## Scopes\n- `{scope}`\n"), AuthMdRules.UnusableScope, scope).Message, StringComparison.Ordinal);

    [Fact]
    public void A_scope_that_is_declared_twice_is_a_problem_at_its_second_place()
    {
        var text = TicketDesk.With("## Scopes\n- `a`\n- `b`\n- `a`\n");

        var problem = TicketDesk.OnlyProblem(text, AuthMdRules.UnusableScope, "a");

        Assert.Equal(text.LastIndexOf("`a`", StringComparison.Ordinal) + 1, problem.Span.Start);
        Assert.Equal("The scope \"a\" is declared twice. Keep one of them.", problem.Message);
    }

    [Fact]
    public void No_scope_at_all_is_a_problem_at_the_section() =>
        TicketDesk.OnlyProblem(TicketDesk.With("## Scopes\n\nNone yet.\n"), AuthMdRules.MissingPart, "Scopes");

    private static ImmutableArray<ScopeDeclaration> Read(string sections) =>
        TicketDesk.Read("# X auth.md\n\n- **Resource:** https://api.x.example\n\n" + sections + "\n## Methods\n- **anonymous:** `api_key`\n").Scopes;
}

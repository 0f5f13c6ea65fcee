using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Edits;

/// <summary>A place that declares a scope. Each of the language's forms knows how one more is written beside it, and how it is taken away.</summary>
/// <param name="name">Where the scope's name stands.</param>
internal abstract class ScopePlace(Fragment name)
{
    /// <summary>Where the scope's name stands.</summary>
    protected Fragment Name { get; } = name;

    /// <summary>The whole file.</summary>
    protected string Text => Name.Text;

    /// <summary>What to insert, and where, so that another scope is declared next to this one; null when this form cannot say it.</summary>
    public abstract (SourceSpan Span, string Text)? Add(string scope, bool isPreClaim);

    /// <summary>What to take away so that this scope is not declared; null when that would leave a ruin.</summary>
    public abstract SourceSpan? Remove();

    /// <summary>A scope in the marks that the author puts around this one: back-ticks, emphasis or none.</summary>
    protected string Marked(Fragment container, string scope)
    {
        var before = new Fragment(Text, container.Start, Name.Start).ToString();
        var after = new string([.. before.Reverse()]);
        return before.All(c => c is '`' or '*' or '_') && string.CompareOrdinal(Text, Name.End, after, 0, after.Length) == 0
            ? before + scope + after
            : "`" + scope + "`";
    }
}

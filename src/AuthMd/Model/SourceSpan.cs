namespace AgentAuth.AuthMd;

/// <summary>A range of UTF-16 code units in the text that was given to <see cref="AuthMdParser.Parse"/>.</summary>
/// <param name="Start">Index of the first code unit.</param>
/// <param name="Length">Number of code units.</param>
public readonly record struct SourceSpan(int Start, int Length)
{
    /// <summary>Index of the first code unit behind the range.</summary>
    public int End => Start + Length;
}

/// <summary>A value and where in auth.md it was read.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Span">Where the value itself stands, without its label or mark-up.</param>
/// <typeparam name="T">The kind of value.</typeparam>
public sealed record Located<T>(T Value, SourceSpan Span);

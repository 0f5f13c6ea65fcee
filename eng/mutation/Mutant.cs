using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Mutation;

/// <summary>One small change of the source.</summary>
/// <param name="Number">Its number in this run, from 1.</param>
/// <param name="File">The file, below <c>src/Runtime</c>, with forward slashes.</param>
/// <param name="Span">What is replaced.</param>
/// <param name="LineNumber">Where it is, for people.</param>
/// <param name="Line">The whole line on which it starts: with the two texts below, its name for as long as the code stays as it is.</param>
/// <param name="Original">What is replaced, in one line.</param>
/// <param name="Replacement">What it becomes, in one line.</param>
/// <param name="Text">What it becomes, as it is compiled.</param>
/// <param name="Forced">The value, when a condition is made to be always true or always false; otherwise null.</param>
internal sealed record Mutant(
    int Number, string File, TextSpan Span, int LineNumber, string Line, string Original, string Replacement, string Text, bool? Forced)
{
    /// <summary>What it is found by in the reviewed list and in an earlier report.</summary>
    public (string File, string Line, string Original, string Replacement) Key => (File, Line, Original, Replacement);
}

/// <summary>What became of a mutant.</summary>
internal enum Fate
{
    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>The tests did not end: a loop that never ends, for one.</summary>
    TimedOut,

    /// <summary>It is not tried: it survives, and somebody has said why that is right.</summary>
    Reviewed,

    /// <summary>It survived.</summary>
    Survived,

    /// <summary>The compiler refuses it: nobody could make this mistake.</summary>
    NotCompiled,
}

/// <summary>A mutant with its fate.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Fate">Its fate.</param>
/// <param name="Tests">How many tests reach it.</param>
/// <param name="By">The test that failed; empty when none did.</param>
internal sealed record Verdict(Mutant Mutant, Fate Fate, int Tests, string By);

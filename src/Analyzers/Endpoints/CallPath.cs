using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>The calls through which a function was entered, the innermost first.</summary>
internal sealed class CallPath
{
    private readonly ImmutableArray<SourceCall> _calls;

    private CallPath(ImmutableArray<SourceCall> calls, Coverage? end) => (_calls, End) = (calls, end);

    public static CallPath Empty { get; } = new([], null);

    /// <summary>Set when the path goes on where nobody can follow, or not yet.</summary>
    public Coverage? End { get; }

    /// <summary>Enters a function further in.</summary>
    public CallPath Push(SourceCall call) => new(_calls.Insert(0, call), End);

    /// <summary>Goes a function further out.</summary>
    public CallPath Add(SourceCall call) => new(_calls.Add(call), End);

    public CallPath EndingSomewhere(Coverage end) => new(_calls, end);

    /// <summary>The call that entered a method, and the path to it; null when the path does not say.</summary>
    public (SourceCall Call, CallPath Before)? Find(IMethodSymbol method)
    {
        for (var i = 0; i < _calls.Length; i++)
        {
            if (SymbolEqualityComparer.Default.Equals(_calls[i].Method, method))
            {
                return (_calls[i], new(_calls.RemoveRange(0, i + 1), End));
            }
        }

        return null;
    }

    /// <summary>Whether what is known on this path holds on another, more special one.</summary>
    public bool IsStartOf(CallPath other)
    {
        if (_calls.Length > other._calls.Length)
        {
            return false;
        }

        for (var i = 0; i < _calls.Length; i++)
        {
            if (!ReferenceEquals(_calls[i], other._calls[i]))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Globalization;

namespace AgentAuth.Mutation;

/// <summary>A test, with all its rows.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Seconds">How long it took without a mutant.</param>
/// <param name="Reached">The mutants that it reaches.</param>
internal sealed record TestCase(string Name, double Seconds, HashSet<int> Reached)
{
    /// <summary>Reads what <see cref="Worker"/> measured.</summary>
    public static TestCase Parse(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var seconds, .. var mutants]
        ? new TestCase(name, double.Parse(seconds, CultureInfo.InvariantCulture), [.. mutants.Select(mutant => int.Parse(mutant, CultureInfo.InvariantCulture))])
        : throw new InvalidDataException(line);
}

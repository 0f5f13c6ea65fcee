using Microsoft.CodeAnalysis;

namespace AgentAuth.Mutation;

/// <summary>Names of files below src/Runtime.</summary>
internal static class RuntimeFiles
{
    private static readonly string[] s_folders =
    [
        "Access", "Accounts", "Assertions", "Claims", "Configuration", "Credentials", "Hosting", "Limits", "Mail", "Operators", "Pages", "Refusals",
        "Registrations", "Storage", "Streams", "Text", "Trust", "Wire",
    ];

    /// <summary>The name of a file below src/Runtime, with forward slashes; null for one that is not there, or is generated.</summary>
    public static string? NameOf(SyntaxTree tree)
    {
        var path = tree.FilePath.Replace('\\', '/');
        var at = path.LastIndexOf("/src/Runtime/", StringComparison.Ordinal);
        return at < 0 || path.Contains("/obj/", StringComparison.Ordinal) ? null : path[(at + "/src/Runtime/".Length)..];
    }

    /// <summary>The place of a file in a run: that of the argument that names it.</summary>
    public static int Place(string name, IReadOnlyCollection<string> arguments) => arguments.TakeWhile(argument => !IsWanted(name, [argument])).Count();

    /// <summary>True for a file that the arguments name: a folder, a file, or the beginning of its name. Without arguments: the folders that decide.</summary>
    public static bool IsWanted(string? name, IReadOnlyCollection<string> arguments) =>
        name is not null
        && (arguments.Count > 0
            ? arguments.Any(argument => name.StartsWith(argument.Replace("src/Runtime/", "", StringComparison.Ordinal), StringComparison.Ordinal))
            : s_folders.Any(folder => name.StartsWith(folder + "/", StringComparison.Ordinal)));
}

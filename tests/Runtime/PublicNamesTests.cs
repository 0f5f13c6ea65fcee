using System.Text.RegularExpressions;
using AgentAuth.Testing;

namespace AgentAuth;

/// <summary>The names that meet an app's own: those of the namespace that the package imports into every file, and of the package for tests beside it.</summary>
public sealed partial class PublicNamesTests
{
    [Finding("D1", "the public types of the namespace that the package imports", "each has `Agent` and a further word in its name")]
    [Fact]
    public void D1_no_imported_name_is_a_general_one() =>
        Assert.All(Names(typeof(AuthenticatedAgent)), name => Assert.Matches("Agents?[A-Z]|AuthenticatedAgent|DenyAgentsAttribute", name));

    [Finding("D1", "an app's tests import `AgentAuth` and `AgentAuth.Testing`", "no name is in both")]
    [Fact]
    public void D1_no_name_is_in_both_packages() => Assert.Empty(Names(typeof(AuthenticatedAgent)).Intersect(Names(typeof(AgentClient))));

    [Finding("D1", "the names of the public API before the renames, in docs/upgrading.md", "each is gone, and what stands beside it is there")]
    [Fact]
    public void D1_the_upgrade_notes_name_what_is_there()
    {
        var names = Names(typeof(AuthenticatedAgent)).Concat(Names(typeof(AgentClient)).Select(name => "AgentAuth.Testing." + name)).ToList();
        var renamed = Renamed().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "upgrading.md")));

        Assert.True(renamed.Count > 10);
        Assert.All(renamed, row => Assert.Equal((false, true), (names.Contains(row.Groups["before"].Value), names.Contains(row.Groups["now"].Value))));
    }

    [GeneratedRegex(@"^\| `(?<before>[\w.]+)` \| `(?<now>[\w.]+)` \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Renamed();

    private static string[] Names(Type one) =>
        [.. one.Assembly.GetExportedTypes().Where(type => type.Namespace == one.Namespace && !type.IsNested).Select(type => type.Name)];
}

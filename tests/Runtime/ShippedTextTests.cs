using System.Text.RegularExpressions;
using AgentAuth.AuthMd;

namespace AgentAuth;

/// <summary>
/// Names of hosts in all that is shipped or copied from: whoever copies an example must not come to trust a name that anybody can register
/// (RFC 2606, RFC 6761).
/// </summary>
public sealed partial class ShippedTextTests
{
    // Where such a name stands because it is what the text is about.
    private static readonly string[] s_onPurpose =
    [
        "docs/auth-md.md: your-domain.com",
        "docs/rules/AUTHMD1021.md: your-domain.com",
        "docs/rules/AUTHMD1021.md: docs.your-domain.com",
        "docs/rules/AUTHMD1026.md: acme.io",
        "docs/rules/AUTHMD1026.md: agents.example-ai.com",
        "docs/rules/AUTHMD1026.md: example-ai.com",
        "docs/rules/AUTHMD1026.md: your-provider.com",
        "src/AuthMd/AuthMdRules.cs: your-domain.com",
        "src/AuthMd/Checks/Placeholders.cs: docs.your-domain.com",
    ];

    // Names of others that stand in a URL or a mail address because they are meant.
    private static readonly string[] s_real =
    [
        "github.com", "json.schemastore.org", "keepachangelog.com", "learn.microsoft.com", "no-color.org", "refeds.org", "schemas.workos.com", "semver.org", "www.w3.org",
        "docs.oasis-open.org", "dotnet.microsoft.com", "www.apache.org",
    ];

    [Finding("G21", "README, docs and sample trust a provider under a name that anybody can register", "every name there is reserved (`.example`), and a test reads them all")]
    [Fact]
    public void G21_no_shipped_text_has_the_name_of_an_example_that_anybody_can_register()
    {
        var found = Hosts().Where(host => ExampleHosts.LabelOf(host.Name) is not null).Select(host => $"{host.File}: {host.Name}").Distinct();

        Assert.Equal(s_onPurpose.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void G21_every_other_host_in_a_URL_or_address_is_reserved_or_meant()
    {
        var found = Hosts()
            .Where(host => host.IsAddressed && !host.File.StartsWith("docs/corpus", StringComparison.Ordinal))
            .Select(host => host.Name)
            .Distinct()
            .Where(name => !Reserved().IsMatch(name) && !s_real.Contains(name) && !s_onPurpose.Any(line => line.EndsWith(": " + name, StringComparison.Ordinal)));

        Assert.Equal([], found);
    }

    private static IEnumerable<(string File, string Name, bool IsAddressed)> Hosts()
    {
        var root = Repository.Root;
        var files = Directory.EnumerateFiles(root).Concat(((string[])["docs", "samples", "src"]).SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)));
        foreach (var file in files.Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Where(file => !Built().IsMatch(file)))
        {
            foreach (Match match in Host().Matches(File.ReadAllText(Path.Combine(root, file))))
            {
                yield return (file, match.Groups["host"].Value.ToLowerInvariant(), match.Groups["before"].Length > 0);
            }
        }
    }

    // Names of files and members have dots too; what has a scheme or an @ in front is a host whatever it ends in.
    [GeneratedRegex(
        @"(?<before>https?://|[A-Za-z0-9]@)(?<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})|(?<![\w.-])(?<host>(?:[A-Za-z0-9-]+\.)+(?:com|net|org|io|dev|ai|app|co|me|eu|de|uk|fr|us|tech|cloud|info|biz))(?![\w-])")]
    private static partial Regex Host();

    [GeneratedRegex(@"(^|\.)(example|test|invalid|localhost|example\.(com|net|org))$")]
    private static partial Regex Reserved();

    [GeneratedRegex(@"(^|/)(bin|obj|node_modules|artifacts|App_Data)/|\.(png|ico|snk|db|db-.*|gz|nupkg)$")]
    private static partial Regex Built();
}

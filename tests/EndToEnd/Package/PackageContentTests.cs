using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentAuth.EndToEnd.Package;

/// <summary>What is in the packages, and what they say of themselves.</summary>
[Collection<PackedPackagesTests>]
public sealed partial class PackageContentTests(PackedPackages packages)
{
    // Portable PDB, "Source Link (C# and VB compilers)".
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private static readonly string[] s_notOurs = ["AgentAuth.Markdig.dll", "System.CommandLine.dll"];

    [Finding("D14", "The packages themselves", "Each has project and repository from one property, the commit, licence, icon, release notes, and a readme of its own")]
    [Theory]
    [InlineData("AgentAuth.Codegen")]
    [InlineData("AgentAuth.Runtime")]
    [InlineData("AgentAuth.Testing")]
    [InlineData("AgentAuth.Tool")]
    public void D14_A_package_says_where_it_is_from(string name)
    {
        using var package = packages.Open(name);
        var about = XDocument.Parse(Read(package, name + ".nuspec")).Root!.Elements().First();
        string? Of(string element) => about.Elements().FirstOrDefault(other => other.Name.LocalName == element)?.Value;

        Assert.Equal(Repository.Url, Of("projectUrl"));
        Assert.Equal(Repository.Url + "/blob/main/CHANGELOG.md", Of("releaseNotes"));
        Assert.Equal("MIT", Of("license"));
        var repository = about.Elements().Single(element => element.Name.LocalName == "repository");
        Assert.Equal("git", repository.Attribute("type")?.Value);
        Assert.Equal(Repository.Url, repository.Attribute("url")?.Value);
        if (IsCheckout)
        {
            Assert.Matches("^[0-9a-f]{40}$", repository.Attribute("commit")?.Value);
        }

        Assert.Equal("icon.png", Of("icon"));
        var icon = Bytes(package, "icon.png");
        Assert.Equal([0x89, .. "PNG\r\n\x1a\n"u8], icon[..8]);
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
        Assert.Equal("README.md", Of("readme"));
        Assert.StartsWith($"# {name}\n", Read(package, "README.md"), StringComparison.Ordinal);
    }

    [Finding("D14", "Links in the readmes and in the rule pages of the packages", "Each is an address, or a page beside it in the package; addresses of the project name files that there are")]
    [Theory]
    [InlineData("AgentAuth.Codegen")]
    [InlineData("AgentAuth.Runtime")]
    [InlineData("AgentAuth.Testing")]
    [InlineData("AgentAuth.Tool")]
    public void D14_No_page_of_a_package_has_a_dead_link(string name)
    {
        using var package = packages.Open(name);
        var pages = package.Entries.Where(entry => entry.Name.EndsWith(".md", StringComparison.Ordinal)).ToList();

        var links = pages.SelectMany(page => Link().Matches(Read(package, page.FullName)).Select(link => (Page: page.FullName, Target: link.Groups[1].Value.Split('#')[0]))).ToList();

        Assert.Contains(links, link => link.Page == "README.md");
        Assert.All(links, link =>
        {
            if (link.Target.StartsWith(Repository.Url, StringComparison.Ordinal))
            {
                Assert.StartsWith(Repository.Url + "/blob/main/", link.Target, StringComparison.Ordinal);
                Assert.True(File.Exists(Path.Combine(Repository.Root, link.Target[(Repository.Url + "/blob/main/").Length..])), $"{link.Page} links to {link.Target}.");
            }
            else if (!link.Target.StartsWith("https://", StringComparison.Ordinal))
            {
                Assert.True(package.GetEntry(Path.GetDirectoryName(link.Page)!.Replace('\\', '/') + "/" + link.Target) is not null, $"{link.Page} links to {link.Target}.");
            }
        });
    }

    [Finding("D13", "Help for a rule without a network", "The package has the page of each rule in `docs/rules`")]
    [Fact]
    public void D13_The_package_has_the_page_of_every_rule()
    {
        using var package = packages.Open("AgentAuth.Codegen");
        var folder = Path.Combine(Repository.Root, "docs", "rules");

        Assert.All(Directory.GetFiles(folder, "*.md"), file =>
        {
            var expected = File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd().Replace("](../", $"]({Repository.Url}/blob/main/docs/", StringComparison.Ordinal);
            Assert.Equal(expected, Read(package, "docs/rules/" + Path.GetFileName(file)).TrimEnd());
        });
    }

    [Finding("D13", "The project's address", "Is said in Directory.Build.props, and in no other file")]
    [Fact]
    public void D13_The_projects_address_is_said_in_one_place()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var host = new Uri(Repository.Url).Host + new Uri(Repository.Url).AbsolutePath;

        var files = Directory.EnumerateFiles(Repository.Root, "*", options).Where(file =>
            Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar) is var parts
            && !parts.Any(part => part is "bin" or "obj" or "artifacts" or ".git" or ".vs" or ".idea" or "node_modules" or "TestResults")
            && Text().IsMatch(parts[^1])
            && File.ReadAllText(file).Contains(host, StringComparison.Ordinal));

        Assert.Equal(["Directory.Build.props"], files.Select(file => Path.GetRelativePath(Repository.Root, file)));
    }

    [Finding("D14", "Symbols of the libraries", "Lie in a snupkg, belong to the assembly of the package, and name the commit's sources by SourceLink")]
    [Theory]
    [InlineData("AgentAuth.Runtime", "AgentAuth.Protocol AgentAuth.Runtime")]
    [InlineData("AgentAuth.Testing", "AgentAuth.Testing")]
    public void D14_A_library_has_a_package_of_symbols(string name, string assemblies)
    {
        using var package = packages.Open(name);
        using var symbols = packages.Open(name, "snupkg");
        using var assembly = new PEReader(new MemoryStream(Bytes(package, $"lib/net10.0/{name}.dll")));
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(symbols, $"lib/net10.0/{name}.pdb")));

        var reader = pdb.GetMetadataReader();
        var id = new BlobContentId(reader.DebugMetadataHeader!.Id);
        Assert.Equal(assembly.ReadCodeViewDebugDirectoryData(assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid, id.Guid);
        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        CheckSources(reader);
        Assert.Equal(
            assemblies.Split(' ').Select(one => $"lib/net10.0/{one}.dll"),
            package.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)).Select(entry => entry.FullName).Order(StringComparer.Ordinal));
    }

    [Finding("D14", "Symbols of what a compiler loads, and of the tool", "Stand in the assemblies; the tool brings no assembly of the framework")]
    [Theory]
    [InlineData("AgentAuth.Codegen", "AgentAuth.Analyzers.dll AgentAuth.AuthMd.dll AgentAuth.CodeFixes.dll AgentAuth.Generator.dll AgentAuth.Markdig.dll AgentAuth.Protocol.dll")]
    [InlineData("AgentAuth.Tool", "AgentAuth.AuthMd.dll AgentAuth.Markdig.dll AgentAuth.Protocol.dll AgentAuth.Tool.dll System.CommandLine.dll")]
    public void D14_What_a_compiler_loads_and_the_tool_have_their_symbols_in_them(string name, string assemblies)
    {
        using var package = packages.Open(name);
        var entries = package.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)).ToList();

        Assert.Equal(assemblies.Split(' '), entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.All(entries.Where(entry => !s_notOurs.Contains(entry.Name)), entry =>
        {
            using var assembly = new PEReader(new MemoryStream(Bytes(package, entry.FullName)));
            var embedded = assembly.ReadDebugDirectory().Single(debug => debug.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            using var pdb = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
            CheckSources(pdb.GetMetadataReader());
        });
    }

    // No path of the machine that packed; every file is one of the commit, or stands in the symbols.
    private static void CheckSources(MetadataReader reader)
    {
        Assert.All(reader.Documents, handle => Assert.StartsWith("/_", reader.GetString(reader.GetDocument(handle).Name).Replace('\\', '/'), StringComparison.Ordinal));
        if (!IsCheckout)
        {
            return;
        }

        var link = reader.GetCustomDebugInformation(EntityHandle.ModuleDefinition)
            .Select(reader.GetCustomDebugInformation).Single(information => reader.GetGuid(information.Kind) == s_sourceLink);
        using var json = JsonDocument.Parse(reader.GetBlobBytes(link.Value));
        var only = Assert.Single(json.RootElement.GetProperty("documents").EnumerateObject());
        Assert.Equal("/_/*", only.Name);
        Assert.Matches("^" + Regex.Escape(Repository.Url) + "/raw/[0-9a-f]{40}/\\*$", only.Value.GetString());
    }

    // Only a checkout knows its commit; sources out of an archive do not.
    private static bool IsCheckout => Path.Exists(Path.Combine(Repository.Root, ".git"));

    private static byte[] Bytes(ZipArchive package, string name)
    {
        using var content = (package.GetEntry(name) ?? throw new InvalidOperationException($"The package has no {name}.")).Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Read(ZipArchive package, string name) => Encoding.UTF8.GetString(Bytes(package, name)).TrimStart('\uFEFF').ReplaceLineEndings("\n");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\.(cs|md|props|targets|csproj|json|yml|sh|txt|html|js|svg)$|^[^.]+$")]
    private static partial Regex Text();
}

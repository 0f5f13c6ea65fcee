using System.Text.RegularExpressions;

namespace AgentAuth.EndToEnd.Package;

/// <summary>
/// A folder of strangers' projects that have the package and something beside the usual, built together and once: what a build says of one is
/// independent of the others.
/// </summary>
public sealed partial class ManyProjects(PackedPackages packages) : IAsyncLifetime
{
    private const string AuthMd =
        """
        # Things auth.md

        - **Resource:** https://api.things.example

        ## Scopes

        | Scope          | Description   | Granted    |
        | -------------- | ------------- | ---------- |
        | `things.read`  | Read things.  | pre-claim  |
        | `things.write` | Write things. | post-claim |

        ## Methods

        ### anonymous
        - **Credentials:** `api_key`
        """;

    private const string Program =
        """
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddAgentAuth();
        var app = builder.Build();
        app.MapAgentAuth();
        app.MapGet("/api/things", () => "things").RequireAgentScope(AgentScopes.ThingsRead);
        app.MapPost("/api/things", () => "made").RequireAgentScope(AgentScopes.ThingsWrite);
        app.Run();
        """;

    private const string Unrelated = "System.Console.WriteLine(\"builder.Services.AddAgentAuth();\"); // AgentScopes.ThingsRead\n";

    private string _output = "";

    /// <summary>Where they are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("agentauth-projects-").FullName;

    /// <summary>Errors and warnings of a project, each once: <c>error CS0400: …</c>.</summary>
    public string[] Of(string project) =>
    [
        .. _output.Split('\n')
            .Where(line => line.Contains($"{Path.DirectorySeparatorChar}{project}{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(line => Problem().Match(line)).Where(match => match.Success).Select(match => match.Value.Trim()).Distinct(),
    ];

    /// <summary>Whether a project came out.</summary>
    public bool IsBuilt(string project, string framework = "net10.0") => File.Exists(Path.Combine(Folder, project, "bin", "Debug", framework, Path.GetFileName(project) + ".dll"));

    /// <summary>Everything that was printed.</summary>
    public string Output => _output;

    /// <summary>Writes them all, and builds them all.</summary>
    public async ValueTask InitializeAsync()
    {
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{packages.Feed}" />
                <add key="other" value="{Folder}/feed" />
              </packageSources>
            </configuration>
            """);
        Directory.CreateDirectory(Path.Combine(Folder, "feed"));
        WithoutDocument();
        InTheWrongProject();
        ForAWholeRepository();
        HostAndLibrary();
        OtherAnalyzer();

        // Packs the other analyzers' package first; the rest knows nothing of each other.
        Write("All.proj", """
            <Project>
              <ItemGroup>
                <Packed Include="Other/Other.csproj" />
                <Built Include="**/*.csproj;**/*.fsproj;**/*.vbproj" Exclude="Other/**" />
                <!-- What Microsoft.Net.Compilers.Toolset says of itself. -->
                <Built Update="OldCompiler/OldCompiler.csproj" AdditionalProperties="CompilerApiVersion=roslyn4.8" />
              </ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="@(Packed)" Targets="Restore" Properties="Session=1" />
                <MSBuild Projects="@(Packed)" Targets="Pack" />
                <MSBuild Projects="@(Built)" Targets="Restore" Properties="Session=2" />
                <MSBuild Projects="@(Built)" Targets="Build" BuildInParallel="true" ContinueOnError="ErrorAndContinue" />
              </Target>
            </Project>
            """);
        (_, _output) = await Command.RunAsync(Folder, "dotnet", "msbuild", "All.proj", "-t:Build", "-nologo", "-v:minimal", "-m:2", "-nr:false");
    }

    /// <summary>Removes them, and the package that was made for them from the user's cache.</summary>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (Directory.Exists(Path.Combine(cache, "other.analyzers", packages.Version)))
        {
            Directory.Delete(Path.Combine(cache, "other.analyzers", packages.Version), recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    // No auth.md where it is looked for, and what is there instead.
    private void WithoutDocument()
    {
        Project("Missing", Program);
        Project("Capitals", Program);
        Write("Capitals/AUTH.md", AuthMd);
        Project("NearName", Program);
        Write("NearName/authmd.md", AuthMd);
        Project("Served", Program);
        Write("Served/wwwroot/auth.md", AuthMd);
        Project("FolderUp/Api", Program);
        Write("FolderUp/auth.md", AuthMd);
        Project("Wrong", Program, "<AgentAuthDocument>docs/auht.md</AgentAuthDocument>");
        Write("Wrong/docs/auth.md", AuthMd);
        Project("WrongCapitals", Unrelated, "<AgentAuthDocument> Docs/Auth.md </AgentAuthDocument>");
        Write("WrongCapitals/Docs/auth.md", AuthMd);
        Project("NearUnused", Unrelated, "<WarningsNotAsErrors>AUTHMD4001</WarningsNotAsErrors><MSBuildWarningsNotAsErrors>AUTHMD4001</MSBuildWarningsNotAsErrors>");
        Write("NearUnused/Auth.md", AuthMd);
        Project("Own", Program.Replace("AgentScopes.", "Own.", StringComparison.Ordinal) + "\n" + """
            internal static class Own
            {
                public const string ThingsRead = "things.read", ThingsWrite = "things.write";
                public static void AddAgentAuth(this IServiceCollection services) => services.AddAuthorization();
                public static void MapAgentAuth(this WebApplication app) => app.MapGet("/", () => "");
                public static RouteHandlerBuilder RequireAgentScope(this RouteHandlerBuilder builder, string scope) => builder.WithTags(scope);
            }
            """, "<AgentAuthDocument>none</AgentAuthDocument>");
    }

    // An auth.md in a project that cannot compile it.
    private void InTheWrongProject()
    {
        Project("FSharp", "open Microsoft.AspNetCore.Builder\nlet builder = WebApplication.CreateBuilder()\nbuilder.Services.AddAgentAuth() |> ignore\n", items: "<ItemGroup><Compile Include=\"Program.fs\" /></ItemGroup>", language: "fs");
        Write("FSharp/auth.md", AuthMd);
        Project("VisualBasic", "Module Program\nSub Main()\nEnd Sub\nEnd Module\n", language: "vb", sdk: "Microsoft.NET.Sdk");
        Write("VisualBasic/auth.md", AuthMd);
        Project("Net8", Program, framework: "<TargetFramework>net8.0</TargetFramework>");
        Write("Net8/auth.md", AuthMd);
        Project("Both", Program, framework: "<TargetFrameworks>net9.0;net10.0</TargetFrameworks>");
        Write("Both/auth.md", AuthMd);
        Project("CSharp11", Program, "<LangVersion>11</LangVersion>");
        Write("CSharp11/auth.md", AuthMd);
        Project("OldCompiler", Program);
        Write("OldCompiler/auth.md", AuthMd);
    }

    // GlobalPackageReference: the package in every project of a repository, two of which have an auth.md.
    private void ForAWholeRepository()
    {
        Write("ForAll/Directory.Packages.props", $"""
            <Project>
              <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
              <ItemGroup>
                <GlobalPackageReference Include="AgentAuth.Codegen" Version="{packages.Version}" />
                <PackageVersion Include="AgentAuth.Runtime" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        Project("ForAll/WithoutRuntime", Program, reference: "");
        Write("ForAll/WithoutRuntime/auth.md", AuthMd);
        Project("ForAll/Service", Program, reference: "<PackageReference Include=\"AgentAuth.Runtime\" />");
        Write("ForAll/Service/auth.md", AuthMd);
        Project("ForAll/Standard", "namespace Standard { public class Thing { public int Number { get; set; } } }", reference: "", sdk: "Microsoft.NET.Sdk", framework: "<TargetFramework>netstandard2.0</TargetFramework><ImplicitUsings>disable</ImplicitUsings><LangVersion>7.3</LangVersion><Nullable>disable</Nullable>");
        Write("ForAll/Standard/docs/auth.md", "# How people sign in\n");
        Project("ForAll/Service.Tests", "using Service;\nSystem.Console.WriteLine(AgentScopes.ThingsRead);\n", items: "<ItemGroup><ProjectReference Include=\"../Service/Service.csproj\" /></ItemGroup>", reference: "", sdk: "Microsoft.NET.Sdk");
    }

    // docs/how-to/endpoint-library.md, and the library lets its host see what is internal.
    private void HostAndLibrary()
    {
        Project(
            "Host",
            """
            using Things.Endpoints;
            var builder = WebApplication.CreateSlimBuilder(args);
            builder.Services.AddAgentAuth();
            var app = builder.Build();
            app.MapAgentAuth();
            app.MapThings();
            app.MapGet("/host", () => "host").RequireAgentScope(AgentScopes.ThingsRead);
            app.MapGet("/markdig", () => Other.Markdig).AllowAnonymous();
            app.Run();
            """,
            "<ErrorLog>host.sarif,version=2.1</ErrorLog>",
            $"""<ItemGroup><ProjectReference Include="../Library/Library.csproj" /><PackageReference Include="Other.Analyzers" Version="{packages.Version}" /></ItemGroup>""");
        Write("Host/auth.md", AuthMd);
        Project(
            "Library",
            """
            using Microsoft.AspNetCore.Builder;
            using Microsoft.AspNetCore.Routing;

            namespace Things.Endpoints;

            public static class ThingsEndpoints
            {
                public static void MapThings(this IEndpointRouteBuilder app)
                {
                    var things = app.MapGroup("/api/things");
                    things.MapGet("/", () => "things").RequireAgentScope(AgentScopes.ThingsRead);
                    things.MapPost("/", () => "made").RequireAgentScope(AgentScopes.ThingsWrite);
                }
            }
            """,
            "<AgentAuthDocument>../Host/auth.md</AgentAuthDocument><AgentAuthNamespace>Things.Endpoints.Scopes</AgentAuthNamespace>",
            """<ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /><InternalsVisibleTo Include="Host" /></ItemGroup>""",
            sdk: "Microsoft.NET.Sdk",
            file: "ThingsEndpoints.cs",
            output: "Library");
    }

    // Somebody else's generator, which brings a Markdig of its own: a later one, of which nothing is where ours looks for it.
    private void OtherAnalyzer()
    {
        Write("Other/Markdig/Markdig.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>netstandard2.0</TargetFramework><AssemblyVersion>99.0.0.0</AssemblyVersion></PropertyGroup>
            </Project>
            """);
        Write("Other/Markdig/Markdown.cs", "namespace Markdig { public static class Markdown { public static string Version => typeof(Markdown).Assembly.GetName().Version.ToString(); } }");
        Write("Other/Other.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>netstandard2.0</TargetFramework>
                <EnableDefaultItems>false</EnableDefaultItems>
                <PackageId>Other.Analyzers</PackageId>
                <Version>{packages.Version}</Version>
                <IncludeBuildOutput>false</IncludeBuildOutput>
                <PackageOutputPath>../feed</PackageOutputPath>
                <NoWarn>$(NoWarn);NU5128;RS1036;NU1507</NoWarn>
                <DevelopmentDependency>true</DevelopmentDependency>
                <SuppressDependenciesWhenPacking>true</SuppressDependenciesWhenPacking>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="OtherGenerator.cs" />
                <PackageReference Include="Microsoft.CodeAnalysis.CSharp" Version="5.0.0" PrivateAssets="all" />
                <ProjectReference Include="Markdig/Markdig.csproj" PrivateAssets="all" />
                <None Include="bin/$(Configuration)/netstandard2.0/Other.dll;bin/$(Configuration)/netstandard2.0/Markdig.dll" Pack="true" PackagePath="analyzers/dotnet/cs" />
              </ItemGroup>
            </Project>
            """);
        Write("Other/OtherGenerator.cs", """
            using Microsoft.CodeAnalysis;

            [Generator]
            public class OtherGenerator : IIncrementalGenerator
            {
                public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterPostInitializationOutput(output =>
                    output.AddSource("Other.g.cs", "internal static class Other { public const string Markdig = \"" + Markdig.Markdown.Version + "\"; }"));
            }
            """);
    }

    private void Project(
        string folder, string program, string properties = "", string items = "", string? reference = null, string sdk = "Microsoft.NET.Sdk.Web",
        string framework = "<TargetFramework>net10.0</TargetFramework>", string language = "cs", string? file = null, string? output = null)
    {
        var isProgram = output is null && !framework.Contains("netstandard", StringComparison.Ordinal);
        Write($"{folder}/{Path.GetFileName(folder)}.{language}proj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                {(isProgram ? "<OutputType>Exe</OutputType>" : "")}
                <UseAppHost>false</UseAppHost>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                {framework}
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {reference ?? $"<PackageReference Include=\"AgentAuth.Codegen\" Version=\"{packages.Version}\" />"}
              </ItemGroup>
              {items}
            </Project>
            """);
        Write($"{folder}/{file ?? "Program." + language}", program);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    [GeneratedRegex(@"(error|warning) [A-Z]+\d+: .*?(?=( \[[^\[\]]+proj(::[^\]]*)?\])?\s*$)")]
    private static partial Regex Problem();
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace AgentAuth.Generator;

public sealed class AuthMdGeneratorTests
{
    [Fact]
    public void An_edit_of_csharp_runs_neither_parse_nor_emit()
    {
        var harness = new GeneratorHarness();
        Assert.Equal([TrackingNames.Parse, TrackingNames.Emit], harness.Run().Executed);

        harness.EditProgram(GeneratorHarness.Program + "\nSystem.Console.WriteLine(\"another line\");");
        var (executed, result) = harness.Run();

        Assert.Empty(executed);
        Assert.All(result.TrackedSteps[TrackingNames.Parse].SelectMany(step => step.Outputs), output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        Assert.All(result.TrackedSteps[TrackingNames.Emit].SelectMany(step => step.Outputs), output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        Assert.All(result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs), output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        Assert.Equal(6, result.GeneratedSources.Length);
    }

    [Fact]
    public void A_new_csharp_file_runs_neither_parse_nor_emit()
    {
        var harness = new GeneratorHarness();
        harness.Run();

        harness.EditProgram(GeneratorHarness.Program + "\ninternal sealed class Added;");

        Assert.Empty(harness.Run().Executed);
    }

    [Fact]
    public void An_edit_of_auth_md_runs_both()
    {
        var harness = new GeneratorHarness();
        harness.Run();

        harness.EditAuthMd(GeneratorHarness.AuthMd.Replace("tickets.write", "tickets.create", StringComparison.Ordinal));
        var (executed, result) = harness.Run();

        Assert.Equal([TrackingNames.Parse, TrackingNames.Emit], executed);
        Assert.Contains(
            "public const string TicketsCreate = \"tickets.create\"; // auth.md line 11",
            result.GeneratedSources.Single(source => source.HintName == "AgentScopes.g.cs").SourceText.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_auth_md_saved_again_is_parsed_and_not_emitted()
    {
        var harness = new GeneratorHarness();
        harness.Run();

        harness.EditAuthMd(GeneratorHarness.AuthMd);

        Assert.Equal([TrackingNames.Parse], harness.Run().Executed);
    }

    [Fact]
    public void A_file_that_is_not_marked_is_not_touched()
    {
        var (executed, result) = new GeneratorHarness(program: "", marked: false).Run();

        Assert.Empty(executed);
        Assert.Empty(result.GeneratedSources);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no heading, no anything")]
    [InlineData("# X auth.md\n\n## Scopes\n\n| Scope |\n| --- |\n| `a b` |\n| `ok` |\n")]
    public void A_document_with_errors_still_compiles_so_that_one_bad_line_is_one_error(string authMd) => GeneratorHarness.Assemble(authMd);

    [Theory]
    [InlineData("My.App", "My.App")]
    [InlineData("my-app 2", "my_app_2")]
    [InlineData("1st.class", "_1st.@class")]
    [InlineData("", "AgentAuthGenerated")]
    public void Types_go_to_the_projects_root_namespace(string property, string expected)
    {
        var assembled = GeneratorHarness.Assemble(rootNamespace: property);

        Assert.Contains($"namespace {expected};", assembled.Sources["AgentScopes.g.cs"], StringComparison.Ordinal);
    }

    [Finding("D4", "A project of C# 12, with and without an MCP server", "Compiles: 12 is what AUTHMD4002 asks for")]
    [Theory]
    [InlineData(null)]
    [InlineData("true")]
    public void D4_What_is_generated_is_csharp_12(string? mcpServers) => GeneratorHarness.Assemble(mcpServers: mcpServers, language: LanguageVersion.CSharp12);

    [Finding("D6", "Two projects with an auth.md each, the one a friend of the other (`InternalsVisibleTo`), or both friends of a third", "Compiles without a warning; each has its own `AddAgentAuth` and `MapAgentAuth`")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void D6_Friends_with_an_auth_md_each_have_their_own_wiring(bool other)
    {
        const string Calls =
            """
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Second"), System.Runtime.CompilerServices.InternalsVisibleTo("Third")]
            var builder = WebApplication.CreateSlimBuilder(args);
            builder.Services.AddAgentAuth();
            var app = builder.Build();
            app.MapAgentAuth();
            app.MapGet("/", () => AgentScopes.All);
            app.Run();
            """;
        const string Usings = "global using Microsoft.AspNetCore.Builder;\nglobal using Microsoft.Extensions.DependencyInjection;\n";
        // What the compiler's own helper writes for other generators.
        var foreign = other ? "\nnamespace Microsoft.CodeAnalysis { internal sealed partial class EmbeddedAttribute : System.Attribute { } }" : "";
        var first = GeneratorHarness.Assemble(program: Usings + Calls + foreign, rootNamespace: "First.App", name: "First").Reference();
        var second = GeneratorHarness.Assemble(program: Usings + Calls + foreign, rootNamespace: "Second.App", name: "Second", friends: [first]).Reference();

        GeneratorHarness.Assemble(program: Usings + Calls + foreign, rootNamespace: "Third.App", name: "Third", friends: [first, second]);
    }

    [Fact]
    public void Top_level_statements_need_no_using()
    {
        // With the implicit usings of the web SDK, and the package's own.
        const string program =
            """
            global using AgentAuth;
            global using Microsoft.AspNetCore.Builder;
            global using Microsoft.Extensions.DependencyInjection;
            var builder = WebApplication.CreateSlimBuilder(args);
            builder.Services.AddAgentAuth();
            var app = builder.Build();
            app.MapAgentAuth();
            app.MapGet("/api/tickets", () => "tickets").RequireAgentScope(AgentScopes.TicketsRead);
            app.MapPost("/api/tickets", [AgentScope(AgentScopes.TicketsWrite)] () => "made");
            app.Run();
            """;

        GeneratorHarness.Assemble(program: program);
    }

    [Fact]
    public async Task The_testing_library_sees_the_same_sources()
    {
        var expected = GeneratorHarness.Assemble(program: "System.Console.WriteLine();").Sources;
        var test = new CSharpSourceGeneratorTest<AuthMdGenerator, DefaultVerifier>
        {
            // The assemblies that this test runs on: nothing is fetched.
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
            TestState =
            {
                OutputKind = OutputKind.ConsoleApplication,
                Sources = { ("Program.cs", "System.Console.WriteLine();") },
                AdditionalFiles = { ("/project/auth.md", GeneratorHarness.AuthMd) },
                AnalyzerConfigFiles =
                {
                    ("/project/.globalconfig", "is_global = true\nbuild_property.RootNamespace = Sample\n[/project/auth.md]\nbuild_metadata.AdditionalFiles.AgentAuthDocument = true\n"),
                },
            },
        };
        test.TestState.AdditionalReferences.AddRange(new GeneratorHarness().Compilation.References);
        foreach (var (name, code) in expected)
        {
            test.TestState.GeneratedSources.Add((typeof(AuthMdGenerator), name, code));
        }

        await test.RunAsync(TestContext.Current.CancellationToken);
    }
}

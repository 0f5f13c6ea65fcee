using Microsoft.CodeAnalysis;
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
        Assert.Equal(5, result.GeneratedSources.Length);
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

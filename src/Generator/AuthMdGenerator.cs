using System.Text;
using AgentAuth.Generator.Model;
using AgentAuth.Generator.Render;
using AgentAuth.Generator.Transform;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Generator;

/// <summary>
/// Compiles the marked auth.md. The pipeline reads that file and build properties and nothing else, so an edit of C# costs nothing. It reports
/// no problems (the analyzer does, live in the editor) and emits what it can of a document that has some.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class AuthMdGenerator : IIncrementalGenerator
{
    /// <summary>The metadata by which the package marks the file: <c>&lt;AdditionalFiles AgentAuthDocument="true" /&gt;</c>.</summary>
    internal const string Marker = "build_metadata.AdditionalFiles.AgentAuthDocument";

    private readonly Action<string> _onExecuted;

    /// <summary>Called by the compiler.</summary>
    public AuthMdGenerator()
        : this(_ => { })
    {
    }

    /// <summary>Tells a test which steps were executed.</summary>
    internal AuthMdGenerator(Action<string> onExecuted) => _onExecuted = onExecuted;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var model = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static pair => pair.Right.GetOptions(pair.Left).TryGetValue(Marker, out var marked) && string.Equals(marked, "true", StringComparison.OrdinalIgnoreCase))
            .Select(static (pair, _) => pair.Left)
            .Collect()
            .Select(static (files, _) => files.OrderBy(file => file.Path, StringComparer.Ordinal).FirstOrDefault())
            .Select((file, cancellationToken) =>
            {
                if (file?.GetText(cancellationToken) is not { } text)
                {
                    return null;
                }

                _onExecuted(TrackingNames.Parse);
                return ServiceModelFactory.Create(text.ToString());
            })
            .WithTrackingName(TrackingNames.Parse);
        var project = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => (
            RootNamespace: RootNamespace.Of(Property(options, "AgentAuthNamespace") ?? Property(options, "RootNamespace")),
            HasMcpServers: string.Equals(Property(options, "AgentAuthMcpServers"), "true", StringComparison.OrdinalIgnoreCase)));

        context.RegisterSourceOutput(model.Combine(project).WithTrackingName(TrackingNames.Emit), (output, pair) =>
        {
            if (pair.Left is { } service)
            {
                _onExecuted(TrackingNames.Emit);
                Emit(output, service, pair.Right.RootNamespace, pair.Right.HasMcpServers);
            }
        });
    }

    private static void Emit(SourceProductionContext output, ServiceModel model, string rootNamespace, bool hasMcpServers)
    {
        Add("AgentScopes", ScopesRenderer.Render(model, rootNamespace));
        Add("AgentAuthService", ServiceRenderer.Render(model, rootNamespace));
        Add("AddAgentAuth", WiringRenderer.RenderAdd(rootNamespace, hasMcpServers));
        Add("MapAgentAuth", WiringRenderer.RenderMap(model, rootNamespace));
        Add("Embedded", WiringRenderer.RenderEmbedded());
        Add("Usings", WiringRenderer.RenderUsings(rootNamespace));

        void Add(string name, string code) => output.AddSource(name + ".g.cs", SourceText.From(code, Encoding.UTF8));
    }

    private static string? Property(AnalyzerConfigOptionsProvider options, string name) =>
        options.GlobalOptions.TryGetValue("build_property." + name, out var value) && value.Length > 0 ? value : null;
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace AgentAuth.CodeFixes;

/// <summary>Writes annotations where endpoints are mapped or declared.</summary>
internal static class EndpointAnnotator
{
    // Where ASP.NET Core's own conventions are; the attributes have namespaces of their own.
    private const string ConventionsNamespace = "Microsoft.AspNetCore.Builder";

    /// <summary>A choice as an entry of the menu.</summary>
    public static CodeAction ActionOf(Document document, Diagnostic diagnostic, EndpointChoice choice, CodeActionPriority priority = CodeActionPriority.Default) => CodeAction.Create(
        choice.Title, cancellationToken => AnnotateAsync(document, [diagnostic], choice, cancellationToken), equivalenceKey: choice.Key, priority);

    /// <summary>Whether the endpoint of a diagnostic is in a form that takes an annotation.</summary>
    public static async Task<bool> CanAnnotateAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        return TargetOf(editor, diagnostic) is not null;
    }

    /// <summary>The document with the annotation on the endpoint of each diagnostic.</summary>
    public static async Task<Document> AnnotateAsync(Document document, IEnumerable<Diagnostic> diagnostics, EndpointChoice choice, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        var compilation = editor.SemanticModel.Compilation;
        var scope = choice.Member is { } member ? ScopeConstants.Expression(editor.Generator, compilation, member) : null;
        if (choice.Member is not null && scope is null)
        {
            return document;
        }

        var imports = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var diagnostic in diagnostics)
        {
            switch (TargetOf(editor, diagnostic))
            {
                case InvocationExpressionSyntax call:
                    var link = ChainLink.After(call);
                    if (!Finds(choice.Method, call, editor.SemanticModel))
                    {
                        imports[ConventionsNamespace] = LineBreaks.Of(call.SyntaxTree.GetText(cancellationToken), 0);
                    }

                    editor.ReplaceNode(call, (current, _) => link.Append((InvocationExpressionSyntax)current, choice.Method, scope));
                    break;
                case MemberDeclarationSyntax declaration when compilation.GetTypeByMetadataName(choice.Attribute) is { } attribute:
                    var line = AttributeLine.Above(declaration);
                    var (name, needsUsing) = AttributeNames.Of(attribute, editor, declaration.SpanStart);
                    if (needsUsing)
                    {
                        imports[attribute.ContainingNamespace.ToDisplayString()] = line.LineBreak;
                    }

                    editor.ReplaceNode(declaration, (current, _) => line.Add((MemberDeclarationSyntax)current, name, scope));
                    break;
            }
        }

        var changed = (CompilationUnitSyntax)editor.GetChangedRoot();
        return document.WithSyntaxRoot(imports.Aggregate(changed, (file, import) => UsingLine.Add(file, import.Key, import.Value)));
    }

    // MapSomething of a library may be found without the using that its conventions need.
    private static bool Finds(string method, InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetTypeInfo(call).Type is not { } type
        || !model.LookupSymbols(call.SpanStart, type, method, includeReducedExtensionMethods: true).IsEmpty;

    // The last call of the chain that still gives the endpoint's builder, or the action, page model, hub or service method.
    private static SyntaxNode? TargetOf(DocumentEditor editor, Diagnostic diagnostic)
    {
        var token = editor.OriginalRoot.FindToken(diagnostic.Location.SourceSpan.Start);
        return token.Parent switch
        {
            MemberDeclarationSyntax declaration => declaration,
            SimpleNameSyntax name when CallOf(name) is { } call && IsBuilder(call, editor.SemanticModel) => EndOfChain(call, editor.SemanticModel),
            _ => null,
        };
    }

    private static InvocationExpressionSyntax? CallOf(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Name == name && call.Expression == access => call,
        MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax call } => call,
        InvocationExpressionSyntax call => call,
        _ => null,
    };

    private static InvocationExpressionSyntax EndOfChain(InvocationExpressionSyntax call, SemanticModel model)
    {
        while (call.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next } access && access.Expression == call && next.Expression == access && IsBuilder(next, model))
        {
            call = next;
        }

        return call;
    }

    private static bool IsBuilder(InvocationExpressionSyntax call, SemanticModel model) =>
        model.Compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.IEndpointConventionBuilder") is { } builder
        && model.GetTypeInfo(call).Type is { } type
        && (SymbolEqualityComparer.Default.Equals(type, builder) || type.AllInterfaces.Contains(builder, SymbolEqualityComparer.Default));
}

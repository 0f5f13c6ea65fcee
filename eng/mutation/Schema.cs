using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Mutation;

/// <summary>
/// A file with its mutants in it, each behind a switch: <c>a &lt; b</c> becomes <c>(Switch.Is(7) ? (a &lt;= b) : (a &lt; b))</c>, and a statement that
/// is dropped <c>if (Switch.Is(8)) { ; } else { … }</c>. A condition that declares variables cannot be written twice: it is forced behind itself,
/// <c>((x is { } y) || Switch.Is(9))</c>. What fits neither form (a pattern of a switch, a local constant), or is refused in it by the compiler, has the
/// block around it written twice. What lies in no block (a constant, an override) is left to be compiled alone, and so is what is refused in this form
/// as well. Before every statement stands a probe, for those that do not tell themselves who reaches them.
/// </summary>
internal sealed class Schema
{
    /// <summary>The class that is compiled in.</summary>
    public const string Source = """
        namespace AgentAuth.Mutation;

        internal static class Switch
        {
            public static volatile int Active = int.TryParse(System.Environment.GetEnvironmentVariable("AGENTAUTH_MUTANT"), out var mutant) ? mutant : 0;

            public static byte[]? Reached;

            public static bool Is(int mutant)
            {
                Hit(mutant);
                return mutant == Active;
            }

            public static int Hit(int number)
            {
                if (Reached is { } reached)
                {
                    reached[number] = 1;
                }

                return number;
            }

            public static T Pass<T>(int number, T value)
                where T : allows ref struct => value;
        }
        """;

    /// <summary>The mutant that is active from the start, before any static field has its value.</summary>
    public const string Variable = "AGENTAUTH_MUTANT";

    private readonly SemanticModel _model;
    private readonly SyntaxNode _root;
    private readonly SourceText _text;
    private readonly Dictionary<SyntaxNode, List<Mutant>> _sites = [];
    private readonly List<(TextSpan Span, SyntaxNode Site, Mutant? Mutant)> _regions = [];
    private readonly HashSet<SyntaxNode> _onlyOnce;
    private readonly bool _keepsAnswers;
    private readonly Dictionary<SyntaxNode, int> _probes = [];
    private readonly SortedDictionary<int, string> _insertions = [];

    /// <param name="model">The file.</param>
    /// <param name="mutants">Its mutants.</param>
    /// <param name="firstProbe">The number of its first probe.</param>
    public Schema(SemanticModel model, IEnumerable<Mutant> mutants, int firstProbe)
    {
        _model = model;
        _root = model.SyntaxTree.GetRoot();
        _text = model.SyntaxTree.GetText();
        foreach (var mutant in mutants)
        {
            if ((SiteOf(mutant) ?? BodyOf(mutant)) is { } site)
            {
                Add(site, mutant);
            }
        }

        foreach (var node in _root.DescendantNodes().Where(HasProbe))
        {
            _probes[node] = firstProbe + _probes.Count;
        }

        var initialisers = _root.DescendantNodes()
            .Where(node => node is FieldDeclarationSyntax or PropertyDeclarationSyntax { Initializer: not null }).ToList();
        _keepsAnswers = initialisers.OfType<FieldDeclarationSyntax>().Any(
            field => field.Modifiers.Any(SyntaxKind.StaticKeyword) && field.Declaration.Type is GenericNameSyntax { Identifier.Text: "ConditionalWeakTable" });
        _onlyOnce = [.. initialisers, .. initialisers
            .SelectMany(field => field.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Select(name => model.GetSymbolInfo(name).Symbol)
            .OfType<IMethodSymbol>()
            .SelectMany(method => method.DeclaringSyntaxReferences)
            .Where(reference => reference.SyntaxTree == model.SyntaxTree)
            .Select(reference => reference.GetSyntax())];
    }

    /// <summary>How many probes there are.</summary>
    public int Probes => _probes.Count;

    /// <summary>The mutants that can be switched.</summary>
    public IEnumerable<Mutant> Switched => _sites.Values.SelectMany(mutants => mutants);

    /// <summary>
    /// True for what runs once in a process, before whichever test comes first: initialisers, and the methods that they call. It is switched from
    /// the start, and reached by every test that reaches the file. The same goes for all of a file that keeps its answers as long as the process.
    /// </summary>
    public bool IsOnlyOnce(Mutant mutant) => _keepsAnswers || _root.FindNode(mutant.Span).AncestorsAndSelf().Any(_onlyOnce.Contains);

    /// <summary>The numbers that tell that a mutant was reached: its own, or its probe; none for what gives a field its first value.</summary>
    public IReadOnlyCollection<int> ReachedBy(Mutant mutant)
    {
        if (!IsOnlyOnce(mutant))
        {
            var site = _sites.FirstOrDefault(site => site.Value.Contains(mutant)).Key;
            if (site is not null && !IsBody(site) && !Declares(site))
            {
                return [mutant.Number];
            }

            if (_root.FindNode(mutant.Span).AncestorsAndSelf().FirstOrDefault(_probes.ContainsKey) is { } node)
            {
                return [_probes[node]];
            }

            if (site is not null)
            {
                return [mutant.Number];
            }
        }

        return _keepsAnswers ? AllProbes : [];
    }

    /// <summary>The numbers of which a test that has to do with the file reaches one.</summary>
    public IReadOnlyCollection<int> AllProbes => _probes.Values;

    /// <summary>True when something gives a variable its first value, which may be read behind it.</summary>
    public static bool Declares(SyntaxNode node) => Given(node).Any();

    /// <summary>The file as it is compiled.</summary>
    public string Write()
    {
        _regions.Clear();
        foreach (var (node, probe) in _probes)
        {
            var hit = $"global::AgentAuth.Mutation.Switch.Hit({probe.ToString(CultureInfo.InvariantCulture)})";
            if (node is ArrowExpressionClauseSyntax arrow)
            {
                var type = _model.GetTypeInfo(arrow.Expression).ConvertedType!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
                _insertions[arrow.Expression.SpanStart] = $"global::AgentAuth.Mutation.Switch.Pass<{type}>({hit}, ";
                _insertions[arrow.Expression.Span.End] = ")";
            }
            else
            {
                _insertions[node.SpanStart] = hit + "; ";
            }
        }

        var text = new StringBuilder();
        Write(text, _root.FullSpan, [.. _sites.Keys.OrderBy(site => site.SpanStart).ThenByDescending(site => SpanOf(site).Length)]);
        return text.ToString();
    }

    /// <summary>Leaves out what an error of the compiler comes from.</summary>
    /// <param name="error">An error in what <see cref="Write()"/> wrote last.</param>
    /// <returns>True when something was left out.</returns>
    public bool LeaveOut(Diagnostic error)
    {
        var regions = _regions.Where(region => region.Span.Contains(error.Location.SourceSpan)).OrderBy(region => region.Span.Length).ToList();

        // In a block of its own, a mutant is wrong by itself.
        if (regions is [(_, var body, { } mutant), ..])
        {
            return Remove(body, mutant);
        }

        // A variable that is read without a value: a condition that declares it, or a statement that gives it one. Everything else is wrong
        // where it stands.
        var variable = error.Id is "CS0165" or "CS0269" or "CS0177" ? error.GetMessage(CultureInfo.InvariantCulture).Split('\'')[1] : null;
        var giving = _sites.Keys.Where(site => variable is not null && !IsBody(site) && Gives(site, variable)).ToList();
        return (giving is [] ? [.. regions.Take(1).Select(region => region.Site)] : giving).ConvertAll(Remove).Contains(true);
    }

    /// <summary>
    /// Leaves out what is switched in the nearest node around an error, for one that lies outside of all of it: types that are no longer inferred, a path
    /// without a value. Only when nothing else is left: one cause has many errors.
    /// </summary>
    /// <param name="location">Where an error in what <see cref="Write()"/> wrote last is.</param>
    /// <returns>True when something was left out.</returns>
    public bool LeaveOutAround(Location location) => location.SourceTree!.GetRoot().FindNode(location.SourceSpan).AncestorsAndSelf()
        .Select(node => _regions.Where(region => node.Span.Contains(region.Span)).Select(region => region.Site).ToList())
        .Any(sites => sites.ConvertAll(Remove).Contains(true));

    private void Add(SyntaxNode site, Mutant mutant)
    {
        _sites.TryAdd(site, []);
        _sites[site].Add(mutant);
    }

    // What is refused where it stands may do with the block around it.
    private bool Remove(SyntaxNode site)
    {
        if (!_sites.Remove(site, out var mutants))
        {
            return false;
        }

        foreach (var mutant in IsBody(site) ? [] : mutants)
        {
            if (BodyOf(mutant) is { } body)
            {
                Add(body, mutant);
            }
        }

        return true;
    }

    private bool Remove(SyntaxNode body, Mutant mutant)
    {
        var isRemoved = _sites.TryGetValue(body, out var mutants) && mutants.Remove(mutant);
        if (mutants is [])
        {
            _sites.Remove(body);
        }

        return isRemoved;
    }

    private static bool Gives(SyntaxNode site, string variable) =>
        Given(site).Contains(variable)
        || (site is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } && assignment.Left.ToString() == variable);

    private static IEnumerable<string> Given(SyntaxNode node) => node.DescendantNodes(inner => inner is not AnonymousFunctionExpressionSyntax)
        .Select(inner => inner switch
        {
            SingleVariableDesignationSyntax variable => variable.Identifier.Text,
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword, Expression: not DeclarationExpressionSyntax } argument => argument.Expression.ToString().TrimEnd('!'),
            _ => null,
        })
        .OfType<string>().Where(name => name != "_");

    private void Write(StringBuilder text, TextSpan span, List<SyntaxNode> sites)
    {
        var at = span.Start;
        while (sites.Count > 0)
        {
            var site = sites[0];
            var inner = sites.Skip(1).TakeWhile(other => SpanOf(site).Contains(SpanOf(other))).ToList();
            sites.RemoveRange(0, inner.Count + 1);
            Copy(text, at, site.SpanStart, isBeforeSite: true);
            WriteSite(text, site, inner);
            at = SpanOf(site).End;
        }

        Copy(text, at, span.End, isBeforeSite: false);
    }

    // Each insertion is made once; one at the start of a site stands before it.
    private void Copy(StringBuilder text, int start, int end, bool isBeforeSite)
    {
        foreach (var position in _insertions.Keys.Where(position => position >= start && (position < end || (isBeforeSite && position == end))).ToList())
        {
            text.Append(_text.ToString(TextSpan.FromBounds(start, position))).Append(_insertions[position]);
            _insertions.Remove(position);
            start = position;
        }

        text.Append(_text.ToString(TextSpan.FromBounds(start, end)));
    }

    private void WriteSite(StringBuilder text, SyntaxNode site, List<SyntaxNode> inner)
    {
        var start = text.Length;
        var mutants = _sites[site];
        if (IsBody(site))
        {
            WriteBody(text, site, inner);
        }
        else if (site is StatementSyntax)
        {
            foreach (var mutant in mutants)
            {
                text.Append($"if ({Is(mutant)}) {{ {Changed(site, mutant)} }} else ");
            }

            text.Append("{ ");
            Write(text, site.Span, inner);
            text.Append(" }");
        }
        else if (Declares(site))
        {
            text.Append('(', mutants.Count + 1);
            Write(text, site.Span, inner);
            text.Append(')');
            foreach (var mutant in mutants)
            {
                text.Append(mutant.Forced == true ? $" || {Is(mutant)})" : $" && !{Is(mutant)})");
            }
        }
        else
        {
            // A constant fits a narrower type; a choice between constants has to be told to.
            var type = _model.GetTypeInfo(site);
            text.Append('(').Append(site is LiteralExpressionSyntax && !SymbolEqualityComparer.Default.Equals(type.Type, type.ConvertedType) ? $"({type.ConvertedType})(" : "(");
            foreach (var mutant in mutants)
            {
                text.Append($"{Is(mutant)} ? ({Changed(site, mutant)}) : ");
            }

            text.Append('(');
            Write(text, site.Span, inner);
            text.Append(")))");
        }

        _regions.Add((TextSpan.FromBounds(start, text.Length), site, null));
    }

    // A block, or what stands behind an arrow as a block.
    private void WriteBody(StringBuilder text, SyntaxNode body, List<SyntaxNode> inner)
    {
        var arrow = body as ArrowExpressionClauseSyntax;
        var isProperty = arrow?.Parent is PropertyDeclarationSyntax or IndexerDeclarationSyntax;
        var keyword = arrow is not null && Returns(arrow) ? "return " : "";
        text.Append(isProperty ? "{ get { " : "{ ");
        foreach (var mutant in _sites[body])
        {
            var start = text.Length;
            text.Append($"if ({Is(mutant)}) {{ {keyword}{Changed(arrow?.Expression ?? body, mutant)}{(arrow is null ? "" : ";")} }} else ");
            _regions.Add((TextSpan.FromBounds(start, text.Length), body, mutant));
        }

        text.Append("{ ").Append(keyword);
        Write(text, arrow is null ? body.Span : TextSpan.FromBounds(arrow.Expression.SpanStart, SpanOf(arrow).End), inner);
        text.Append(isProperty ? " } } }" : " } }");
    }

    private bool Returns(ArrowExpressionClauseSyntax arrow) => arrow.Expression is not ThrowExpressionSyntax
        && _model.GetDeclaredSymbol(arrow.Parent!) is not (IMethodSymbol { ReturnsVoid: true }
            or IMethodSymbol { IsAsync: true, ReturnType: INamedTypeSymbol { IsGenericType: false } });

    private string Changed(SyntaxNode site, Mutant mutant) =>
        _text.ToString(TextSpan.FromBounds(site.SpanStart, mutant.Span.Start)) + mutant.Text + _text.ToString(TextSpan.FromBounds(mutant.Span.End, site.Span.End));

    private static string Is(Mutant mutant) => $"global::AgentAuth.Mutation.Switch.Is({mutant.Number.ToString(CultureInfo.InvariantCulture)})";

    /// <summary>The smallest statement or value that a mutant lies in; null when it cannot be switched.</summary>
    private SyntaxNode? SiteOf(Mutant mutant)
    {
        foreach (var node in _root.FindNode(mutant.Span, getInnermostNodeForTie: true).AncestorsAndSelf())
        {
            switch (node)
            {
                case AttributeListSyntax or SwitchLabelSyntax or CatchClauseSyntax or BaseFieldDeclarationSyntax or MemberDeclarationSyntax:
                case LocalDeclarationStatementSyntax { IsConst: true }:
                    return null;
                case ExpressionSyntax expression when IsValue(expression):
                    if (expression.Ancestors().Any(IsConstant))
                    {
                        return null;
                    }

                    return !Declares(expression) || (mutant.Forced is not null && expression.Span == mutant.Span) ? expression : null;
                case ExpressionStatementSyntax or YieldStatementSyntax or ThrowStatementSyntax:
                    return Declares(node) ? null : node;
                case StatementSyntax:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The block around a mutant, or the arrow before it; null when there is none.</summary>
    private SyntaxNode? BodyOf(Mutant mutant) =>
        _root.FindNode(mutant.Span).AncestorsAndSelf().FirstOrDefault(node => IsBody(node) && node.Span.Contains(mutant.Span) && node.Span != mutant.Span);

    private static bool IsBody(SyntaxNode node) => node is BlockSyntax or ArrowExpressionClauseSyntax;

    // The semicolon goes with the arrow.
    private static TextSpan SpanOf(SyntaxNode site) =>
        site is ArrowExpressionClauseSyntax ? TextSpan.FromBounds(site.SpanStart, site.GetLastToken().GetNextToken().Span.End) : site.Span;

    private bool HasProbe(SyntaxNode node) => node switch
    {
        LocalFunctionStatementSyntax => false,
        StatementSyntax => node.Parent is BlockSyntax or SwitchSectionSyntax,
        ArrowExpressionClauseSyntax { Expression: not ThrowExpressionSyntax } arrow =>
            _model.GetTypeInfo(arrow.Expression).ConvertedType is { SpecialType: not SpecialType.System_Void },
        _ => false,
    };

    private static bool IsConstant(SyntaxNode node) => node switch
    {
        PatternSyntax or AttributeSyntax or SwitchLabelSyntax => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        _ => false,
    };

    private bool IsValue(ExpressionSyntax expression) =>
        expression is not (InitializerExpressionSyntax or DeclarationExpressionSyntax or AnonymousFunctionExpressionSyntax or ThrowExpressionSyntax or PredefinedTypeSyntax)
        && !expression.Ancestors().TakeWhile(node => node is PatternSyntax or SubpatternSyntax or PropertyPatternClauseSyntax).Any()
        && expression.Parent switch
        {
            MemberAccessExpressionSyntax member => member.Expression == expression && _model.GetSymbolInfo(expression).Symbol is not ITypeSymbol and not INamespaceSymbol,
            MemberBindingExpressionSyntax or NameColonSyntax => false,
            InvocationExpressionSyntax => false,
            ConditionalAccessExpressionSyntax access => access.Expression == expression,
            AssignmentExpressionSyntax assignment => assignment.Right == expression,
            ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None),
            ArrayTypeSyntax or ArrayRankSpecifierSyntax or TypeArgumentListSyntax or CastExpressionSyntax => expression is LiteralExpressionSyntax,
            _ => true,
        }
        && _model.GetTypeInfo(expression) is var type
        && (type.Type ?? type.ConvertedType) is { SpecialType: not SpecialType.System_Void };
}

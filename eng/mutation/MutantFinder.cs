using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Mutation;

/// <summary>
/// Finds the mutants of a file. A check is taken out, or made to refuse always, wherever it stands: a condition or an operand is forced, a part of
/// a pattern, an element of a list, an arm, a statement or an override is dropped, a bound is moved by one. What falls whenever these fall is not
/// made: a negation, == for !=, &amp;&amp; for ||, a return without its if. Texts are not changed, nor calls that only write to the log.
/// </summary>
/// <param name="file">The name of the file.</param>
/// <param name="model">The file.</param>
internal sealed partial class MutantFinder(string file, SemanticModel model)
{
    private static readonly Dictionary<string, string> s_twins = new()
    {
        ["Any"] = "All",
        ["All"] = "Any",
        ["First"] = "Last",
        ["FirstOrDefault"] = "LastOrDefault",
        ["Min"] = "Max",
        ["Max"] = "Min",
        ["Ordinal"] = "OrdinalIgnoreCase",
        ["OrdinalIgnoreCase"] = "Ordinal",
    };

    private static readonly HashSet<string> s_droppable = ["Where", "Distinct", "OrderBy", "OfType", "Clamp", "Min", "Max", "WaitAsync"];

    private readonly SourceText _text = model.SyntaxTree.GetText();

    /// <summary>All mutants, in the order of the text.</summary>
    /// <param name="first">The number of the first.</param>
    public IReadOnlyList<Mutant> Find(int first) =>
        [.. model.SyntaxTree.GetRoot()
            .DescendantNodes(node => node is not (AttributeListSyntax or EnumDeclarationSyntax) && !IsDefaultOfParameter(node) && !IsLogging(node))
            .Where(node => !IsDefaultOfParameter(node) && !IsLogging(node))
            .SelectMany(Of)
            .DistinctBy(mutant => (mutant.Span, mutant.Replacement))
            .OrderBy(mutant => mutant.Span.Start)
            .Select((mutant, index) => mutant with { Number = first + index })];

    private IEnumerable<Mutant> Of(SyntaxNode node) => (node is ExpressionSyntax expression ? OfCondition(expression) : []).Concat(node switch
    {
        BinaryExpressionSyntax binary => OfBinary(binary),
        RelationalPatternSyntax pattern => [Make(pattern.OperatorToken.Span, Bound(pattern.OperatorToken))],
        BinaryPatternSyntax pattern => [Make(pattern.Span, pattern.Left.ToString()), Make(pattern.Span, pattern.Right.ToString())],
        PropertyPatternClauseSyntax clause => OfList(clause.Subpatterns),
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.NumericLiteralExpression) => OfNumber(literal),
        ExpressionStatementSyntax statement => [Make(statement.Span, ";")],
        YieldStatementSyntax statement => [Make(statement.Span, ";")],
        SwitchExpressionSyntax choice => OfList(choice.Arms, arm => arm.Pattern is not DiscardPatternSyntax),
        SwitchSectionSyntax section when section.Labels.All(label => label is not DefaultSwitchLabelSyntax) => [Make(section.Span, "")],
        CatchClauseSyntax { Filter: null } clause => [Make(new TextSpan((clause.Declaration?.Span ?? clause.CatchKeyword.Span).End, 0), " when (false)")],
        CollectionExpressionSyntax list => OfList(list.Elements),
        InitializerExpressionSyntax list => OfList(list.Expressions),
        AssignmentExpressionSyntax assignment => OfAssignment(assignment),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call => OfCall(call, member),
        MemberAccessExpressionSyntax member => OfMember(member),
        PrefixUnaryExpressionSyntax prefix when prefix.IsKind(SyntaxKind.BitwiseNotExpression) => [Make(prefix.OperatorToken.Span, "")],
        MethodDeclarationSyntax method when method.Modifiers.Any(SyntaxKind.OverrideKeyword) => [Make(method.Span, "")],
        PropertyDeclarationSyntax { Initializer: { } initializer } => [Make(initializer.Value.Span, "default!")],
        _ => [],
    });

    // Forced where it stands alone; of && and || an operand is forced to what makes it count for nothing, for the other is the whole forced.
    private IEnumerable<Mutant> OfCondition(ExpressionSyntax expression)
    {
        var parent = Outwards(expression).Parent;
        var isLoop = parent is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax;

        // "while (true)" is no check.
        if (!IsCondition(expression) || (isLoop && expression.IsKind(SyntaxKind.TrueLiteralExpression)))
        {
            yield break;
        }

        if (!parent.IsKind(SyntaxKind.LogicalOrExpression) && !expression.IsKind(SyntaxKind.TrueLiteralExpression) && !isLoop)
        {
            yield return Forced(expression, true);
        }

        if (!parent.IsKind(SyntaxKind.LogicalAndExpression) && !expression.IsKind(SyntaxKind.FalseLiteralExpression))
        {
            yield return Forced(expression, false);
        }
    }

    // A condition that declares what is read later is still evaluated, and its answer is not used.
    private Mutant Forced(ExpressionSyntax condition, bool value)
    {
        var word = value ? "true" : "false";
        return Make(condition.Span, word, Schema.Declares(condition) ? $"(({condition}) {(value ? "||" : "&&")} {word})" : word, value);
    }

    private bool IsCondition(ExpressionSyntax expression)
    {
        if (expression is ParenthesizedExpressionSyntax or PredefinedTypeSyntax or AssignmentExpressionSyntax or DeclarationExpressionSyntax
            || model.GetTypeInfo(expression).Type?.SpecialType is not SpecialType.System_Boolean
            || model.GetSymbolInfo(expression).Symbol is ITypeSymbol)
        {
            return false;
        }

        return Outwards(expression).Parent switch
        {
            PrefixUnaryExpressionSyntax => false,
            MemberAccessExpressionSyntax or MemberBindingExpressionSyntax or PatternSyntax or NameColonSyntax => false,
            AssignmentExpressionSyntax assignment => assignment.Right.Contains(expression),
            ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None) && !IsConfigureAwait(argument),
            BinaryExpressionSyntax binary => !binary.IsKind(expression.Kind()),
            _ => true,
        };
    }

    private IEnumerable<Mutant> OfBinary(BinaryExpressionSyntax binary)
    {
        if (model.GetTypeInfo(binary).Type?.SpecialType is SpecialType.System_String)
        {
            return [];
        }

        switch (binary.Kind())
        {
            case SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression
                or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression:
                return [Make(binary.OperatorToken.Span, Bound(binary.OperatorToken))];
            case SyntaxKind.CoalesceExpression:
                return
                [
                    Make(binary.Span, $"{binary.Left}", model.GetTypeInfo(binary.Left).Type?.IsValueType == true ? $"{binary.Left}.Value" : $"{binary.Left}"),
                    Make(binary.Span, $"{binary.Right}"),
                ];
            default:
                return Other(binary.OperatorToken) is { } other
                    ? [Make(binary.OperatorToken.Span, other), Make(binary.Span, $"{binary.Left}"), Make(binary.Span, $"{binary.Right}")]
                    : [];
        }
    }

    private static string Bound(SyntaxToken comparison) => comparison.Text.EndsWith('=') ? comparison.Text[..^1] : comparison.Text + "=";

    private static string? Other(SyntaxToken arithmetic) => arithmetic.Text switch
    {
        "+" => "-",
        "-" => "+",
        "*" => "/",
        "/" => "*",
        "%" => "*",
        "&" => "|",
        "|" => "&",
        "^" => "&",
        "<<" => ">>",
        ">>" => "<<",
        _ => null,
    };

    private IEnumerable<Mutant> OfNumber(LiteralExpressionSyntax literal)
    {
        var value = Convert.ToDecimal(literal.Token.Value, CultureInfo.InvariantCulture);
        return new[] { value + 1, value - 1 }.Select(other => Make(literal.Span, other.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The list without one of its members, for each.</summary>
    private IEnumerable<Mutant> OfList<T>(SeparatedSyntaxList<T> list, Func<T, bool>? isDroppable = null)
        where T : SyntaxNode =>
        list.Where(isDroppable ?? (_ => true)).Select(member =>
        {
            var index = list.IndexOf(member);
            var end = index < list.SeparatorCount ? list.GetSeparator(index).Span.End : member.Span.End;
            var start = index < list.SeparatorCount || index == 0 ? member.SpanStart : list.GetSeparator(index - 1).SpanStart;
            return Make(TextSpan.FromBounds(start, end), "");
        });

    private IEnumerable<Mutant> OfAssignment(AssignmentExpressionSyntax assignment) => assignment.OperatorToken.Text switch
    {
        "+=" => [Make(assignment.OperatorToken.Span, "-=")],
        "|=" or "&=" => [Make(assignment.OperatorToken.Span, "=")],
        "/=" => [Make(assignment.OperatorToken.Span, "*=")],
        _ => [],
    };

    private IEnumerable<Mutant> OfCall(InvocationExpressionSyntax call, MemberAccessExpressionSyntax member)
    {
        if (!s_droppable.Contains(member.Name.Identifier.Text))
        {
            return [];
        }

        // Math.Clamp(x, …) is x; items.Where(…) is items.
        return model.GetSymbolInfo(member.Expression).Symbol is ITypeSymbol
            ? call.ArgumentList.Arguments.Select(argument => Make(call.Span, argument.Expression.ToString()))
            : [Make(call.Span, member.Expression.ToString())];
    }

    private IEnumerable<Mutant> OfMember(MemberAccessExpressionSyntax member)
    {
        if (s_twins.TryGetValue(member.Name.Identifier.Text, out var twin))
        {
            yield return Make(member.Name.Span, twin);
        }

        // An answer of ours; whether one is compared with is decided by the comparison.
        if (model.GetSymbolInfo(member).Symbol is IFieldSymbol { ContainingType: { TypeKind: TypeKind.Enum } type } field
            && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, model.Compilation.Assembly)
            && Outwards(member).Parent is not (PatternSyntax or BinaryExpressionSyntax or SwitchLabelSyntax))
        {
            var other = type.GetMembers().OfType<IFieldSymbol>().First(one => one.Name != field.Name);
            yield return Make(member.Name.Span, other.Name);
        }
    }

    private bool IsLogging(SyntaxNode node) =>
        node is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call }
        && model.GetSymbolInfo(call).Symbol is { } method
        && method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "LoggerMessageAttribute");

    private static bool IsDefaultOfParameter(SyntaxNode node) => node is EqualsValueClauseSyntax { Parent: ParameterSyntax };

    private static bool IsConfigureAwait(ArgumentSyntax argument) =>
        argument.Parent?.Parent is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } };

    private static SyntaxNode Outwards(ExpressionSyntax expression) =>
        expression.AncestorsAndSelf().TakeWhile(node => node == expression || node is ParenthesizedExpressionSyntax).Last();

    private Mutant Make(TextSpan span, string replacement, string? text = null, bool? forced = null)
    {
        var line = _text.Lines.GetLineFromPosition(span.Start);
        return new Mutant(
            0, file, span, line.LineNumber + 1, OneLine(line.ToString()), OneLine(_text.ToString(span)), OneLine(replacement), text ?? replacement, forced);
    }

    private static string OneLine(string text) => WhiteSpace().Replace(text, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}

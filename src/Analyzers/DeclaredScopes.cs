using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AgentAuth.Analyzers;

/// <summary>The scopes of an auth.md as code sees them.</summary>
internal sealed class DeclaredScopes
{
    private const int LongestList = 6;

    private readonly AdditionalText _file;
    private readonly SourceText _text;
    private readonly ImmutableArray<ScopeDeclaration> _scopes;
    private readonly ImmutableArray<string> _identifiers;
    private readonly HashSet<string> _names;
    private readonly bool _startsAnonymously;

    public DeclaredScopes(AdditionalText file, SourceText text, AuthDocument document)
    {
        _file = file;
        _text = text;
        _scopes = document.Scopes;
        _startsAnonymously = document.Methods.Any(method => method.Kind == AuthMd.MethodKind.Anonymous);
        _identifiers = ScopeIdentifier.All(_scopes.Select(scope => scope.Name.Value));
        All = [.. _scopes.Zip(_identifiers, (scope, member) => (scope, member))];
        _names = new HashSet<string>(_scopes.Select(scope => scope.Name.Value), StringComparer.Ordinal);
    }

    /// <summary>The scopes with their names in C#, in the order of the document.</summary>
    public IReadOnlyList<(ScopeDeclaration Scope, string Member)> All { get; }

#pragma warning disable RS1012 // Whoever calls it registers the actions.
    /// <summary>The scopes of the marked auth.md; null when there is none.</summary>
    public static DeclaredScopes? Of(CompilationStartAnalysisContext context) =>
        AuthMdFile.Read(context) is var (file, text, document) ? new DeclaredScopes(file, text, document) : null;
#pragma warning restore RS1012

    /// <summary>Whether <c>AgentScopes</c> has a member, of a scope or of its own.</summary>
    public bool HasMember(string member) => _identifiers.Contains(member) || member is "All" or "PreClaim";

    /// <summary>Whether an agent holds a scope before anybody claimed its registration.</summary>
    public bool IsHeldUnclaimed(string scope) =>
        _startsAnonymously && _scopes.Any(declared => declared.IsPreClaim && declared.Name.Value == scope);

    public bool Contains(string scope) => _names.Contains(scope);

    /// <summary>Reports a scope by its name.</summary>
    public Diagnostic Undeclared(Location location, string scope)
    {
        // nameof(AgentScopes.TicketsRead) is the constant's name, not its value.
        if (_identifiers.IndexOf(scope) is >= 0 and var member)
        {
            return Report(location, $"Scope '{scope}'", member, scope);
        }

        var nearest = ScopeVerbs.Nearest(scope, _scopes.Select(declared => declared.Name.Value));
        return Report(location, $"Scope '{scope}'", nearest is null ? -1 : IndexOf(s => s.Name.Value == nearest), scope);
    }

    /// <summary>Reports a member that <c>AgentScopes</c> does not have, or has no more.</summary>
    public Diagnostic UndeclaredMember(Location location, string member)
    {
        var nearest = ScopeVerbs.Nearest(member, _identifiers);
        return Report(location, $"The scope behind 'AgentScopes.{member}'", nearest is null ? -1 : _identifiers.IndexOf(nearest));
    }

    /// <summary>Reports a scope that no code asks for, where auth.md declares it.</summary>
    public Diagnostic Unused(ScopeDeclaration scope) => Diagnostic.Create(
        Rules.Find(AuthMdRules.UnusedScope),
        AuthMdFile.LocationOf(_file, _text, scope.Name.Span),
        $"No code asks for the scope '{scope.Name.Value}': agents would request it and people grant it, and it would open nothing. Require it where it belongs, or remove it");

    private int IndexOf(Func<ScopeDeclaration, bool> predicate)
    {
        for (var i = 0; i < _scopes.Length; i++)
        {
            if (predicate(_scopes[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private Diagnostic Report(Location location, string what, int nearest, string? scope = null)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        properties = scope is null ? properties : properties.Add(FixProperties.Scope, scope);
        if (nearest >= 0)
        {
            var place = AuthMdFile.LocationOf(_file, _text, _scopes[nearest].Name.Span);
            var line = place.GetLineSpan().StartLinePosition.Line + 1;
            return Diagnostic.Create(Rules.Find(AuthMdRules.UndeclaredScope), location, [place], properties.Add(FixProperties.Member, _identifiers[nearest]),
                $"{what} is not declared in auth.md; did you mean '{_scopes[nearest].Name.Value}' (auth.md line {line}, AgentScopes.{_identifiers[nearest]})?");
        }

        var declared = _scopes.IsEmpty
            ? "It declares none"
            : "It declares " + string.Join(", ", _scopes.Take(LongestList).Select(scope => $"'{scope.Name.Value}'")) + (_scopes.Length > LongestList ? " and others" : "");
        return Diagnostic.Create(Rules.Find(AuthMdRules.UndeclaredScope), location, properties, $"{what} is not declared in auth.md. {declared}. Use one of them, or add it to the Scopes section");
    }
}

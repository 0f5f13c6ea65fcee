using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentAuth.AuthMd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>
/// AUTHMD2002, 2003, 2007, 2008 and 2010: what endpoints say about agents. What one function tells is reported at once, so that the editor shows it;
/// the rest when the whole compilation was read.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EndpointAnalyzer : CodeAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.Find(AuthMdRules.UnannotatedEndpoint), Rules.Find(AuthMdRules.UnprovenEndpoint),
        Rules.Find(AuthMdRules.ContradictingAnnotations), Rules.Find(AuthMdRules.UnclaimedWrite),
        Rules.Find(AuthMdRules.LeftToTheStart),
    ];

    /// <summary>Generated code is read, since builders go through it, and not reported.</summary>
    private protected override GeneratedCodeAnalysisFlags GeneratedCode => GeneratedCodeAnalysisFlags.Analyze;

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (EndpointTypes.Of(context.Compilation) is not { } types || DeclaredScopes.Of(context) is not { } scopes)
        {
            return;
        }

        var reading = new Reading(types, scopes);
        context.RegisterOperationBlockAction(reading.ReadBlocks);
        context.RegisterSymbolAction(reading.ReadType, SymbolKind.NamedType);
        context.RegisterCompilationEndAction(reading.Finish);
    }

    private sealed class Reading
    {
        private readonly EndpointTypes _types;
        private readonly AnnotationReader _annotations;
        private readonly HandlerReader _handlers;
        private readonly FactCollector _collector;
        private readonly EndpointReport _report;
        private readonly EndpointFacts _facts = new();
        private readonly ConcurrentBag<EndpointSite> _later = [];
        private readonly ConcurrentBag<INamedTypeSymbol> _controllers = [];
        private readonly ConcurrentBag<INamedTypeSymbol> _models = [];

        public Reading(EndpointTypes types, DeclaredScopes scopes)
        {
            _types = types;
            _annotations = new AnnotationReader(types);
            _handlers = new HandlerReader(types, _annotations);
            _collector = new FactCollector(types, new BuilderCalls(types), _annotations, _handlers);
            _report = new EndpointReport(scopes);
        }

        public void ReadBlocks(OperationBlockAnalysisContext context)
        {
            foreach (var block in context.OperationBlocks)
            {
                var facts = _collector.Collect(block, context.OwningSymbol);
                if (!facts.IsEmpty)
                {
                    _facts.Add(facts);
                    ReportAtOnce(facts, context.ReportDiagnostic);
                }
            }
        }

        public void ReadType(SymbolAnalysisContext context)
        {
            var type = (INamedTypeSymbol)context.Symbol;
            if (type.TypeKind == TypeKind.Class)
            {
                if (ControllerActions.IsController(type))
                {
                    _controllers.Add(type);
                }
                else if (RazorPage.IsPageModel(type, _types))
                {
                    _models.Add(type);
                }
                else if (type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "McpServerToolTypeAttribute" or "McpServerPromptTypeAttribute" or "McpServerResourceTypeAttribute"))
                {
                    ReportTools(type, context.ReportDiagnostic);
                }
            }
        }

        // Whichever server serves them, method and class speak of the same call.
        private void ReportTools(INamedTypeSymbol type, Action<Diagnostic> report)
        {
            var above = new EndpointPath([], null, Coverage.Annotated, true);
            var shared = _annotations.OfType(type);
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (_annotations.OfMethod(method) is { Said.IsEmpty: false } saying)
                {
                    _report.AddMember(PlaceOf(method), $"the MCP method {type.Name}.{method.Name}", [Below(above, saying, shared, false)], [Below(above, Saying.Nothing, shared, false)], report);
                }
            }
        }

        public void Finish(CompilationAnalysisContext context)
        {
            var mapsPages = _facts.Sites.Any(site => site.Kind == BuilderCall.Pages);
            var elsewhere = new List<EndpointSite>();
            if (!_later.IsEmpty || !_controllers.IsEmpty || !_models.IsEmpty || mapsPages || _facts.Elsewhere.Count > 0)
            {
                var solver = new EndpointSolver(_facts, _types, isWhole: true);
                foreach (var site in _later)
                {
                    Report(site, solver.PathsOf(site), context.ReportDiagnostic);
                }

                ReportControllers(solver, context.ReportDiagnostic);
                ReportPages(solver, context.ReportDiagnostic);

                // What is said above such a call counts for whatever it maps.
                elsewhere.AddRange(_facts.Elsewhere.Where(site => EndpointSolver.Together(solver.PathsOf(site)) != Coverage.Annotated));
            }

            _report.AddLeftToTheStart(elsewhere, context.ReportDiagnostic);
        }

        private void ReportAtOnce(EndpointFacts facts, Action<Diagnostic> report)
        {
            EndpointSolver? solver = null;
            foreach (var site in facts.Sites.Where(site => site.IsEndpoint))
            {
                if (facts.LeadsOut(site))
                {
                    _later.Add(site);
                    continue;
                }

                solver ??= new EndpointSolver(facts, _types, isWhole: false);
                var paths = solver.PathsOf(site);
                if (EndpointSolver.Together(paths) == Coverage.Later || paths.Any(path => path.Coverage == Coverage.Later))
                {
                    _later.Add(site);
                }
                else
                {
                    Report(site, paths, report);
                }
            }
        }

        private void Report(EndpointSite site, ImmutableArray<EndpointPath> paths, Action<Diagnostic> report)
        {
            if (site.Handler is { } handler && EndpointSolver.Together(paths) == Coverage.Missing && _handlers.BringsMetadata(handler))
            {
                paths = [.. paths.Select(path => path with { Coverage = path.Coverage == Coverage.Missing ? Coverage.Unknown : path.Coverage })];
            }

            var route = paths.Select(path => path.Prefix).FirstOrDefault(prefix => prefix is not null) ?? site.Route;
            if (site.Service is { } service && EndpointSolver.Together(paths) == Coverage.Missing)
            {
                ReportService(site, service, paths, report);
                return;
            }

            _report.Add(new(site.Place, NameOf(site, route), site.Verbs, route, TakesAttributes: false), paths, report);
            ReportMembers(site, paths, report);
        }

        // Methods of hubs and gRPC services may contradict their class, or what is said where it is mapped.
        private void ReportMembers(EndpointSite site, ImmutableArray<EndpointPath> paths, Action<Diagnostic> report)
        {
            if ((site.Service ?? site.Hub) is not { } type)
            {
                return;
            }

            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (_annotations.OfMethod(method) is { Said.IsEmpty: false } saying)
                {
                    var kind = site.Hub is null ? "gRPC" : "hub";
                    _report.AddMember(PlaceOf(method), $"the {kind} method {type.Name}.{method.Name}", [.. paths.Select(path => Below(path, saying, Saying.Nothing, false))], paths, report);
                }
            }
        }

        private static string NameOf(EndpointSite site, string? route) =>
            site.Route is null || route is null ? $"the endpoint of {site.Method}"
            : site.Verbs.IsEmpty ? $"the endpoint {route}"
            : $"the endpoint {string.Join("/", site.Verbs)} {route}";

        // A gRPC method may say for itself what its service does not.
        private void ReportService(EndpointSite site, ITypeSymbol service, ImmutableArray<EndpointPath> paths, Action<Diagnostic> report)
        {
            var methods = service.GetMembers().OfType<IMethodSymbol>()
                .Where(method => method is { IsOverride: true, DeclaredAccessibility: Accessibility.Public } && method.Parameters.LastOrDefault()?.Type.Name == "ServerCallContext")
                .ToList();
            foreach (var method in methods.Where(method => _annotations.OfMethod(method).IsSilent))
            {
                _report.Add(new(PlaceOf(method), $"the gRPC method {service.Name}.{method.Name}", [], service.Name + "/" + method.Name, TakesAttributes: true), paths, report);
            }

            if (methods.Count == 0)
            {
                _report.Add(new(site.Place, $"the gRPC service {service.Name}", [], service.Name, TakesAttributes: false), paths, report);
            }
        }

        private void ReportControllers(EndpointSolver solver, Action<Diagnostic> report)
        {
            if (_controllers.IsEmpty)
            {
                return;
            }

            var mapped = _facts.Sites.Where(site => site.Kind == BuilderCall.Controllers).ToList();
            var byAttribute = Above(solver, mapped.Where(site => site.Method == "MapControllers").ToList(), otherwise: mapped.Count > 0 ? Coverage.Missing : null);
            var byConvention = Above(solver, mapped.Where(site => site.Method != "MapControllers").ToList(), otherwise: null);
            foreach (var action in _controllers.SelectMany(ControllerActions.Of))
            {
                var above = action.IsAttributeRouted ? byAttribute : byConvention;
                if (above.Count > 0)
                {
                    var place = action.Method.Locations.FirstOrDefault(location => location.IsInSource) ?? PlaceOf(action.Controller);
                    var name = $"the action {action.Controller.Name}.{action.Method.Name}";
                    _report.Add(
                        new(place, name, action.Verbs, action.Route ?? RouteReader.Join(action.Controller.Name.Replace("Controller", ""), action.Method.Name), TakesAttributes: true),
                        [.. above.Select(path => Below(path, _annotations.OfMethod(action.Method), _annotations.OfType(action.Controller), _facts.ModelsMayAnnotate))],
                        report);
                }
            }
        }

        private void ReportPages(EndpointSolver solver, Action<Diagnostic> report)
        {
            var sites = _facts.Sites.Where(site => site.Kind == BuilderCall.Pages).ToList();
            var above = Above(solver, sites, otherwise: null);
            if (above.Count == 0)
            {
                return;
            }

            // While typing the Razor compiler has not run, and only the models are known.
            var pages = RazorPage.Of(_types).ToList();
            foreach (var page in pages.Count > 0 ? pages : _models.Select(model => new RazorPage(null, model, null)))
            {
                var (saying, mayBeMore) = SaidOf(page);
                var place = page.Model is { } model ? PlaceOf(model) : sites.Select(site => site.Place).FirstOrDefault() ?? Location.None;
                var name = $"the Razor page {page.Path ?? page.Model?.Name}";
                _report.Add(
                    new(place, name, [], page.Path ?? page.Model?.Name, TakesAttributes: true, IsAlone: page.Model is not null),
                    [.. above.Select(path => Below(path, Saying.Nothing, saying, mayBeMore))],
                    report);
            }
        }

        // The model's attributes, those in the markup, and what conventions say about its path.
        private (Saying Saying, bool MayBeMore) SaidOf(RazorPage page)
        {
            var saying = page.Model is { } model ? _annotations.OfType(model) : Saying.Nothing;
            saying = page.Page is { } type ? saying.And(_annotations.OfType(type)) : saying;
            var opened = _facts.OpenPages.Select(page.IsOpenedBy).ToList();
            if (opened.Contains(true))
            {
                saying = saying.And(new([new(AnnotationKind.AllowAnonymous, [])], false));
            }

            return (saying, _facts.ModelsMayAnnotate || opened.Contains(null));
        }

        // What is said where controllers or pages are mapped. In a library nobody knows where that is.
        private List<EndpointPath> Above(EndpointSolver solver, List<EndpointSite> sites, Coverage? otherwise)
        {
            var paths = sites.SelectMany(site => solver.PathsOf(site)).ToList();
            var without = otherwise ?? (_types.IsApplication ? null : Coverage.Unknown);
            return paths.Count == 0 && without is { } coverage ? [new([], null, coverage, true)] : paths;
        }

        private static EndpointPath Below(EndpointPath above, Saying member, Saying type, bool mayBeMore)
        {
            ImmutableArray<(int, Annotation)> said =
            [
                .. member.Said.Select(annotation => (0, annotation)), .. type.Said.Select(annotation => (1, annotation)),
                .. above.Said.Select(item => (item.Distance + 2, item.Annotation)),
            ];
            var coverage = !said.IsEmpty ? Coverage.Annotated
                : (mayBeMore || member.MayBeMore || type.MayBeMore) && above.Coverage == Coverage.Missing ? Coverage.Unknown
                : above.Coverage;
            return above with { Said = said, Coverage = coverage };
        }

        private static Location PlaceOf(ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource) ?? Location.None;
    }
}

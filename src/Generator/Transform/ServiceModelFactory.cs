using System.Collections.Immutable;
using AgentAuth.AuthMd;
using AgentAuth.Generator.Model;

namespace AgentAuth.Generator.Transform;

/// <summary>Turns a document into the model: spans become lines, absent facts become the protocol's defaults.</summary>
internal static class ServiceModelFactory
{
    public static ServiceModel Create(string text)
    {
        var document = AuthMdParser.Parse(text).Document;
        var lines = new LineMap(text);
        var resource = FactOf(document.Resource, lines) ?? new Fact("", 0);
        var issuer = FactOf(document.AuthorizationServer, lines) ?? new Fact(EndpointPaths.IssuerOf(document), 0);
        var identifiers = ScopeIdentifier.All(document.Scopes.Select(scope => scope.Name.Value));
        var endpoints = EndpointPaths.Of(document);
        return new ServiceModel
        {
            Name = FactOf(document.Name, lines) ?? new Fact("", 0),
            Resource = resource,
            Issuer = issuer,
            Logo = FactOf(document.Logo, lines),
            Documentation = FactOf(document.Documentation, lines),
            Terms = FactOf(document.Terms, lines),
            Privacy = FactOf(document.Privacy, lines),
            Contact = FactOf(document.Contact, lines),
            Scopes = Array(document.Scopes.Select((scope, i) => new ScopeModel(
                scope.Name.Value, identifiers[i], scope.Description, scope.IsPreClaim, lines.LineOf(scope.Name.Span.Start)))),
            Anonymous = MethodOf(document, MethodKind.Anonymous, lines),
            VerifiedEmail = MethodOf(document, MethodKind.VerifiedEmail, lines),
            IdentityAssertion = MethodOf(document, MethodKind.IdentityAssertion, lines),
            Providers = Array(document.TrustedProviders.Select(provider => new ProviderModel(
                provider.Issuer.Value,
                provider.Name,
                provider.Keys?.Value,
                Values(provider.Algorithms),
                Values(provider.Requires),
                Values(provider.AcceptedContexts),
                (long?)provider.MaxAge?.Value.TotalSeconds,
                provider.TrustsEmail,
                Values(provider.EmailDomains),
                lines.LineOf(provider.Issuer.Span.Start)))),
            MatchesVerifiedEmail = document.AccountMatching.IsEmpty || document.AccountMatching.Any(step => step.Value == MatchingStep.VerifiedEmail),
            Provisions = document.AccountMatching.IsEmpty || document.AccountMatching.Any(step => step.Value == MatchingStep.Provision),
            Lifetimes = Array(LifetimesOf(document.Lifetimes, lines)),
            Limits = Array(document.Limits.SelectMany(limit => LimitsOf(limit, lines.LineOf(limit.Operation.Span.Start)))),
            RegisterPath = endpoints.Register,
            ClaimPath = endpoints.Claim,
            RevokePath = endpoints.Revoke,
            Published = Array(PublishedText.Create(text, document)),
        };
    }

    private static EquatableArray<T> Array<T>(IEnumerable<T> items)
        where T : IEquatable<T> => new(items.ToImmutableArray());

    private static EquatableArray<string> Values(ImmutableArray<Located<string>> facts) => Array(facts.Select(fact => fact.Value));

    private static Fact? FactOf(Located<string>? value, LineMap lines) => value is null ? null : new Fact(value.Value, lines.LineOf(value.Span.Start));

    private static MethodModel? MethodOf(AuthDocument document, MethodKind kind, LineMap lines)
    {
        var method = document.Methods.FirstOrDefault(m => m.Kind == kind);
        if (method is null)
        {
            return null;
        }

        // A method without a credential type is an error that the analyzer reports; what compiles in the meantime grants the least.
        var credentials = method.Credentials.Select(c => c.Value)
            .Where(c => kind != MethodKind.Anonymous || c == CredentialKind.ApiKey)
            .DefaultIfEmpty(kind == MethodKind.Anonymous ? CredentialKind.ApiKey : CredentialKind.AccessToken);
        return new MethodModel(Array(credentials.Select(c => c.ToString())), method.RotateOnClaim, method.MailsCode, lines.LineOf(method.NameSpan.Start));
    }

    private static IEnumerable<LifetimeModel> LifetimesOf(LifetimeDeclarations lifetimes, LineMap lines)
    {
        (string Property, Located<TimeSpan>? Value)[] all =
        [
            ("AccessToken", lifetimes.AccessToken),
            ("ApiKey", lifetimes.ApiKey),
            ("UnclaimedRegistration", lifetimes.UnclaimedRegistration),
            ("OneTimeCode", lifetimes.OneTimeCode),
            ("ClaimLink", lifetimes.ClaimLink),
        ];
        foreach (var (property, value) in all)
        {
            if (value is not null)
            {
                yield return new LifetimeModel(
                    property, value.Value == Timeout.InfiniteTimeSpan ? null : (long)value.Value.TotalSeconds, lines.LineOf(value.Span.Start));
            }
        }
    }

    private static IEnumerable<LimitModel> LimitsOf(LimitDeclaration limit, int line)
    {
        var (perAddress, total) = limit.Operation.Value switch
        {
            "anonymous" => ("AnonymousPerAddress", "AnonymousTotal"),
            "verified_email" => ("VerifiedEmailPerAddress", "VerifiedEmailTotal"),
            "identity_assertion" => ("IdentityAssertionPerAddress", "IdentityAssertionPerProvider"),
            "claim" => ("ClaimMailPerAddress", "ClaimMailTotal"),
            _ => ("CompletePerAddress", (string?)null),
        };
        if (limit.PerAddress is { } one)
        {
            yield return new LimitModel(perAddress, one.Permits, (long)one.Window.TotalSeconds, line);
        }

        if (limit.Total is { } all && total is not null)
        {
            yield return new LimitModel(total, all.Permits, (long)all.Window.TotalSeconds, line);
        }
    }
}

using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd.Published;

/// <summary>What the published steps need to know of a service: the document's facts with the protocol's defaults.</summary>
internal sealed class PublishedService
{
    private readonly AuthDocument _document;

    public PublishedService(AuthDocument document)
    {
        _document = document;
        Endpoints = EndpointPaths.Of(document);
        Anonymous = Find(MethodKind.Anonymous);
        Email = Find(MethodKind.VerifiedEmail);
        Assertion = Find(MethodKind.IdentityAssertion);
        var matching = document.AccountMatching;
        MatchesEmail = matching.IsEmpty || matching.Any(step => step.Value == MatchingStep.VerifiedEmail);
    }

    public ResolvedEndpoints Endpoints { get; }

    public IReadOnlyList<ScopeDeclaration> Scopes => _document.Scopes;

    public MethodDeclaration? Anonymous { get; }

    public MethodDeclaration? Email { get; }

    public MethodDeclaration? Assertion { get; }

    /// <summary>True when an assertion with the address of an account may be answered by asking its owner.</summary>
    public bool AsksOwner => Assertion is not null && MatchesEmail;

    public bool HasClaims => Anonymous is not null || Email is not null || AsksOwner;

    private bool MatchesEmail { get; }

    /// <summary>Lifetimes in words; null for what has none, and for what the author does not publish.</summary>
    public string? AccessTokenLifetime => LifetimeOf(_document.Lifetimes.AccessToken, "1 hour");

    public string? ApiKeyLifetime => LifetimeOf(_document.Lifetimes.ApiKey, null);

    public string? UnclaimedLifetime => LifetimeOf(_document.Lifetimes.UnclaimedRegistration, "24 hours");

    public string? CodeLifetime => LifetimeOf(_document.Lifetimes.OneTimeCode, "10 minutes");

    public string? LinkLifetime => LifetimeOf(_document.Lifetimes.ClaimLink, "10 minutes");

    public bool DoApiKeysExpire => _document.Lifetimes.ApiKey is { } life && life.Value != Timeout.InfiniteTimeSpan;

    /// <summary>The credential types that a method issues, the one that is given unasked first.</summary>
    public static IReadOnlyList<string> CredentialTypes(MethodDeclaration method)
    {
        var types = method.Credentials.Select(credential => credential.Value == CredentialKind.ApiKey ? "api_key" : "access_token").ToList();
        return types.Count > 0 ? types : [method.Kind == MethodKind.Anonymous ? "api_key" : "access_token"];
    }

    /// <summary>The errors that an agent can meet, by this service's methods.</summary>
    public IEnumerable<ProtocolError> Errors()
    {
        var places = ErrorPlaces.Register | ErrorPlaces.Use
            | (Assertion is null ? ErrorPlaces.None : ErrorPlaces.Assertion)
            | (HasClaims ? ErrorPlaces.Claim | ErrorPlaces.Complete : ErrorPlaces.None);
        return ProtocolErrors.All.Where(error =>
            ((error.Places & places) != ErrorPlaces.None
                && (error != ProtocolErrors.InteractionRequired || AsksOwner))
            || (error == ProtocolErrors.AnonymousNotEnabled && Anonymous is null)
            || (error == ProtocolErrors.VerifiedEmailNotEnabled && Email is null)
            || (error == ProtocolErrors.IdentityAssertionNotEnabled && Assertion is null));
    }

    private string? LifetimeOf(Located<TimeSpan>? lifetime, string? byDefault)
    {
        if (lifetime is null)
        {
            return byDefault;
        }

        var isPrivate = _document.PrivateParts.Any(part => part.Start <= lifetime.Span.Start && lifetime.Span.End <= part.End);
        return isPrivate || lifetime.Value == Timeout.InfiniteTimeSpan ? null : Durations.InWords(lifetime.Value);
    }

    private MethodDeclaration? Find(MethodKind kind) => _document.Methods.FirstOrDefault(method => method.Kind == kind);
}

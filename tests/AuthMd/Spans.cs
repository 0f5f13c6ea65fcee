namespace AgentAuth.AuthMd;

/// <summary>Checks every span of a result.</summary>
internal static class Spans
{
    public static void AssertInside(string text, AuthMdParseResult result, string what)
    {
        foreach (var span in Of(result))
        {
            Assert.True(span.Start >= 0 && span.Length >= 0 && span.End <= text.Length, $"{what}: {span} of {text.Length}");
        }

        // Values that are never unescaped are what their span says.
        var document = result.Document;
        foreach (var fact in new[] { document.Resource, document.AuthorizationServer, document.Endpoints.Register, document.Endpoints.Claim, document.Endpoints.Revoke }.OfType<Located<string>>())
        {
            Assert.Equal(fact.Value, text.Substring(fact.Span.Start, fact.Span.Length));
        }
    }

    private static IEnumerable<SourceSpan> Of(AuthMdParseResult result)
    {
        var document = result.Document;
        var facts = new[]
        {
            document.Name, document.Resource, document.AuthorizationServer, document.Logo, document.Documentation, document.Terms, document.Privacy, document.Contact,
            document.Endpoints.Register, document.Endpoints.Claim, document.Endpoints.Revoke,
        };
        return result.Problems.Select(problem => problem.Span)
            .Concat(facts.OfType<Located<string>>().Select(fact => fact.Span))
            .Concat(document.Scopes.Select(scope => scope.Name.Span))
            .Concat(document.Methods.Select(method => method.NameSpan))
            .Concat(document.Methods.SelectMany(method => method.Credentials).Select(credential => credential.Span))
            .Concat(document.TrustedProviders
                .SelectMany(provider => provider.Requires.Append(provider.Issuer).Concat(provider.Algorithms).Concat(provider.AcceptedContexts).Concat(provider.EmailDomains))
                .Select(fact => fact.Span))
            .Concat(document.TrustedProviders.Select(provider => provider.MaxAge).OfType<Located<TimeSpan>>().Select(age => age.Span))
            .Concat(document.AccountMatching.Select(step => step.Span))
            .Concat(document.Limits.Select(limit => limit.Operation.Span))
            .Concat(document.PrivateParts);
    }
}

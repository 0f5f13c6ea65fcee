using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>What the methods need of the rest: scopes before the claim, scopes after it, and providers to trust.</summary>
internal static class MethodChecks
{
    public static void Check(Reading reading, AuthDocument document)
    {
        if (Find(document, MethodKind.Anonymous) is { } anonymous && !document.Scopes.IsEmpty)
        {
            CheckClaim(reading.Problems, document, anonymous);
        }

        var assertion = Find(document, MethodKind.IdentityAssertion);
        if (assertion is not null && document.TrustedProviders.IsEmpty && reading.Of(SectionKind.TrustedProviders).Count == 0)
        {
            reading.Problems.Report(
                AuthMdRules.NoTrustedProvider,
                assertion.NameSpan,
                "No provider is trusted, so every assertion would be refused with invalid_issuer. Add a section \"## Trusted providers\" with a table whose first column is Issuer, or name them in each deployment's configuration.");
        }

        if (assertion is null && !document.Methods.IsEmpty && document.TrustedProviders.FirstOrDefault() is { } provider)
        {
            reading.Problems.Report(
                AuthMdRules.UnusedProvider,
                provider.Issuer.Span,
                $"\"{Problems.Shorten(provider.Issuer.Value)}\" is trusted, but the method that uses providers is off, so its assertions would be refused. Add \"### identity_assertion + id-jag\" to Methods, or remove the table.");
        }
    }

    private static void CheckClaim(Problems problems, AuthDocument document, MethodDeclaration anonymous)
    {
        var preClaim = document.Scopes.Count(scope => scope.IsPreClaim);
        if (preClaim == 0)
        {
            problems.Report(
                AuthMdRules.NoPreClaimScope,
                anonymous.NameSpan,
                "No scope is granted before the claim, so the key of an anonymous registration would open nothing. Mark a scope as pre-claim in the column \"Granted\", or turn anonymous off.");
        }
        else if (preClaim == document.Scopes.Length)
        {
            problems.Report(
                AuthMdRules.NothingToClaim,
                anonymous.NameSpan,
                "Every scope is granted before the claim, so nobody would gain anything by claiming. Mark what needs a person behind it as post-claim.");
        }
    }

    private static MethodDeclaration? Find(AuthDocument document, MethodKind kind) => document.Methods.FirstOrDefault(method => method.Kind == kind);
}

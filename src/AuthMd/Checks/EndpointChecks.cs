using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>Endpoints against the methods that need them, and against each other.</summary>
internal static class EndpointChecks
{
    public static void Check(Reading reading, AuthDocument document)
    {
        var endpoints = document.Endpoints;
        if (!document.Methods.IsEmpty)
        {
            var isAssertionOn = document.Methods.Any(method => method.Kind == MethodKind.IdentityAssertion);
            var asksOwner = document.AccountMatching.IsEmpty || document.AccountMatching.Any(step => step.Value == MatchingStep.VerifiedEmail);
            if (endpoints.Claim is { } claim && document.Methods.All(method => method.Kind == MethodKind.IdentityAssertion) && !asksOwner)
            {
                ReportOff(reading.Problems, claim, "Claim", "no method has anything to claim", "anonymous or verified_email");
            }

            if (endpoints.Revoke is { } revoke && !isAssertionOn)
            {
                ReportOff(reading.Problems, revoke, "Revoke", "only providers call it and ID-JAG is off", "identity_assertion + id-jag");
            }
        }

        CheckSame(reading.Problems, "Claim", endpoints.Claim, "Register", endpoints.Register);
        CheckSame(reading.Problems, "Revoke", endpoints.Revoke, "Register", endpoints.Register);
        CheckSame(reading.Problems, "Revoke", endpoints.Revoke, "Claim", endpoints.Claim);
    }

    private static void ReportOff(Problems problems, Located<string> endpoint, string name, string why, string method) =>
        problems.Report(
            AuthMdRules.UnusableEndpoint,
            endpoint.Span,
            $"{name} \"{Problems.Shorten(endpoint.Value)}\" would not exist: {why}. Remove it, or declare {method}.");

    private static void CheckSame(Problems problems, string name, Located<string>? endpoint, string otherName, Located<string>? other)
    {
        if (endpoint is not null && endpoint.Value == other?.Value)
        {
            problems.Report(
                AuthMdRules.UnusableEndpoint,
                endpoint.Span,
                $"{name} and {otherName} are both \"{Problems.Shorten(endpoint.Value)}\". Give each its own path.");
        }
    }
}

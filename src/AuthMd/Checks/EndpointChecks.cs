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

            if (endpoints.Revoke is { } tokens && !isAssertionOn && tokens.Value.IndexOf("/oauth", StringComparison.OrdinalIgnoreCase) >= 0)
            {
                ReportNotServed(reading.Problems, tokens, "revocation of tokens (RFC 7009)");
            }
            else if (endpoints.Revoke is { } revoke && !isAssertionOn)
            {
                ReportOff(reading.Problems, revoke, "Revoke", "only providers call it and ID-JAG is off", "identity_assertion + id-jag");
            }
        }

        foreach (var (endpoint, what) in new[] { (endpoints.Token, "a token endpoint"), (endpoints.Authorize, "an authorization endpoint"), (endpoints.Events, "an endpoint for security events") })
        {
            if (endpoint is not null)
            {
                ReportNotServed(reading.Problems, endpoint, what);
            }
        }

        if (document.AuthorizationCode is { } code)
        {
            reading.Problems.Report(AuthMdRules.NotServed, code.Span, "authorization_code is read and not served: this service has no authorization endpoint. Agents register with the other methods.");
        }

        CheckSame(reading.Problems, "Claim", endpoints.Claim, "Register", endpoints.Register);
        CheckSame(reading.Problems, "Revoke", endpoints.Revoke, "Register", endpoints.Register);
        CheckSame(reading.Problems, "Revoke", endpoints.Revoke, "Claim", endpoints.Claim);
    }

    private static void ReportNotServed(Problems problems, Located<string> endpoint, string what) =>
        problems.Report(AuthMdRules.NotServed, endpoint.Span, $"\"{Problems.Shorten(endpoint.Value)}\" is read as {what}. This service has none, so nothing answers there unless the app does.");

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

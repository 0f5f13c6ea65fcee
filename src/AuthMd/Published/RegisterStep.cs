using AgentAuth.Protocol.OAuth;

namespace AgentAuth.AuthMd.Published;

/// <summary>The request of each method, and the answer's shape.</summary>
internal static class RegisterStep
{
    private const string Json = "application/json";
    private const string Instant = "\"2026-01-31T12:00:00.000Z\"";

    public static void Write(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("## Register");
        writer.Paragraph("One endpoint takes every registration. The answer is 200 with JSON; keep all of it, and show its secrets to nobody.");
        if (service.Assertion is { } assertion)
        {
            WriteAssertion(writer, service, assertion);
        }

        if (service.Email is { } email)
        {
            WriteEmail(writer, service, email);
        }

        if (service.Anonymous is not null)
        {
            WriteAnonymous(writer, service);
        }
    }

    /// <summary>The members that carry a credential.</summary>
    public static IEnumerable<object[]> Credential(PublishedService service, string type, bool preClaim = false) =>
    [
        [$"  \"credential_type\": \"{type}\","],
        [$"  \"credential\": \"{(type == "api_key" ? "agk_…" : "agt_…")}\","],
        [$"  \"credential_expires\": {(type == "api_key" && !service.DoApiKeysExpire ? "null" : Instant)},"],
        [$"  \"scopes\": {List(service.Scopes.Where(scope => !preClaim || scope.IsPreClaim))}"],
    ];

    private static void WriteAssertion(StepsWriter writer, PublishedService service, MethodDeclaration method)
    {
        var types = PublishedService.CredentialTypes(method);
        writer.Paragraph("### With an ID-JAG");
        writer.Line("Ask your provider for an ID-JAG for this service: a JWT that it signs with ES256, ES384, RS256 or PS256, with the header `typ` `oauth-id-jag+jwt` and a `kid`, and the claims");
        writer.Line();
        writer.Line("- `iss`, `sub`: the provider, and its user;");
        writer.Line("- `aud`: `", PublishedSlot.Issuer, "`;");
        writer.Line("- `client_id`: the provider's issuer, or the https URL of your client ID metadata document;");
        writer.Line("- `jti`: new each time; `iat` now, `exp` at most 15 minutes later;");
        writer.Line("- `email` with `email_verified` true, or `phone_number` with `phone_number_verified` true.");
        writer.Line();
        writer.Post(
            service.Endpoints.Register,
            Json,
            "{",
            "  \"type\": \"identity_assertion\",",
            $"  \"assertion_type\": \"{OAuthNames.IdJag}\",",
            "  \"assertion\": \"<ID-JAG>\",",
            $"  \"requested_credential_type\": \"{types[0]}\"",
            "}");
        writer.Answer([["{"], ["  \"registration_id\": \"reg_…\","], ["  \"registration_type\": \"agent-provider\","], .. Credential(service, types[0]), ["}"]]);
        Choice(writer, types);
        writer.Paragraph("An ID-JAG is good once, and there is no refresh token: when the credential ends, register again with a new one.");
        if (types.Contains("access_token"))
        {
            writer.Paragraph(
                $"An OAuth client takes the same ID-JAG to the `token_endpoint` of the authorization-server metadata (RFC 7523 §2.1): a form with `grant_type` `{OAuthNames.JwtBearerGrant}` and `assertion`. "
                + "A client that the service's operator has registered authenticates there with its secret or its key. The `revocation_endpoint` ends a token (RFC 7009).");
        }

        if (service.AsksOwner)
        {
            writer.Paragraph("If the answer is 401 with `interaction_required`, an account with that address exists and its owner has been mailed. The answer carries `claim_token`: go on with \"Complete the claim\".");
        }
    }

    private static void WriteEmail(StepsWriter writer, PublishedService service, MethodDeclaration method)
    {
        var types = PublishedService.CredentialTypes(method);
        writer.Paragraph("### With your user's email address");
        writer.Post(
            service.Endpoints.Register,
            Json,
            "{",
            "  \"type\": \"identity_assertion\",",
            "  \"assertion_type\": \"verified_email\",",
            "  \"assertion\": \"<email of the user>\",",
            $"  \"requested_credential_type\": \"{types[0]}\"",
            "}");
        writer.Answer([["{"], ["  \"registration_id\": \"reg_…\","], ["  \"registration_type\": \"email-verification\","], .. Claimable(service), ["}"]]);
        Choice(writer, types);
        writer.Paragraph("There is no credential yet. A mail is on its way to the address: go on with \"Complete the claim\".");
    }

    private static void WriteAnonymous(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("### Anonymously");
        writer.Post(service.Endpoints.Register, Json, "{", "  \"type\": \"anonymous\",", "  \"requested_credential_type\": \"api_key\"", "}");
        writer.Answer(
        [
            ["{"],
            ["  \"registration_id\": \"reg_…\","],
            ["  \"registration_type\": \"anonymous\","],
            .. Credential(service, "api_key", preClaim: true).SkipLast(),
            [$"  \"scopes\": {List(service.Scopes.Where(scope => scope.IsPreClaim))},"],
            .. Claimable(service),
            ["}"],
        ]);
        writer.Paragraph($"The key works at once. Unclaimed, it ends with the registration{StepsWriter.After(service.UnclaimedLifetime)}. When your user wants more, go on with \"Start a claim\".");
    }

    private static IEnumerable<object[]> Claimable(PublishedService service) =>
    [
        ["  \"claim_url\": \"", PublishedSlot.IssuerBase, service.Endpoints.Claim, "\","],
        ["  \"claim_token\": \"clm_…\","],
        [$"  \"claim_token_expires\": {Instant},"],
        [$"  \"post_claim_scopes\": {List(service.Scopes)}"],
    ];

    private static void Choice(StepsWriter writer, IReadOnlyList<string> types)
    {
        if (types.Count > 1)
        {
            writer.Paragraph($"`requested_credential_type` is {string.Join(" or ", types.Select(type => $"`{type}`"))}; without it you get `{types[0]}`.");
        }
    }

    private static string List(IEnumerable<ScopeDeclaration> scopes) => "[" + string.Join(", ", scopes.Select(scope => $"\"{scope.Name.Value}\"")) + "]";

    private static IEnumerable<object[]> SkipLast(this IEnumerable<object[]> lines)
    {
        var all = lines.ToList();
        return all.Take(all.Count - 1);
    }
}

using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd.Published;

/// <summary>How access ends.</summary>
internal static class RevocationStep
{
    public static void Write(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("## Revocation");
        writer.Paragraph("Access ends at once, and the next request gets 401 with `invalid_token`, when");
        WriteTimes(writer, service);
        if (service.HasClaims)
        {
            writer.Line("- the person answers the mail with \"this wasn't me\";");
        }

        if (service.Assertion is not null)
        {
            writer.Line("- your provider revokes its user's assertions;");
        }

        writer.Line("- the service revokes it.");
        writer.Line();
        if (service.Assertion is not null)
        {
            writer.Paragraph(
                $"A provider revokes with a logout token: a JWT with `typ` `logout+jwt`, `iss`, `sub`, `aud`, a new `jti`, `iat` at most 5 minutes old, no `nonce`, and `events` with the key `{V01Names.RevokedEvent}`. Every credential issued for that `iss` and `sub` is dead before the answer.");
            writer.Post(service.Endpoints.Revoke, "application/logout+jwt", "<logout token>");
            writer.Answer(["{ \"revoked\": 1 }"]);
        }
    }

    private static void WriteTimes(StepsWriter writer, PublishedService service)
    {
        var methods = new[] { service.Assertion, service.Email, service.Anonymous }.OfType<MethodDeclaration>().SelectMany(PublishedService.CredentialTypes).ToList();
        if (methods.Contains("access_token"))
        {
            writer.Line($"- an access token expires{StepsWriter.After(service.AccessTokenLifetime)};");
        }

        if (methods.Contains("api_key") && service.DoApiKeysExpire)
        {
            writer.Line($"- an API key expires{StepsWriter.After(service.ApiKeyLifetime)};");
        }

        if (service.Anonymous is not null)
        {
            writer.Line($"- an anonymous registration that nobody claimed ends{StepsWriter.After(service.UnclaimedLifetime)};");
        }
    }
}

using AgentAuth.Protocol.V01;

namespace AgentAuth.AuthMd.Published;

/// <summary>How a person takes a registration over, or confirms it.</summary>
internal static class ClaimStep
{
    private const string Json = "application/json";

    public static void Write(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("## Claim");
        writer.Paragraph("A claim binds a registration to a person. You need the `claim_token` of your registration, and the person needs their mail.");
        WriteStart(writer, service);
        WriteComplete(writer, service);
    }

    private static void WriteStart(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("### Start a claim");
        writer.Paragraph((service.Anonymous, service.Email) switch
        {
            (not null, null) => "Name the person's address; they get a mail.",
            (not null, not null) => "For an anonymous registration, name the person's address; they get a mail. A registration by email is started already: start it again, with its own address, when the mail has lapsed.",
            _ => "The claim is started already. Start it again, with its own address, when the mail has lapsed.",
        });
        writer.Post(service.Endpoints.Claim, Json, "{", "  \"claim_token\": \"<claim_token>\",", "  \"email\": \"<email of the user>\"", "}");
        writer.Answer(
            ["{"],
            ["  \"registration_id\": \"reg_…\","],
            ["  \"claim_attempt_id\": \"cla_…\","],
            ["  \"status\": \"initiated\","],
            ["  \"expires_at\": \"2026-01-31T12:00:00.000Z\""],
            ["}"]);
    }

    private static string MailSentence(PublishedService service)
    {
        // An assertion's confirmation always goes by the link.
        var mailsCode = new[] { service.Anonymous, service.Email }.OfType<MethodDeclaration>().Select(method => method.MailsCode).Concat(service.AsksOwner ? [false] : []).ToList();
        return mailsCode.All(does => does) ? "The mail holds a code of eight digits."
            : mailsCode.Any(does => does) ? "The mail leads the person to a page that shows a code of six digits, or holds one of eight."
            : "The mail leads the person to a page that shows a code of six digits.";
    }

    private static void WriteComplete(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("### Complete the claim");
        writer.Paragraph(
            $"{MailSentence(service)} The mail lapses{StepsWriter.After(service.LinkLifetime)}, the code{StepsWriter.After(service.CodeLifetime)}. Ask the person for the code, and for nothing else.");
        writer.Post(service.Endpoints.Claim + V01Paths.Complete, Json, "{", "  \"claim_token\": \"<claim_token>\",", "  \"otp\": \"<code>\"", "}");
        if (service.Anonymous is { RotateOnClaim: false })
        {
            writer.Paragraph("For an anonymous registration the key that you have gains the other scopes:");
            writer.Answer(["{"], ["  \"registration_id\": \"reg_…\","], ["  \"status\": \"claimed\""], ["}"]);
        }

        // With rotation an anonymous registration gets a new key; the other methods get their first credential.
        var others = new[] { service.Anonymous is { RotateOnClaim: true } ? service.Anonymous : null, service.Email, service.AsksOwner ? service.Assertion : null };
        if (others.FirstOrDefault(method => method is not null) is { } first)
        {
            writer.Paragraph(
                (service.Anonymous, others.Count(method => method is not null)) switch
                {
                    ({ RotateOnClaim: false }, _) => "For every other registration the answer carries the credential:",
                    ({ RotateOnClaim: true }, _) => "The answer carries the credential. The key of an anonymous registration is replaced by it, and dies:",
                    _ => "The answer carries the credential:",
                });
            writer.Answer(
            [
                ["{"],
                ["  \"registration_id\": \"reg_…\","],
                ["  \"status\": \"claimed\","],
                .. RegisterStep.Credential(service, PublishedService.CredentialTypes(first)[0]),
                ["}"],
            ]);
        }
    }
}

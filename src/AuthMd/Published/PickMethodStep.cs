namespace AgentAuth.AuthMd.Published;

/// <summary>Which method is for whom: the first that fits is the best.</summary>
internal static class PickMethodStep
{
    public static void Write(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("## Pick a method");
        writer.Paragraph("Take the first that fits:");
        var number = 0;
        if (service.Assertion is not null)
        {
            writer.Line(
                Next(),
                "**You have a user whose agent provider is trusted here, and it signs ID-JAGs**: `identity_assertion` with an ID-JAG. You get a credential at once, with every scope.");
        }

        if (service.Email is not null)
        {
            writer.Line(
                Next(),
                "**You know your user's email address**: `identity_assertion` with `verified_email`. You get a credential with every scope once your user has confirmed.");
        }

        if (service.Anonymous is not null)
        {
            writer.Line(
                Next(),
                "**You have neither**: `anonymous`. You get a key at once, ",
                service.Scopes.Any(scope => scope.IsPreClaim) ? $"with {Scopes(service)}; the other scopes come when a person claims the registration." : "whose scopes come when a person claims the registration.");
        }

        writer.Line();

        string Next() => $"{++number}. ";
    }

    private static string Scopes(PublishedService service) =>
        string.Join(", ", service.Scopes.Where(scope => scope.IsPreClaim).Select(scope => StepsWriter.Code(scope.Name.Value)));
}

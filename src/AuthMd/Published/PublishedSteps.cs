namespace AgentAuth.AuthMd.Published;

/// <summary>The sections that walk an agent from a 401 to a revocation, for exactly this service; those that the author wrote are left out.</summary>
internal static class PublishedSteps
{
    /// <summary>The generated sections; empty when the author wants none, has written all, or nothing can be registered yet.</summary>
    /// <param name="document">The document.</param>
    /// <param name="newLine">How the author ends lines.</param>
    public static IReadOnlyList<PublishedPart> Write(AuthDocument document, string newLine)
    {
        if (document.NoStepsMarker is not null || document.Resource is null || document.Methods.IsEmpty)
        {
            return [];
        }

        var writer = new StepsWriter(newLine);
        var service = new PublishedService(document);
        foreach (var step in ((StepKind[])Enum.GetValues(typeof(StepKind))).Except(document.WrittenSteps))
        {
            WriteStep(writer, service, step);
        }

        return writer.Finish();
    }

    private static void WriteStep(StepsWriter writer, PublishedService service, StepKind step)
    {
        switch (step)
        {
            case StepKind.Discover:
                DiscoverStep.Write(writer);
                break;
            case StepKind.PickMethod:
                PickMethodStep.Write(writer, service);
                break;
            case StepKind.Register:
                RegisterStep.Write(writer, service);
                break;
            case StepKind.Claim when service.HasClaims:
                ClaimStep.Write(writer, service);
                break;
            case StepKind.Use:
                UseStep.Write(writer, service);
                break;
            case StepKind.Errors:
                ErrorsStep.Write(writer, service);
                break;
            case StepKind.Revocation:
                RevocationStep.Write(writer, service);
                break;
        }
    }
}

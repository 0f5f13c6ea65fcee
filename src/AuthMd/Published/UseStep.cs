namespace AgentAuth.AuthMd.Published;

/// <summary>How a credential is presented, and what each scope opens.</summary>
internal static class UseStep
{
    public static void Write(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("## Use the credential");
        writer.Paragraph("Send it with every request to ", PublishedSlot.Resource, ", in this header and nowhere else:");
        writer.Line("```http");
        writer.Line("Authorization: Bearer <credential>");
        writer.Line("```");
        writer.Line();
        WriteScopes(writer, service);
        writer.Paragraph("A 401 with `error=\"invalid_token\"` means that the credential has ended: register again. A 403 with `error=\"insufficient_scope\"` names the scopes that the endpoint needs.");
    }

    private static void WriteScopes(StepsWriter writer, PublishedService service)
    {
        if (service.Scopes.Count == 0)
        {
            return;
        }

        var isAnonymous = service.Anonymous is not null;
        writer.Line(isAnonymous ? "| Scope | Allows | Anonymous agents hold it |" : "| Scope | Allows |");
        writer.Line(isAnonymous ? "| --- | --- | --- |" : "| --- | --- |");
        foreach (var scope in service.Scopes)
        {
            var held = isAnonymous ? $" {(scope.IsPreClaim ? "at once" : "after the claim")} |" : "";
            writer.Line($"| {StepsWriter.Code(scope.Name.Value)} | {StepsWriter.Escape(scope.Description)} |{held}");
        }

        writer.Line();
    }
}

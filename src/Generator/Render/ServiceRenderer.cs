using AgentAuth.AuthMd;
using AgentAuth.Generator.Model;

namespace AgentAuth.Generator.Render;

/// <summary>Renders <c>AgentAuthService</c>: the manifest and the three documents.</summary>
internal static class ServiceRenderer
{
    private const string Types = "global::AgentAuth.Manifest.";

    public static string Render(ServiceModel model, string rootNamespace)
    {
        var code = new CSharpWriter();
        code.Line($"namespace {rootNamespace};");
        code.Line();
        code.Summary("What auth.md says, compiled.");
        code.Line(CSharpWriter.GeneratedCode);
        code.Open("public static partial class AgentAuthService");
        RenderManifest(code, model);
        code.Line();
        MetadataRenderer.RenderProtectedResource(code, model);
        code.Line();
        MetadataRenderer.RenderAuthorizationServer(code, model);
        code.Line();
        RenderPublished(code, model);
        code.Close();
        return code.ToString();
    }

    private static void RenderManifest(CSharpWriter code, ServiceModel model)
    {
        code.Summary("The manifest that the runtime acts on.");
        code.Open($"public static {Types}AgentAuthManifest Manifest {{ get; }} = new()");
        Fact("ServiceName", model.Name);
        Fact("Resource", model.Resource);
        Fact("Issuer", model.Issuer);
        Fact("Contact", model.Contact);
        Fact("LogoUri", model.Logo);
        code.Line("Scopes =");
        code.Line("[");
        foreach (var scope in model.Scopes)
        {
            code.Line($"    new {Types}ManifestScope(AgentScopes.{scope.Identifier}, {CSharpWriter.Literal(scope.Description)}, {Flag(scope.IsPreClaim)}),{CSharpWriter.From(scope.Line)}");
        }

        code.Line("],");
        if (model.Anonymous is { } anonymous)
        {
            code.Line($"Anonymous = new {Types}AnonymousMethod {{ RotateOnClaim = {Flag(anonymous.RotateOnClaim)}, MailsCode = {Flag(anonymous.MailsCode)} }},{CSharpWriter.From(anonymous.Line)}");
        }

        if (model.VerifiedEmail is { } email)
        {
            code.Line($"VerifiedEmail = new {Types}VerifiedEmailMethod {{ Credentials = [{Credentials(email)}], MailsCode = {Flag(email.MailsCode)} }},{CSharpWriter.From(email.Line)}");
        }

        if (model.IdentityAssertion is { } assertion)
        {
            code.Line($"IdentityAssertion = new {Types}IdentityAssertionMethod {{ Credentials = [{Credentials(assertion)}] }},{CSharpWriter.From(assertion.Line)}");
            RenderProviders(code, model);
        }

        code.Line($"AccountMatching = new {Types}AccountMatchingPolicy {{ MatchesVerifiedEmail = {Flag(model.MatchesVerifiedEmail)}, Provisions = {Flag(model.Provisions)} }},");
        RenderLifetimes(code, model);
        RenderLimits(code, model);
        code.Line($"Endpoints = new {Types}ManifestEndpoints {{ Register = {CSharpWriter.Literal(model.RegisterPath)}, Claim = {CSharpWriter.Literal(model.ClaimPath)}, Revoke = {CSharpWriter.Literal(model.RevokePath)} }},");
        code.Line("ProtectedResourceMetadata = WriteProtectedResourceMetadata,");
        code.Line("AuthorizationServerMetadata = WriteAuthorizationServerMetadata,");
        code.Line("PublishedDocument = WritePublishedDocument,");
        code.Close(";");

        void Fact(string property, Fact? fact)
        {
            if (fact is not null)
            {
                code.Line($"{property} = {CSharpWriter.Literal(fact.Value)},{CSharpWriter.From(fact.Line)}");
            }
        }
    }

    private static void RenderProviders(CSharpWriter code, ServiceModel model)
    {
        code.Line("TrustedProviders =");
        code.Line("[");
        foreach (var provider in model.Providers)
        {
            var name = provider.Name is null ? "" : $", Name = {CSharpWriter.Literal(provider.Name)}";
            var keys = provider.Keys is null ? "" : $", KeysUri = {CSharpWriter.Literal(provider.Keys)}";
            var age = provider.MaxAgeSeconds is { } seconds ? $", MaxAuthenticationAge = {Seconds(seconds)}" : "";
            var narrowed = List("Algorithms", provider.Algorithms) + List("RequiredAuthenticationMethods", provider.Requires)
                + List("AcceptedAuthenticationContexts", provider.AcceptedContexts) + age;
            code.Line($"    new {Types}ManifestProvider {{ Issuer = {CSharpWriter.Literal(provider.Issuer)}{name}{keys}{narrowed}, TrustsEmail = {Flag(provider.TrustsEmail)}{List("EmailDomains", provider.EmailDomains)} }},{CSharpWriter.From(provider.Line)}");
        }

        code.Line("],");
    }

    private static string List(string property, EquatableArray<string> values) =>
        values.Count == 0 ? "" : $", {property} = [{string.Join(", ", values.Select(CSharpWriter.Literal))}]";

    private static void RenderLifetimes(CSharpWriter code, ServiceModel model)
    {
        code.Open($"Lifetimes = new {Types}ManifestLifetimes");
        foreach (var lifetime in model.Lifetimes)
        {
            var value = lifetime.Seconds is { } seconds ? Seconds(seconds) : "null";
            code.Line($"{lifetime.Property} = {value},{CSharpWriter.From(lifetime.Line)}");
        }

        code.Close(",");
    }

    private static void RenderLimits(CSharpWriter code, ServiceModel model)
    {
        code.Open($"Limits = new {Types}ManifestLimits");
        foreach (var limit in model.Limits)
        {
            code.Line($"{limit.Property} = new {Types}RateLimit({Number(limit.Permits)}, {Seconds(limit.WindowSeconds)}),{CSharpWriter.From(limit.Line)}");
        }

        code.Close(",");
    }

    // A call a line, so that the code reads like the document.
    private static void RenderPublished(CSharpWriter code, ServiceModel model)
    {
        code.Open($"private static void WritePublishedDocument({Types}DocumentWriter writer)");
        foreach (var part in model.Published)
        {
            if (part.Slot != PublishedSlot.None)
            {
                code.Line($"writer.Write({Types}DocumentSlot.{part.Slot});");
                continue;
            }

            for (var start = 0; start < part.Text.Length;)
            {
                var end = part.Text.IndexOf('\n', start) is var newLine && newLine >= 0 ? newLine + 1 : part.Text.Length;
                code.Line($"writer.Write({CSharpWriter.Literal(part.Text.Substring(start, end - start))}u8);");
                start = end;
            }
        }

        code.Close();
    }

    private static string Credentials(MethodModel method) => string.Join(", ", method.Credentials.Select(type => $"{Types}CredentialType.{type}"));

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Seconds(long value) => $"global::System.TimeSpan.FromSeconds({Number(value)})";
}

using AgentAuth.Generator.Model;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Generator.Render;

/// <summary>Renders the two metadata documents. Only what auth.md enables is advertised.</summary>
internal static class MetadataRenderer
{
    private const string Writer = "global::AgentAuth.Manifest.DocumentWriter writer";

    /// <summary>RFC 9728 §2.</summary>
    public static void RenderProtectedResource(CSharpWriter code, ServiceModel model)
    {
        code.Open($"private static void WriteProtectedResourceMetadata({Writer})");
        var json = new JsonTemplate(code);
        json.Begin();
        json.Slot("resource", "Resource");
        json.String("resource_name", model.Name.Value);
        json.OptionalString("resource_logo_uri", model.Logo);
        json.OptionalString("resource_documentation", model.Documentation);
        json.OptionalString("resource_policy_uri", model.Privacy);
        json.OptionalString("resource_tos_uri", model.Terms);
        json.SlotArray("authorization_servers", "Issuer");
        Scopes(json, model);
        json.Strings("bearer_methods_supported", ["header"]);
        json.End();
        code.Close();
    }

    /// <summary>RFC 8414 §2, with the <c>agent_auth</c> block of auth.md v0.1.</summary>
    public static void RenderAuthorizationServer(CSharpWriter code, ServiceModel model)
    {
        code.Open($"private static void WriteAuthorizationServerMetadata({Writer})");
        var json = new JsonTemplate(code);
        json.Begin();
        json.Slot("issuer", "Issuer");
        RenderOAuth(json, model);
        Scopes(json, model);
        json.Slot("resource", "Resource");
        json.SlotArray("authorization_servers", "Issuer");
        json.Strings("bearer_methods_supported", ["header"]);
        json.OptionalString("service_documentation", model.Documentation);
        json.OptionalString("op_policy_uri", model.Privacy);
        json.OptionalString("op_tos_uri", model.Terms);
        RenderAgentAuth(json, model);
        json.End();
        code.Close();
    }

    // RFC 8414 §2. The array of response types is required, and some clients take metadata without an authorization endpoint for none.
    private static void RenderOAuth(JsonTemplate json, ServiceModel model)
    {
        json.Strings("response_types_supported", []);
        if (!model.HasTokenEndpoint)
        {
            json.Strings("grant_types_supported", []);
            return;
        }

        json.Strings("response_modes_supported", ["query"]);
        json.Strings("grant_types_supported", [OAuthNames.JwtBearerGrant]);
        json.Strings("authorization_grant_profiles_supported", [OAuthNames.IdJagProfile]);
        json.Slot("authorization_endpoint", "IssuerBase", OAuthPaths.Authorize);
        json.Slot("token_endpoint", "IssuerBase", OAuthPaths.Token);
        json.Strings("token_endpoint_auth_methods_supported", OAuthNames.ClientAuthenticationMethods);
        json.Strings("token_endpoint_auth_signing_alg_values_supported", OAuthNames.SigningAlgorithms);
        json.Slot("revocation_endpoint", "IssuerBase", OAuthPaths.Revoke);
        json.Strings("revocation_endpoint_auth_methods_supported", OAuthNames.ClientAuthenticationMethods);
        json.Strings("revocation_endpoint_auth_signing_alg_values_supported", OAuthNames.SigningAlgorithms);
    }

    private static void RenderAgentAuth(JsonTemplate json, ServiceModel model)
    {
        var isClaimable = model.Anonymous is not null || model.VerifiedEmail is not null;
        var takesAssertions = model.VerifiedEmail is not null || model.IdentityAssertion is not null;
        json.Begin("agent_auth");
        json.Slot("skill", "AuthMdUrl");
        json.Slot("register_uri", "IssuerBase", model.RegisterPath);
        if (isClaimable)
        {
            json.Slot("claim_uri", "IssuerBase", model.ClaimPath);
        }

        if (model.IdentityAssertion is not null)
        {
            json.Slot("revocation_uri", "IssuerBase", model.RevokePath);
        }

        json.Strings("identity_types_supported", [.. model.Anonymous is null ? (string[])[] : ["anonymous"], .. takesAssertions ? (string[])["identity_assertion"] : []]);
        if (model.Anonymous is not null)
        {
            json.Begin("anonymous");
            json.Strings("credential_types_supported", ["api_key"]);
            json.End();
        }

        if (takesAssertions)
        {
            json.Begin("identity_assertion");
            json.Strings("assertion_types_supported",
            [
                .. model.IdentityAssertion is null ? (string[])[] : [OAuthNames.IdJag],
                .. model.VerifiedEmail is null ? (string[])[] : ["verified_email"],
            ]);
            json.Strings("credential_types_supported", CredentialTypes(model));
            json.End();
        }

        if (model.IdentityAssertion is not null)
        {
            json.Strings("events_supported", [V01Names.RevokedEvent]);
        }

        json.End();
    }

    private static IEnumerable<string> CredentialTypes(ServiceModel model) =>
        new[] { model.IdentityAssertion, model.VerifiedEmail }
            .OfType<MethodModel>()
            .SelectMany(method => method.Credentials)
            .Distinct()
            .Select(type => type == "AccessToken" ? "access_token" : "api_key");

    // RFC 9728 §3.2: an empty array is left out.
    private static void Scopes(JsonTemplate json, ServiceModel model)
    {
        if (model.Scopes.Count > 0)
        {
            json.Strings("scopes_supported", model.Scopes.Select(scope => scope.Name));
        }
    }
}

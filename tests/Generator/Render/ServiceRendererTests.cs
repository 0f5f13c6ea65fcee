using System.Text.Json;
using AgentAuth.Manifest;

namespace AgentAuth.Generator.Render;

public sealed class ServiceRendererTests
{
    private const string Everything =
        """
        # Ticket "Desk" auth.md

        - **Resource:** https://api.ticketdesk.example/v1/
        - **Authorization server:** https://auth.ticketdesk.example/
        - **Logo:** https://ticketdesk.example/logo.png
        - **Documentation:** https://docs.ticketdesk.example
        - **Terms:** https://ticketdesk.example/terms
        - **Privacy:** https://ticketdesk.example/privacy
        - **Contact:** agents@ticketdesk.example

        ## Scopes

        | Scope           | Description    | Granted    |
        | --------------- | -------------- | ---------- |
        | `tickets.read`  | Read tickets.  | pre-claim  |
        | `tickets.write` | Write tickets. | post-claim |

        ## Methods

        ### anonymous
        - **Credentials:** `api_key`
        - **Rotation:** on claim

        ### verified_email
        - **Credentials:** `api_key`
        - **Mail:** code

        ### identity_assertion + id-jag
        - **Credentials:** `access_token`, `api_key`

        ## Trusted providers

        | Issuer                  | Name   | Keys                          | Requires                                               | Algorithms | Email                    |
        | ----------------------- | ------ | ----------------------------- | ------------------------------------------------------ | ---------- | ------------------------ |
        | https://agents.example  | Agents | https://agents.example/k.json | `mfa`, `hwk`, acr `urn:a` or `urn:b`, max age 12 hours | ES256      | trusted                  |
        | https://plain.example   |        |                               |                                                        |            |                          |
        | https://partial.example |        |                               |                                                        |            | trusted for a.example, B.example |

        ## Account matching
        1. Prior delegation
        2. Verified email
        3. Reject

        ## Lifetimes
        - **Access token:** 30 minutes
        - **API key:** 90 days
        - **Unclaimed registration:** 2 hours
        - **One-time code:** 5 minutes
        - **Claim link:** PT20M

        ## Limits
        - **anonymous:** 2 per hour per address, 20 per day
        - **verified_email:** 8 per hour per address, 80 per day
        - **identity_assertion:** 9 per hour per address, 900 per day
        - **claim:** 4 per hour per address, 40 per day
        - **complete:** 7 per minute per address

        ## Endpoints
        - **Register:** `POST /agents/register`
        - **Claim:** `POST https://auth.ticketdesk.example/agents/claim`
        """;

    [Fact]
    public void The_manifest_holds_every_fact()
    {
        var manifest = GeneratorHarness.Assemble(Everything).Manifest();

        Assert.Equal("Ticket \"Desk\"", manifest.ServiceName);
        Assert.Equal("https://api.ticketdesk.example/v1/", manifest.Resource);
        Assert.Equal("https://auth.ticketdesk.example/", manifest.Issuer);
        Assert.Equal("agents@ticketdesk.example", manifest.Contact);
        Assert.Equal("https://ticketdesk.example/logo.png", manifest.LogoUri);
        Assert.Equal(
            [new ManifestScope("tickets.read", "Read tickets.", true), new ManifestScope("tickets.write", "Write tickets.", false)],
            manifest.Scopes.ToArray());
        Assert.True(manifest.Anonymous!.RotateOnClaim);
        Assert.False(manifest.Anonymous.MailsCode);
        Assert.True(manifest.VerifiedEmail!.MailsCode);
        Assert.Equal([CredentialType.ApiKey], manifest.VerifiedEmail.Credentials);
        Assert.Equal([CredentialType.AccessToken, CredentialType.ApiKey], manifest.IdentityAssertion!.Credentials);
        Assert.Equal("https://agents.example", manifest.TrustedProviders[0].Issuer);
        Assert.Equal("Agents", manifest.TrustedProviders[0].Name);
        Assert.Equal("https://agents.example/k.json", manifest.TrustedProviders[0].KeysUri);
        Assert.Equal(["mfa", "hwk"], manifest.TrustedProviders[0].RequiredAuthenticationMethods);
        Assert.Equal(["urn:a", "urn:b"], manifest.TrustedProviders[0].AcceptedAuthenticationContexts);
        Assert.Equal(TimeSpan.FromHours(12), manifest.TrustedProviders[0].MaxAuthenticationAge);
        Assert.Equal(["ES256"], manifest.TrustedProviders[0].Algorithms);
        Assert.True(manifest.TrustedProviders[0].TrustsEmail);
        Assert.Empty(manifest.TrustedProviders[0].EmailDomains);
        Assert.Equal("https://plain.example", manifest.TrustedProviders[1].Issuer);
        Assert.Null(manifest.TrustedProviders[1].Name);
        Assert.Null(manifest.TrustedProviders[1].KeysUri);
        Assert.False(manifest.TrustedProviders[1].TrustsEmail);
        Assert.Null(manifest.TrustedProviders[1].MaxAuthenticationAge);
        Assert.Empty(manifest.TrustedProviders[1].AcceptedAuthenticationContexts);
        Assert.Empty(manifest.TrustedProviders[1].Algorithms);
        Assert.True(manifest.TrustedProviders[2].TrustsEmail);
        Assert.Equal(["a.example", "b.example"], manifest.TrustedProviders[2].EmailDomains);
        Assert.Equal(new AccountMatchingPolicy { MatchesVerifiedEmail = true, Provisions = false }, manifest.AccountMatching);
        Assert.Equal(
            new ManifestLifetimes
            {
                AccessToken = TimeSpan.FromMinutes(30),
                ApiKey = TimeSpan.FromDays(90),
                UnclaimedRegistration = TimeSpan.FromHours(2),
                OneTimeCode = TimeSpan.FromMinutes(5),
                ClaimLink = TimeSpan.FromMinutes(20),
            },
            manifest.Lifetimes);
        Assert.Equal(
            new ManifestLimits
            {
                AnonymousPerAddress = RateLimit.PerHour(2),
                AnonymousTotal = new RateLimit(20, TimeSpan.FromDays(1)),
                VerifiedEmailPerAddress = RateLimit.PerHour(8),
                VerifiedEmailTotal = new RateLimit(80, TimeSpan.FromDays(1)),
                IdentityAssertionPerAddress = RateLimit.PerHour(9),
                IdentityAssertionPerProvider = new RateLimit(900, TimeSpan.FromDays(1)),
                ClaimMailPerAddress = RateLimit.PerHour(4),
                ClaimMailTotal = new RateLimit(40, TimeSpan.FromDays(1)),
                CompletePerAddress = new RateLimit(7, TimeSpan.FromMinutes(1)),
            },
            manifest.Limits);
        Assert.Equal(new ManifestEndpoints { Register = "/agents/register", Claim = "/agents/claim", Revoke = "/agent/auth/revoke" }, manifest.Endpoints);
    }

    [Fact]
    public void What_auth_md_does_not_say_is_the_protocols_default()
    {
        var manifest = GeneratorHarness.Assemble(Only("anonymous", "api_key")).Manifest();

        Assert.Equal("https://api.x.example", manifest.Issuer);
        Assert.Equal(new ManifestLifetimes(), manifest.Lifetimes);
        Assert.Equal(new ManifestLimits(), manifest.Limits);
        Assert.Equal(new ManifestEndpoints(), manifest.Endpoints);
        Assert.Equal(new AccountMatchingPolicy(), manifest.AccountMatching);
        Assert.Null(manifest.VerifiedEmail);
        Assert.Null(manifest.IdentityAssertion);
    }

    [Fact]
    public void Protected_resource_metadata_says_all_of_RFC_9728_that_auth_md_knows()
    {
        var metadata = Json(GeneratorHarness.Assemble(Everything).Manifest().ProtectedResourceMetadata);

        Assert.Equal(
            """{"resource":"https://deployed.example/v1","resource_name":"Ticket \u0022Desk\u0022","resource_logo_uri":"https://ticketdesk.example/logo.png","resource_documentation":"https://docs.ticketdesk.example","resource_policy_uri":"https://ticketdesk.example/privacy","resource_tos_uri":"https://ticketdesk.example/terms","authorization_servers":["https://deployed.example/as"],"scopes_supported":["tickets.read","tickets.write"],"bearer_methods_supported":["header"]}""",
            metadata);
    }

    [Fact]
    public void Authorization_server_metadata_has_the_agent_auth_block()
    {
        var metadata = Json(GeneratorHarness.Assemble(Everything).Manifest().AuthorizationServerMetadata);

        Assert.Equal(
            """{"issuer":"https://deployed.example/as","response_types_supported":[],"response_modes_supported":["query"],"grant_types_supported":["urn:ietf:params:oauth:grant-type:jwt-bearer"],"authorization_grant_profiles_supported":["urn:ietf:params:oauth:grant-profile:id-jag"],"authorization_endpoint":"https://deployed.example/as/oauth2/authorize","token_endpoint":"https://deployed.example/as/oauth2/token","token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic","private_key_jwt","none"],"token_endpoint_auth_signing_alg_values_supported":["ES256","ES384","RS256","PS256"],"revocation_endpoint":"https://deployed.example/as/oauth2/revoke","revocation_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic","private_key_jwt","none"],"revocation_endpoint_auth_signing_alg_values_supported":["ES256","ES384","RS256","PS256"],"scopes_supported":["tickets.read","tickets.write"],"resource":"https://deployed.example/v1","authorization_servers":["https://deployed.example/as"],"bearer_methods_supported":["header"],"service_documentation":"https://docs.ticketdesk.example","op_policy_uri":"https://ticketdesk.example/privacy","op_tos_uri":"https://ticketdesk.example/terms","agent_auth":{"skill":"https://deployed.example/auth.md","register_uri":"https://deployed.example/as/agents/register","claim_uri":"https://deployed.example/as/agents/claim","revocation_uri":"https://deployed.example/as/agent/auth/revoke","identity_types_supported":["anonymous","identity_assertion"],"anonymous":{"credential_types_supported":["api_key"]},"identity_assertion":{"assertion_types_supported":["urn:ietf:params:oauth:token-type:id-jag","verified_email"],"credential_types_supported":["access_token","api_key"]},"events_supported":["https://schemas.workos.com/events/agent/auth/identity/assertion/revoked"]}}""",
            metadata);
    }

    [Theory]
    [InlineData(
        "anonymous", "api_key",
        """{"skill":"https://deployed.example/auth.md","register_uri":"https://deployed.example/as/agent/auth","claim_uri":"https://deployed.example/as/agent/auth/claim","identity_types_supported":["anonymous"],"anonymous":{"credential_types_supported":["api_key"]}}""",
        "MapDiscovery MapRegistration MapClaims")]
    [InlineData(
        "verified_email", "access_token",
        """{"skill":"https://deployed.example/auth.md","register_uri":"https://deployed.example/as/agent/auth","claim_uri":"https://deployed.example/as/agent/auth/claim","identity_types_supported":["identity_assertion"],"identity_assertion":{"assertion_types_supported":["verified_email"],"credential_types_supported":["access_token"]}}""",
        "MapDiscovery MapRegistration MapClaims")]
    [InlineData(
        "identity_assertion + id-jag", "access_token",
        """{"skill":"https://deployed.example/auth.md","register_uri":"https://deployed.example/as/agent/auth","revocation_uri":"https://deployed.example/as/agent/auth/revoke","identity_types_supported":["identity_assertion"],"identity_assertion":{"assertion_types_supported":["urn:ietf:params:oauth:token-type:id-jag"],"credential_types_supported":["access_token"]},"events_supported":["https://schemas.workos.com/events/agent/auth/identity/assertion/revoked"]}""",
        "MapDiscovery MapRegistration MapClaims MapRevocation MapOAuth")]
    public void Only_what_is_enabled_is_advertised_and_mapped(string method, string credential, string agentAuth, string mapped)
    {
        var assembled = GeneratorHarness.Assemble(Only(method, credential));

        var metadata = JsonDocument.Parse(Json(assembled.Manifest().AuthorizationServerMetadata)).RootElement;
        Assert.Equal(agentAuth, metadata.GetProperty("agent_auth").GetRawText());
        Assert.Equal(
            mapped.Split(' '),
            System.Text.RegularExpressions.Regex.Matches(assembled.Sources["MapAgentAuth.g.cs"], @"agentAuth\.(Map\w+)\(\)").Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void An_id_jag_service_that_never_asks_an_owner_maps_no_claims()
    {
        var assembled = GeneratorHarness.Assemble(Only("identity_assertion + id-jag", "access_token") + "\n## Account matching\n1. Prior delegation\n2. Provision\n");

        Assert.DoesNotContain("MapClaims", assembled.Sources["MapAgentAuth.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_document_names_the_deployment_and_keeps_private_parts_back()
    {
        var authMd = Everything.Replace("## Limits\n", "## Limits\n<!-- auth.md:private -->\n", StringComparison.Ordinal)
            + "\nTry https://api.ticketdesk.example/v1/tickets, not https://auth.ticketdesk.example.org/.\n";

        var published = Text(GeneratorHarness.Assemble(authMd).Manifest().PublishedDocument, json: false);

        Assert.Contains("- **Resource:** https://deployed.example/v1\n", published, StringComparison.Ordinal);
        Assert.Contains("`POST https://deployed.example/as/agents/register`", published, StringComparison.Ordinal);
        Assert.DoesNotContain("20 per day", published, StringComparison.Ordinal);
        Assert.DoesNotContain("## Limits", published, StringComparison.Ordinal);
        Assert.Contains("## Endpoints", published, StringComparison.Ordinal);
        Assert.Contains("https://auth.ticketdesk.example.org/", published, StringComparison.Ordinal);
        Assert.Contains("resource_metadata=\"https://deployed.example/.well-known/oauth-protected-resource/v1\"", published, StringComparison.Ordinal);
        Assert.Contains("POST https://deployed.example/as/agents/register HTTP/1.1", published, StringComparison.Ordinal);
    }

    private static string Only(string method, string credential) =>
        $"# X auth.md\n\n- **Resource:** https://api.x.example\n\n## Scopes\n\n- `a`\n\n## Methods\n\n### {method}\n- **Credentials:** `{credential}`\n";

    // Compact, so that a comparison shows the members and not the layout.
    private static string Json(DocumentTemplate template)
    {
        using var document = JsonDocument.Parse(Text(template, json: true));
        return JsonSerializer.Serialize(document.RootElement);
    }

    private static string Text(DocumentTemplate template, bool json)
    {
        var writer = new DocumentWriter(
            slot => slot switch
            {
                DocumentSlot.Issuer or DocumentSlot.IssuerBase => "https://deployed.example/as",
                DocumentSlot.Resource => "https://deployed.example/v1",
                DocumentSlot.AuthMdUrl => "https://deployed.example/auth.md",
                DocumentSlot.ProtectedResourceMetadataUrl => "https://deployed.example/.well-known/oauth-protected-resource/v1",
                DocumentSlot.AuthorizationServerMetadataUrl => "https://deployed.example/.well-known/oauth-authorization-server/as",
                _ => throw new ArgumentOutOfRangeException(nameof(slot)),
            },
            json);
        template(writer);
        return System.Text.Encoding.UTF8.GetString(writer.ToArray());
    }
}

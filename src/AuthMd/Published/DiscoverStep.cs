namespace AgentAuth.AuthMd.Published;

/// <summary>From a 401 to the metadata (RFC 9728, RFC 8414).</summary>
internal static class DiscoverStep
{
    public static void Write(StepsWriter writer)
    {
        writer.Paragraph("## Discover");
        writer.Paragraph(
            "You are an agent. Call the API at ", PublishedSlot.Resource, " without a credential, and you are told where to begin:");
        writer.Line("```http");
        writer.Line("HTTP/1.1 401 Unauthorized");
        writer.Line("WWW-Authenticate: Bearer resource_metadata=\"", PublishedSlot.ProtectedResourceMetadataUrl, "\"");
        writer.Line("```");
        writer.Line();
        writer.Paragraph("Where the endpoint needs scopes, `scope=\"…\"` behind it names them: ask for these, and for no more than you need.");
        writer.Paragraph("1. Fetch that URL (RFC 9728). It names the resource, its scopes and its authorization server.");
        writer.Get(PublishedSlot.ProtectedResourceMetadataUrl);
        writer.Paragraph("2. Fetch the authorization server's metadata (RFC 8414). The block `agent_auth` holds the URLs and types that are used below.");
        writer.Get(PublishedSlot.AuthorizationServerMetadataUrl);
        writer.Paragraph("This document is ", PublishedSlot.AuthMdUrl, ". It says all that the metadata say, and what to do with it.");
    }
}

using System.Text.Json.Nodes;
using AgentAuth.Hosting;
using AgentAuth.Storage;
using AgentAuth.Testing;
using Microsoft.Extensions.FileProviders;

namespace TicketDesk.Demo;

/// <summary>The page at <c>/</c> on which a person walks through the flows, and what it asks the server. In Development only.</summary>
internal static class DemoEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self' ";

    public static void AddDemo(this IServiceCollection services)
    {
        services.AddSingleton<DemoProvider>();
        services.AddHostedService(provider => provider.GetRequiredService<DemoProvider>());
    }

    public static void MapDemo(this WebApplication app)
    {
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        MapFile("/", "index.html", "text/html; charset=utf-8");
        MapFile("/demo/app.js", "app.js", "text/javascript; charset=utf-8");
        MapFile("/demo/app.css", "app.css", "text/css; charset=utf-8");
        app.MapGet("/demo/settings", (AgentAuthSettings settings, DemoProvider provider) => Json(new JsonObject
        {
            ["service"] = settings.Manifest.ServiceName,
            ["resource"] = settings.Resource,
            ["provider"] = provider.Url,
        })).AllowAnonymous();
        app.MapGet("/demo/inbox", (AgentAuthSettings settings) => Json(new JsonArray([.. Mails(settings.MailFolder)]))).AllowAnonymous();
        app.MapGet("/demo/audit", async (IAgentAuthStore store, CancellationToken cancellationToken) =>
            Json(new JsonArray([.. (await store.ReadAuditAsync(null, 20, cancellationToken)).Select(row => (JsonNode)new JsonObject
            {
                ["at"] = row.At.ToString("O"),
                ["name"] = row.Name,
                ["outcome"] = row.Outcome,
                ["registration"] = row.RegistrationId,
                ["subject"] = row.Subject,
            })]))).AllowAnonymous();

        void MapFile(string path, string name, string type) => app.MapGet(path, (HttpContext http, DemoProvider provider) =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy + provider.Url;
            http.Response.Headers.CacheControl = "no-cache";
            return Results.File(files.GetFileInfo(name).PhysicalPath!, type);
        }).AllowAnonymous();
    }

    // Newest first. The whole text, links and all: this inbox stands for the person's own.
    private static IEnumerable<JsonNode> Mails(string folder) => Directory.Exists(folder)
        ? new MailCatcher(folder).ReadAll().Reverse().Take(20).Select(mail => (JsonNode)new JsonObject
        {
            ["to"] = mail.To,
            ["subject"] = mail.Subject,
            ["body"] = mail.Body,
            ["link"] = mail.Links.FirstOrDefault(link => link.Query.Contains("token=", StringComparison.Ordinal))?.OriginalString,
        })
        : [];

    private static IResult Json(JsonNode node) => Results.Text(node.ToJsonString(), "application/json; charset=utf-8");
}

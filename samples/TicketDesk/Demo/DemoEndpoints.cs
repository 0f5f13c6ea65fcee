using AgentAuth.Testing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace TicketDesk.Demo;

/// <summary>
/// A page on which a person plays the agent, and what it needs beyond the API itself: a provider, a look into the mail folder and at the audit
/// trail. It would give every secret of the ceremony away, so it exists in Development only.
/// </summary>
public static class DemoEndpoints
{
    private const int AuditRows = 50;

    /// <summary>Adds what the page needs.</summary>
    public static void AddDemo(this IServiceCollection services)
    {
        services.AddHostedService<DemoProvider>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, DemoJson.Default));
    }

    /// <summary>Serves the page and its endpoints.</summary>
    public static void MapDemo(this WebApplication app)
    {
        var provider = DemoProvider.UrlIn(app.Configuration);
        var policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
            + $"frame-ancestors 'none'; connect-src 'self' {provider}";
        app.UseFileServer(new FileServerOptions
        {
            StaticFileOptions =
            {
                OnPrepareResponse = file =>
                {
                    file.Context.Response.Headers.ContentSecurityPolicy = policy;
                    file.Context.Response.Headers.XContentTypeOptions = "nosniff";
                    file.Context.Response.Headers.CacheControl = "no-cache";
                },
            },
        });

        var demo = app.MapGroup("/demo").AllowAnonymous();
        demo.MapGet("/settings", () => TypedResults.Ok(new DemoSettings(provider)));
        demo.MapGet("/inbox", ReadInbox);
        demo.MapGet("/audit", ReadAuditAsync);
    }

    private static Ok<IReadOnlyList<DemoMail>> ReadInbox(IOptions<AgentAuthOptions> options, IHostEnvironment host) =>
        TypedResults.Ok<IReadOnlyList<DemoMail>>(
            [.. new MailCatcher(Path.Combine(host.ContentRootPath, options.Value.Mail.Folder)).ReadAll().Reverse().Select(mail => new DemoMail(mail.To, mail.From, mail.Subject, mail.Body, mail.Links))]);

    private static async Task<Ok<IReadOnlyList<DemoAuditRow>>> ReadAuditAsync(IAgentAccess access, CancellationToken cancellationToken)
    {
        var rows = await access.ReadAuditAsync(limit: AuditRows, cancellationToken: cancellationToken);
        return TypedResults.Ok<IReadOnlyList<DemoAuditRow>>(
            [.. rows.Select(row => new DemoAuditRow(row.At, row.Name, row.Outcome, row.RegistrationId, row.Subject, row.Issuer))]);
    }
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.HttpOverrides;

namespace AgentAuth.Floods;

/// <summary>
/// The service that is flooded, in a process of its own: default limits, a real database, mail that is written to a folder. Remote addresses come
/// by X-Forwarded-For, so that a flood can have as many as it likes. Mail to some domains does not go out, as in real life.
/// </summary>
internal static class FloodedService
{
    public const string RefusedDomain = "refused.example";
    public const string HangingDomain = "hanging.example";

    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddAgentAuth().AddMail<PickyMail>();
        builder.Services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor);
        var app = builder.Build();
        app.UseForwardedHeaders();
        app.MapAgentAuth();
        app.MapGet("/things", () => "things").RequireAgentScope(AgentScopes.ThingsRead);
        app.MapPost("/things", () => "a thing").RequireAgentScope(AgentScopes.ThingsWrite);
        await app.RunAsync();
    }

    /// <summary>Writes a file for each mail, named for its recipient, with the instant in front of it.</summary>
    private sealed class PickyMail(IConfiguration configuration) : IAgentMail
    {
        private readonly string _folder = Directory.CreateDirectory(configuration["Floods:Mail"]!).FullName;
        private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

        public async Task SendAsync(AgentMailMessage message, CancellationToken cancellationToken)
        {
            if (message.To.EndsWith(RefusedDomain, StringComparison.Ordinal))
            {
                throw new IOException("451 later");
            }

            if (message.To.EndsWith(HangingDomain, StringComparison.Ordinal))
            {
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }

            var count = _counts.AddOrUpdate(message.To, 1, (_, before) => before + 1);
            var draft = Path.Combine(_folder, $"{message.To}.{count}.tmp");
            await File.WriteAllTextAsync(draft, message.Text, cancellationToken);
            File.Move(draft, Path.ChangeExtension(draft, ".txt"));
        }
    }
}

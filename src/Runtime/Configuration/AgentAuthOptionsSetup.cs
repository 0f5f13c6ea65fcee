using AgentAuth.Manifest;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentAuth.Configuration;

/// <summary>
/// The options, as ASP.NET Core has them: our reader of the configuration section, then what the app configures in code, wherever it says it, then
/// our checks, and the app's own.
/// </summary>
internal static class AgentAuthOptionsSetup
{
    public static void Add(IServiceCollection services, Action<AgentAuthOptions>? configure)
    {
        services.AddOptions();

        // First of all, so that an app's Configure<AgentAuthOptions> wins over configuration wherever it stands.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<AgentAuthOptions>, Reader>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AgentAuthOptions>, Validator>());
        services.AddSingleton(CreateSettings);
    }

    private static AgentAuthSettings CreateSettings(IServiceProvider services)
    {
        try
        {
            return AgentAuthSettingsFactory.Create(
                services.GetRequiredService<AgentAuthManifest>(),
                services.GetRequiredService<IOptions<AgentAuthOptions>>().Value,
                services.GetRequiredService<IHostEnvironment>().ContentRootPath).Settings;
        }
        catch (OptionsValidationException invalid)
        {
            // The same sentences, a line each.
            throw new AgentAuthConfigurationException([.. invalid.Failures]);
        }
    }

    private sealed class Reader(IConfiguration configuration) : IConfigureOptions<AgentAuthOptions>
    {
        public void Configure(AgentAuthOptions options) =>
            new AgentAuthConfiguration(options.ReadingProblems).Read(configuration.GetSection(AgentAuthConfiguration.Section), options);
    }

    private sealed class Validator(AgentAuthManifest manifest, IHostEnvironment environment) : IValidateOptions<AgentAuthOptions>
    {
        public ValidateOptionsResult Validate(string? name, AgentAuthOptions options) =>
            AgentAuthSettingsFactory.Create(manifest, options, environment.ContentRootPath).Problems is { Count: > 0 } problems
                ? ValidateOptionsResult.Fail(problems)
                : ValidateOptionsResult.Success;
    }
}

using AgentAuth.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentAuth.Configuration;

/// <summary>Settings as an app of ASP.NET Core makes them.</summary>
public sealed class AgentAuthOptionsSetupTests
{
    [Finding("D2", "`Configure<AgentAuthOptions>` before or behind `AddAgentAuth`, and `PostConfigure`", "They count: configuration, then code in its order, then `PostConfigure`")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void D2_Configure_and_PostConfigure_count(bool isBefore)
    {
        var services = Services(("AgentAuth:Issuer", "https://configured.example"), ("AgentAuth:Mail:From", "configured@tickets.example"));
        if (isBefore)
        {
            services.Configure<AgentAuthOptions>(options => options.Issuer = "https://code.example");
        }

        AgentAuthServices.Add(services, TestService.Manifest, null);
        if (!isBefore)
        {
            services.Configure<AgentAuthOptions>(options => options.Issuer = "https://code.example");
        }

        services.PostConfigure<AgentAuthOptions>(options => options.Resource = "https://post.example");
        using var provider = services.BuildServiceProvider();

        var settings = provider.GetRequiredService<AgentAuthSettings>();

        Assert.Equal(
            ("https://code.example", "https://post.example", "configured@tickets.example"),
            (settings.Issuer, settings.Resource, settings.MailFrom));
    }

    [Finding("D2", "`AddSingleton<IAgentMail>` and its like before `AddAgentAuth`", "The app's own is used")]
    [Fact]
    public void D2_what_the_app_registered_before_stays()
    {
        var services = Services();
        var (mail, accounts) = (new CaughtMail(), new Nobody());
        services.AddSingleton<IAgentMail>(mail);
        services.AddSingleton<IAgentAccounts>(accounts);
        AgentAuthServices.Add(services, TestService.Manifest, null);
        using var provider = services.BuildServiceProvider();

        Assert.Same(mail, provider.GetRequiredService<IAgentMail>());
        Assert.Same(accounts, provider.GetRequiredService<IAgentAccounts>());
    }

    [Fact]
    public void Whoever_reads_the_options_gets_checked_ones_and_the_apps_own_checks_count()
    {
        var services = Services(("AgentAuth:Isuer", "https://configured.example"));
        AgentAuthServices.Add(services, TestService.Manifest, null);
        services.AddOptions<AgentAuthOptions>().Validate(_ => false, "The app says no.");
        using var provider = services.BuildServiceProvider();

        var invalid = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<AgentAuthOptions>>().Value);
        var refused = Assert.Throws<AgentAuthConfigurationException>(() => provider.GetRequiredService<AgentAuthSettings>());

        Assert.Equal(2, invalid.Failures.Count());
        Assert.StartsWith("AgentAuth:Isuer is not a setting.", refused.Problems[0], StringComparison.Ordinal);
        Assert.Equal("The app says no.", refused.Problems[1]);
    }

    private static ServiceCollection Services(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build());
        services.AddSingleton<IHostEnvironment>(new Root());
        return services;
    }

    private sealed class Root : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "App";

        public string ContentRootPath { get; set; } = Path.GetTempPath();

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }

    private sealed class Nobody : IAgentAccounts
    {
        public ValueTask<AgentAccountAnswer> FindByEmailAsync(string email, AgentAccountRequest request, CancellationToken cancellationToken) => new(AgentAccountAnswer.NotHere);

        public ValueTask<AgentAccountAnswer> FindByIdAsync(string accountId, CancellationToken cancellationToken) => new(AgentAccountAnswer.NotHere);
    }
}

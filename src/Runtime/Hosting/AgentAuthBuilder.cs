using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentAuth;

/// <summary>What <c>AddAgentAuth</c> returns, to say more about the parts.</summary>
public sealed class AgentAuthBuilder
{
    internal AgentAuthBuilder(IServiceCollection services) => Services = services;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Lets agents act for the app's own accounts instead of the built-in ones.</summary>
    /// <typeparam name="T">
    /// Finds and makes accounts. It is scoped, and asked in a scope of its own: it may take a <c>DbContext</c> or a <c>UserManager</c>.
    /// </typeparam>
    public AgentAuthBuilder AddAccounts<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IAgentAccounts
    {
        Services.Replace(ServiceDescriptor.Scoped<IAgentAccounts, T>());
        return this;
    }

    /// <summary>Sends claim mails through the app's own mail service instead of writing them to a folder.</summary>
    /// <typeparam name="T">Sends a mail; registered as a singleton.</typeparam>
    public AgentAuthBuilder AddMail<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IAgentMail
    {
        Services.Replace(ServiceDescriptor.Singleton<IAgentMail, T>());
        return this;
    }

    /// <summary>Tells the app's own sink of every audit row, beside the log, the metrics and the traces. Call it once for each sink.</summary>
    /// <typeparam name="T">Takes the rows; registered as a singleton.</typeparam>
    public AgentAuthBuilder AddAuditSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IAgentAuditSink
    {
        Services.AddSingleton<IAgentAuditSink, T>();
        return this;
    }
}

using AgentAuth.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

// Where AddHealthChecks is found, so that no using is needed.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health of the service towards agents.</summary>
public static class AgentAuthHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks that the store can be read, and how it stands with the keys of each trusted provider. Missing keys of a provider are
    /// <see cref="HealthStatus.Degraded"/> and never worse: agents of others are served. The data of the result has a line for each issuer.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks</c> returns. <c>AddAgentAuth</c> must be called as well, before or after.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What is reported while the store cannot be read; null: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    public static IHealthChecksBuilder AddAgentAuth(
        this IHealthChecksBuilder builder, string name = "agentauth", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<AgentAuthHealthCheck>(services), failureStatus, tags));
    }
}

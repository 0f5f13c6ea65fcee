namespace Truth.App.Minimal.Own;

/// <summary>Own conventions, on whatever is mapped.</summary>
internal static class AnnotatingExtensions
{
    /// <summary>Says something about agents.</summary>
    public static TBuilder Secured<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.RequireAuthorization();
        return builder.RequireUserOrAgentScope(AgentScopes.OrdersRead);
    }

    /// <summary>Says something only when it is told to.</summary>
    public static TBuilder SecuredIf<TBuilder>(this TBuilder builder, bool secured)
        where TBuilder : IEndpointConventionBuilder => secured ? builder.DenyAgents() : builder;

    /// <summary>Says nothing about agents.</summary>
    public static TBuilder Documented<TBuilder>(this TBuilder builder, string tag)
        where TBuilder : IEndpointConventionBuilder => builder.WithTags(tag).WithSummary("Documented");
}

using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers;

/// <summary>What a call does to a pipeline.</summary>
internal enum PipelineStepKind
{
    /// <summary>Something that has no part in the order of routing, authorization and endpoints.</summary>
    Other,

    /// <summary><c>UseRouting</c>: finds the endpoint.</summary>
    Routing,

    /// <summary><c>UseAuthorization</c>: reads what the endpoint says.</summary>
    Authorization,

    /// <summary><c>UseEndpoints</c>: runs the endpoint.</summary>
    Endpoints,

    /// <summary><c>Run(handler)</c>: answers everything that gets there.</summary>
    Terminal,

    /// <summary>A method that gets the pipeline and of which nobody knows what it adds.</summary>
    Unknown,
}

/// <summary>A call on a pipeline.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Call">The call.</param>
internal sealed record PipelineStep(PipelineStepKind Kind, IInvocationOperation Call);

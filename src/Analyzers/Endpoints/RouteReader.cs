using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Operations;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Route and HTTP methods of a call that maps an endpoint.</summary>
internal static class RouteReader
{
    public static string? RouteOf(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "pattern" or "prefix")?.Value is { } value
        && Operations.Unwrapped(value).ConstantValue is { HasValue: true, Value: string route } ? route : null;

    public static ImmutableArray<string> VerbsOf(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "MapGet" => ["GET"],
        "MapPost" => ["POST"],
        "MapPut" => ["PUT"],
        "MapDelete" => ["DELETE"],
        "MapPatch" => ["PATCH"],
        "MapMethods" => [.. call.Arguments.Where(argument => argument.Parameter?.Name == "httpMethods")
            .SelectMany(argument => ScopeExpressions.Elements(argument.Value))
            .Select(value => value.ConstantValue is { HasValue: true, Value: string verb } ? verb.ToUpperInvariant() : "")
            .Where(verb => verb.Length > 0)],
        _ => [],
    };

    /// <summary>A prefix and what follows it, with one slash between.</summary>
    public static string Join(string? prefix, string? route)
    {
        var joined = (prefix ?? "").TrimEnd('/') + "/" + (route ?? "").TrimStart('/');
        return joined[0] == '/' ? joined : "/" + joined;
    }
}

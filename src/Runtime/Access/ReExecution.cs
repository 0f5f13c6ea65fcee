using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Access;

/// <summary>
/// Tells the second run of a request, in which <c>UseExceptionHandler(path)</c> or <c>UseStatusCodePagesWithReExecute</c> makes the error page, from
/// the first. Only these middlewares set the features, for the path that the app gave them.
/// </summary>
internal static class ReExecution
{
    public static bool IsOne(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>() is not null || context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
}

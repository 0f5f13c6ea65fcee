using Microsoft.AspNetCore.Mvc.Filters;

namespace Truth.App.Controllers;

/// <summary>A filter that has nothing to do with agents.</summary>
public sealed class SilentFilter : IActionFilter
{
    public void OnActionExecuting(ActionExecutingContext context)
    {
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }
}

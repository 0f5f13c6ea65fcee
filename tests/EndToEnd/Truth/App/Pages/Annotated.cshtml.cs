using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>Says it.</summary>
[UserOrAgentScope(AgentScopes.OrdersRead)]
public sealed class AnnotatedModel : PageModel // e250
{
    public void OnGet() => ViewData["Title"] = "ok";
}

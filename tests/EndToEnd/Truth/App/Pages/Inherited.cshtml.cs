using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>Says it for all who inherit.</summary>
[DenyAgents]
public abstract class ClosedModel : PageModel;

/// <summary>Inherits it.</summary>
public sealed class InheritedModel : ClosedModel // e253
{
    public void OnGet() => ViewData["Title"] = "ok";
}

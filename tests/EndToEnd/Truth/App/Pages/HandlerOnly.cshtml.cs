using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>Says it on its handlers, which are no endpoints.</summary>
public sealed class HandlerOnlyModel : PageModel // e252
{
    [DenyAgents]
    public void OnGet() => ViewData["Title"] = "ok";

    [DenyAgents]
    public void OnPost() => ViewData["Title"] = "saved";
}

using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>Has handlers, which are no endpoints: to say it there stops the start.</summary>
public sealed class HandlerOnlyModel : PageModel // e252
{
    public void OnGet() => ViewData["Title"] = "ok";

    public void OnPost() => ViewData["Title"] = "saved";
}

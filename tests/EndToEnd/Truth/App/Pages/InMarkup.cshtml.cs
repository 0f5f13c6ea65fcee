using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>The attribute stands in the markup.</summary>
public sealed class InMarkupModel : PageModel // e256
{
    public void OnGet() => ViewData["Title"] = "ok";
}

using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>Says nothing; AllowAnonymousToPage says it in the options of Razor Pages.</summary>
public sealed class ByConventionModel : PageModel // e257
{
    public void OnGet() => ViewData["Title"] = "ok";
}

using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>For everybody, errors and imprint and the like.</summary>
[AllowAnonymous]
[ResponseCache(Duration = 0, NoStore = true)]
public sealed class OpenModel : PageModel // e259
{
    public void OnGet() => ViewData["Title"] = "ok";
}

using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>Says nothing.</summary>
public sealed class SilentModel : PageModel // e251
{
    public void OnGet() => ViewData["Title"] = "ok";

    public void OnPostSave() => ViewData["Title"] = "saved";
}

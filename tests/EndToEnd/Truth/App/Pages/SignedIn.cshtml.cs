using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Truth.App.Pages;

/// <summary>Asks for a user and says nothing about agents.</summary>
[Authorize]
public sealed class SignedInModel(ILogger<SignedInModel> logger) : PageModel // e258
{
    [BindProperty]
    public string? Name { get; set; }

    public void OnGet() => ViewData["Title"] = logger.ToString();

    public Task<IActionResult> OnPostAsync() => Task.FromResult<IActionResult>(RedirectToPage());
}

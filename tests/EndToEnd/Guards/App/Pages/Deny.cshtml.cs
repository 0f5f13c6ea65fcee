using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Guarded.Pages;

[DenyAgents]
internal sealed class DenyModel(Reached reached) : PageModel
{
    public string Text { get; private set; } = "";

    public void OnGet() => Text = reached.At("page/class/deny");
}

using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Guarded.Pages;

[AgentScope(AgentScopes.NotesWrite)]
internal sealed class ScopeModel(Reached reached) : PageModel
{
    public string Text { get; private set; } = "";

    public void OnGet() => Text = reached.At("page/class/scope");
}

using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Guarded.Pages;

[UserOrAgentScope(AgentScopes.NotesWrite)]
internal sealed class UserOrAgentModel(Reached reached) : PageModel
{
    public string Text { get; private set; } = "";

    public void OnGet() => Text = reached.At("page/class/user-or-agent");
}

using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Guarded.Pages;

[UserOrAgentScope(AgentScopes.NotesRead)]
[AgentStepUp(MaxAge = 600)]
internal sealed class StepUpModel(Reached reached) : PageModel
{
    public string Text { get; private set; } = "";

    public void OnGet() => Text = reached.At("page/class/step-up");
}

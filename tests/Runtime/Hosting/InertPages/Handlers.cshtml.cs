using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AgentAuth.Hosting.InertPages;

public abstract class BaseModel : PageModel
{
    [UserOrAgentScope("tickets.read")]
    public void OnGet()
    {
    }
}

[AgentScope("tickets.read")]
public sealed class HandlersModel : BaseModel
{
    [AgentScope("tickets.write")]
    public Task OnPostAsync() => Task.CompletedTask;

    [DenyAgents]
    public void OnPostDelete()
    {
    }

    [AgentStepUp(MaxAge = 600)]
    public Task OnPutEveryAsync() => Task.CompletedTask;
}

using Microsoft.AspNetCore.Mvc.RazorPages;

#pragma warning disable CA1822 // A handler is no static method.
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

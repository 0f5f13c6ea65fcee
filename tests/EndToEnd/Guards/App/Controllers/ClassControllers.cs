using Microsoft.AspNetCore.Mvc;

namespace Guarded.Controllers;

[ApiController]
[Route("/controller/class/scope")]
[AgentScope(AgentScopes.NotesWrite)]
public sealed class ScopeController : ControllerBase
{
    [HttpGet]
    public string Get() => HttpContext.RequestServices.GetRequiredService<Reached>().At("controller/class/scope");
}

[ApiController]
[Route("/controller/class/user-or-agent")]
[UserOrAgentScope(AgentScopes.NotesWrite)]
public sealed class UserOrAgentController : ControllerBase
{
    [HttpGet]
    public string Get() => HttpContext.RequestServices.GetRequiredService<Reached>().At("controller/class/user-or-agent");
}

[ApiController]
[Route("/controller/class/deny")]
[DenyAgents]
public sealed class DenyController : ControllerBase
{
    [HttpGet]
    public string Get() => HttpContext.RequestServices.GetRequiredService<Reached>().At("controller/class/deny");
}

[ApiController]
[Route("/controller/class/step-up")]
[UserOrAgentScope(AgentScopes.NotesRead)]
[AgentStepUp(MaxAge = 600)]
public sealed class StepUpController : ControllerBase
{
    [HttpGet]
    public string Get() => HttpContext.RequestServices.GetRequiredService<Reached>().At("controller/class/step-up");
}

using Microsoft.AspNetCore.Mvc;

namespace Guarded.Controllers;

[ApiController]
[Route("/controller/member")]
[UserOrAgentScope(AgentScopes.NotesRead)]
public sealed class MemberController : ControllerBase
{
    [AgentScope(AgentScopes.NotesWrite)]
    [HttpGet("scope")]
    public string Scope() => At("scope");

    [UserOrAgentScope(AgentScopes.NotesWrite)]
    [HttpGet("user-or-agent")]
    public string UserOrAgent() => At("user-or-agent");

    [DenyAgents]
    [HttpGet("deny")]
    public string Deny() => At("deny");

    [AgentStepUp(MaxAge = 600)]
    [HttpGet("step-up")]
    public string StepUp() => At("step-up");

    private string At(string attribute) => HttpContext.RequestServices.GetRequiredService<Reached>().At("controller/member/" + attribute);
}

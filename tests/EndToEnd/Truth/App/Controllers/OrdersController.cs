using Microsoft.AspNetCore.Mvc;

namespace Truth.App.Controllers;

/// <summary>Says it on the class, in one part; the actions are in both.</summary>
[ApiController]
[Route("api/[controller]")]
[AgentScope(AgentScopes.OrdersRead)]
public sealed partial class OrdersController : ControllerBase
{
    [HttpGet("e200")]
    public ActionResult<string> List() => "ok"; // e200

    [HttpPost("e201")]
    [AgentScope(AgentScopes.OrdersWrite)]
    public ActionResult<string> Create() => "ok"; // e201
}

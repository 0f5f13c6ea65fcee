using Microsoft.AspNetCore.Mvc;
using Truth.App.Minimal;

namespace Truth.App.Controllers;

/// <summary>Each action speaks for itself, or does not.</summary>
[ApiController]
[Route("api/stock")]
public sealed class StockController(ILogger<StockController> logger) : ControllerBase
{
    [HttpGet("e204")]
    [AgentScope(AgentScopes.StockRead)]
    public string List() => logger.ToString()!; // e204

    [HttpGet("e205")]
    public string Find() => "ok"; // e205

    [HttpGet("e206")]
    [AllowAnonymous]
    public string Public() => "ok"; // e206

    [HttpPost("e207"), DenyAgents]
    public string Move() => "ok"; // e207

    [HttpPut("e208")]
    [Authorize(Roles = "staff")]
    public string Count() => "ok"; // e208

    [HttpGet("e209")]
    [UserOrAgentScope(AgentScopes.StockRead, AgentScopes.StockWrite)]
    public async Task<ActionResult<string>> CountAsync() // e209
    {
        await Task.Yield();
        return "ok";
    }

    [HttpGet("e210")]
    [Public]
    public string Open() => "ok"; // e210

    [HttpGet("e211")]
    [TypeFilter(typeof(SilentFilter))]
    [Produces("application/json")]
    [ResponseCache(Duration = 10)]
    public string Cached() => "ok"; // e211

    // Two routes, two endpoints.
    [HttpGet("e212/a")]
    [HttpGet("e212/b")]
    [DenyAgents]
    public string Twice() => "ok"; // e212

    [HttpGet("e213/a")]
    [HttpPost("e213/b")]
    public string SilentTwice() => "ok"; // e213

    [NonAction]
    public string Helper() => Private(); // e214

    public static string Shared() => "ok"; // e215

    internal string Internal() => Private(); // e216

    // Overloads are actions of their own.
    [HttpGet("e217")]
    [DenyAgents]
    public string Search() => "ok"; // e217

    [HttpGet("e218/{text}")]
    public string Search(string text) => text; // e218

    [AcceptVerbs("GET", "POST", Route = "e219")]
    public string Both() => "ok"; // e219

    [Route("e220")]
    [HttpPatch]
    [DenyAgents]
    public string Patch() => "ok"; // e220

    private static string Private() => "ok";
}

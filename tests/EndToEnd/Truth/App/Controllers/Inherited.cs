using Microsoft.AspNetCore.Mvc;

namespace Truth.App.Controllers;

/// <summary>Says it for all who inherit, and has an action for them.</summary>
[ApiController]
[Route("api/[controller]")]
[UserOrAgentScope(AgentScopes.ReportsRead)]
public abstract class SecuredController : ControllerBase
{
    [HttpGet("e221")]
    public string Version() => "1"; // e221
}

/// <summary>Inherits class and action.</summary>
public sealed class ReportsController : SecuredController
{
    [HttpGet("e222")]
    public string List() => "ok"; // e222
}

/// <summary>Says something else on top.</summary>
[AllowAnonymous]
public sealed class PricesController : SecuredController
{
    [HttpGet("e223")]
    public string List() => "ok"; // e223
}

/// <summary>Says nothing; its actions are overridden.</summary>
[ApiController]
[Route("api/[controller]")]
public abstract class ArchiveController : ControllerBase
{
    [HttpGet("e224")]
    [DenyAgents]
    public virtual string Closed() => "ok"; // e224

    [HttpGet("e225")]
    public virtual string Silent() => "ok"; // e225

    [HttpGet("e226")]
    public virtual string Untouched() => "ok"; // e226

    [HttpGet("e227")]
    [DenyAgents]
    public string Hidden() => "ok"; // e227
}

/// <summary>Overrides and hides.</summary>
public sealed class LettersController : ArchiveController
{
    public override string Closed() => "closed"; // e224

    [AgentScope(AgentScopes.ReportsRead)]
    public override string Silent() => "silent"; // e225

    [HttpGet("e228")]
    public new string Hidden() => "hidden"; // e228
}

/// <summary>Actions of two controllers, of which one says something.</summary>
[ApiController]
[Route("api/[controller]")]
public abstract class SharedController : ControllerBase
{
    [HttpGet("e229")]
    public string Shared() => "ok"; // e229
}

/// <summary>The one that does.</summary>
[DenyAgents]
public sealed class LoudController : SharedController;

/// <summary>The one that does not.</summary>
public sealed class QuietController : SharedController;

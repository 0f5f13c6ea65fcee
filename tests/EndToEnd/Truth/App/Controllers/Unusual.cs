using Microsoft.AspNetCore.Mvc;

namespace Truth.App.Controllers;

/// <summary>A controller by attribute.</summary>
[Controller]
[Route("poco")]
public sealed class Clock
{
    [HttpGet("e232")]
    [DenyAgents]
    public string Now() => ToString()!; // e232

    [HttpGet("e233")]
    public string Tick() => ToString()!; // e233
}

/// <summary>A controller by name.</summary>
[Route("named")]
public sealed class BellController
{
    [HttpPost("e234")]
    public string Ring() => ToString()!; // e234
}

/// <summary>None, in spite of its name.</summary>
[NonController]
public sealed class PidController
{
    [HttpPost("e235")]
    public string Step() => ToString()!; // e235
}

/// <summary>None, since it is not public.</summary>
internal sealed class HiddenController : ControllerBase
{
    [HttpPost("e236")]
    public string Step() => ToString()!; // e236
}

/// <summary>A class with a controller inside.</summary>
public static class Outer
{
    /// <summary>None, since it is nested.</summary>
    [Route("nested")]
    public sealed class InnerController : ControllerBase
    {
        [HttpGet("e237")]
        public string Step() => "ok"; // e237
    }
}

/// <summary>What an interface says reaches no endpoint: to say it there stops the start.</summary>
public interface IGate
{
    /// <summary>Opens.</summary>
    string Open();
}

/// <summary>Keeps it.</summary>
[ApiController]
[Route("api/gate")]
public sealed class GateController : ControllerBase, IGate
{
    [HttpPost("e238")]
    public string Open() => "ok"; // e238
}

/// <summary>In an area, with several routes of its own.</summary>
[Area("Admin")]
[Route("[area]/people")]
[Route("[area]/staff")]
[DenyAgents]
public sealed class PeopleController : ControllerBase
{
    [HttpGet("e239")]
    [ActionName("Everybody")]
    public string List() => "ok"; // e239
}

/// <summary>The attribute stands two classes up.</summary>
[ApiController]
[Route("api/deep")]
public sealed class DeepController : MiddleController
{
    [HttpGet("e240")]
    public string List() => "ok"; // e240
}

/// <summary>Between the two.</summary>
public abstract class MiddleController : SecuredController;

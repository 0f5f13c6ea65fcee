using Microsoft.AspNetCore.Mvc;

namespace Truth.App.Controllers;

/// <summary>The other part.</summary>
public sealed partial class OrdersController
{
    [HttpGet("e202/{year:int}")]
    public ActionResult<int> Report(int year) => year; // e202

    [HttpDelete("e203")]
    [AllowAnonymous]
    public IActionResult Clear() => NoContent(); // e203
}

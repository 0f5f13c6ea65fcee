using Microsoft.AspNetCore.Mvc;

namespace Truth.App.Controllers;

/// <summary>Found by the conventional route alone: neither class nor actions have one.</summary>
public sealed class HomeController : Controller
{
    public IActionResult Index() => Content("ok"); // e241

    [AllowAnonymous]
    public IActionResult Privacy() => Content("ok"); // e242

    [HttpPost]
    public IActionResult Contact(string text) => Content(text); // e243

    [HttpPost]
    [ValidateAntiForgeryToken]
    [UserOrAgentScope(AgentScopes.OrdersWrite)]
    public IActionResult Order(string text) => Content(text); // e244
}

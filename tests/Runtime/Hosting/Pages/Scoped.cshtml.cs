using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AgentAuth.Hosting.Pages;

[AgentScope("tickets.read")]
public sealed class ScopedModel : PageModel;

using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AgentAuth.Hosting.InertPages;

[AgentScope("tickets.read")]
public sealed class BothModel : PageModel;

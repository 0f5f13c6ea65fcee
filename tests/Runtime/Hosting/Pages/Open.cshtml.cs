using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AgentAuth.Hosting.Pages;

[AllowAnonymous]
public sealed class OpenModel : PageModel;

namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Razor pages, by their models.</summary>
public sealed class PageTests
{
    private const string Using = "using Microsoft.AspNetCore.Authorization; using Microsoft.AspNetCore.Mvc.RazorPages;\n";

    [Theory]
    [InlineData("app.MapRazorPages();", "public class [|IndexModel|] : PageModel { public void OnGet() { } }")]
    [InlineData("app.MapRazorPages();", "public class [|IndexModel|] : Base; public abstract class Base : PageModel;")]
    [InlineData("app.MapRazorPages();", "[AgentScope(AgentScopes.TicketsRead)] public class IndexModel : PageModel;")]
    [InlineData("app.MapRazorPages();", "public class IndexModel : Base; [AllowAnonymous] public abstract class Base : PageModel;")]
    [InlineData("app.MapRazorPages().DenyAgents();", "public class IndexModel : PageModel;")]
    [InlineData("", "public class IndexModel : PageModel;")]
    [InlineData("builder.Services.AddRazorPages(o => o.Conventions.AllowAnonymousToFolder(\"/\")); app.MapRazorPages();", "public class [?IndexModel?] : PageModel;")]
    [InlineData("builder.Services.AddRazorPages(o => o.Conventions.AuthorizeFolder(\"/\")); app.MapRazorPages();", "public class [|IndexModel|] : PageModel;")]
    public Task A_page_is_annotated_on_its_model_or_where_pages_are_mapped(string map, string types) => Marked.CodeAsync(
        Using + "using Microsoft.Extensions.DependencyInjection;\n" + Marked.Start + map + "\n" + types, isApplication: true);
}

using Microsoft.AspNetCore.DataProtection;
using Truth.App.Components;
using Truth.App.Framework;
using Truth.App.Grpc;
using Truth.App.Hubs;
using Truth.App.Mcp;
using Truth.App.Minimal;
using Truth.App.Minimal.Modules;
using Truth.App.Versioned;

// --endpoints prints the endpoints and ends; --beta takes the other branch wherever the code has two.
var dumps = args.Contains("--endpoints");
var beta = args.Contains("--beta");

var kept = Directory.CreateTempSubdirectory("truth-app-");
var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Configuration["AgentAuth:Storage:Path"] = Path.Combine(kept.FullName, "agentauth.db");
builder.Configuration["AgentAuth:Mail:Folder"] = Path.Combine(kept.FullName, "mail");
if (dumps)
{
    builder.Logging.ClearProviders();
}

builder.Services.AddAgentAuth();
builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
builder.Services.AddHealthChecks();
builder.Services.AddOpenApi();
builder.Services.AddApiVersioning();
builder.Services.AddSignalR();
builder.Services.AddGrpc();
builder.Services.AddMcpServer().WithHttpTransport().WithToolsFromAssembly();
builder.Services.AddControllersWithViews();
builder.Services.AddRazorPages(options => options.Conventions.AllowAnonymousToPage("/ByConvention"));
builder.Services.AddRazorComponents();

var app = builder.Build();
app.UseRouting();
app.UseAuthorization();
app.UseAntiforgery();
app.MapAgentAuth();

Verbs.Map(app);
Conventions.Map(app);
Locals.Map(app);
Branches.Map(app, beta);
HandlerAttributes.Map(app);
Groups.Map(app);
NestedGroups.Map(app);
GroupFlow.Map(app);
OwnExtensions.Map(app);
ModuleMapping.Map(app);
Shapes.Map(app);
VersionedApis.Map(app);
FrameworkEndpoints.Map(app);
HubMapping.Map(app);
McpMapping.Map(app);
GrpcMapping.Map(app);

app.MapGet("/e158/top", () => "ok").AllowAnonymous();
app.MapGet("/e159/top", () => "ok");
var top = app.MapGroup("/top").DenyAgents();
top.MapGet("/e160/top", () => "ok");
MapMore();

app.MapControllers();
app.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
app.MapRazorPages(); // e254: a page without a model has no other place in C#
app.MapRazorComponents<Root>(); // e272: all components

await app.StartAsync();
if (dumps)
{
    await EndpointDump.WriteAsync(app.Services, Console.Out);
    await app.StopAsync();
}
else
{
    await app.WaitForShutdownAsync();
}

kept.Delete(recursive: true);

void MapMore()
{
    app.MapGet("/e179/more", () => "ok");
    top.MapGet("/e189/more", () => "ok");
}

using System.Security.Claims;
using Guarded;
using Guarded.Grpc;
using Guarded.Hubs;
using Guarded.Mcp;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

var builder = WebApplication.CreateBuilder(args);
var everything = builder.Configuration.GetValue<bool>("everything");

builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
builder.Services.AddAgentAuth();
builder.Services.AddControllers();
builder.Services.AddRazorPages();
builder.Services.AddSignalR();
builder.Services.AddGrpc();
builder.Services.AddMcpServer().WithHttpTransport()
    .WithTools<ScopeTools>().WithTools<UserOrAgentTools>().WithTools<DenyTools>().WithTools<StepUpTools>().WithTools<MemberTools>();
builder.Services.AddSingleton<Reached>();
if (everything)
{
    builder.Services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache()));
    builder.Services.AddResponseCaching();
}

var app = builder.Build();
if (everything)
{
    app.UseExceptionHandler("/error");
    app.UseStatusCodePagesWithReExecute("/status/{0}");
}

app.UseRouting();
app.UseAuthentication();
app.UseAuthorization();
if (everything)
{
    app.UseResponseCaching();
    app.UseOutputCache();
}

app.MapAgentAuth();
app.MapControllers();
app.MapRazorPages();

// For the test: signs a person in, and tells what has run.
app.MapPost("/sign-in", (HttpContext context) => context.SignInAsync(
    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "person")], "password")))).AllowAnonymous();
app.MapPost("/reached", (Reached reached) => reached.Counts).AllowAnonymous();
app.MapGet("/error", () => Results.Text("error")).AllowAnonymous();
app.MapGet("/status/{code}", (int code) => Results.Text($"status {code}")).AllowAnonymous();

// On the group, which is a minimal API's class, and on the endpoint.
app.MapGroup("/minimal/class/scope").RequireAgentScope(AgentScopes.NotesWrite).MapGet("", (Reached reached) => reached.At("minimal/class/scope"));
app.MapGroup("/minimal/class/user-or-agent").RequireUserOrAgentScope(AgentScopes.NotesWrite).MapGet("", (Reached reached) => reached.At("minimal/class/user-or-agent"));
app.MapGroup("/minimal/class/deny").DenyAgents().MapGet("", (Reached reached) => reached.At("minimal/class/deny"));
app.MapGroup("/minimal/class/step-up").RequireUserOrAgentScope(AgentScopes.NotesRead).RequireAgentStepUp(TimeSpan.FromMinutes(10)).MapGet("", (Reached reached) => reached.At("minimal/class/step-up"));
var members = app.MapGroup("/minimal/member").RequireUserOrAgentScope(AgentScopes.NotesRead);
members.MapGet("scope", (Reached reached) => reached.At("minimal/member/scope")).RequireAgentScope(AgentScopes.NotesWrite);
members.MapGet("user-or-agent", (Reached reached) => reached.At("minimal/member/user-or-agent")).RequireUserOrAgentScope(AgentScopes.NotesWrite);
members.MapGet("deny", (Reached reached) => reached.At("minimal/member/deny")).DenyAgents();
members.MapGet("step-up", (Reached reached) => reached.At("minimal/member/step-up")).RequireAgentStepUp(TimeSpan.FromMinutes(10));

app.MapHub<ScopeHub>("/hub/class/scope");
app.MapHub<UserOrAgentHub>("/hub/class/user-or-agent");
app.MapHub<DenyHub>("/hub/class/deny");
app.MapHub<StepUpHub>("/hub/class/step-up");
app.MapHub<MemberHub>("/hub/member");

app.MapGrpcService<ScopeService>();
app.MapGrpcService<UserOrAgentService>();
app.MapGrpcService<DenyService>();
app.MapGrpcService<StepUpService>();
app.MapGrpcService<MemberService>();

app.MapMcp("/mcp").RequireUserOrAgentScope(AgentScopes.NotesRead);

app.Run();

using TicketDesk.Demo;
using TicketDesk.Tickets;

var builder = WebApplication.CreateSlimBuilder(args);
if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
{
    // What the settings for Development name, with and without a launch profile.
    builder.WebHost.UseUrls("http://localhost:5080");
}

var agentAuth = builder.Services.AddAgentAuth();
if (builder.Configuration["AgentAuth:Storage:PostgreSql"] is { Length: > 0 } postgreSql)
{
    agentAuth.AddPostgreSql(postgreSql);
}

builder.Services.AddTickets();
builder.Services.AddProblemDetails();
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
if (builder.Environment.IsDevelopment())
{
    builder.Services.AddDemo();
}

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapAgentAuth();
app.MapTickets();
app.MapGet("/health", () => "ok").AllowAnonymous();
if (app.Environment.IsDevelopment())
{
    app.MapDemo();
}
else
{
    app.MapGet("/", () => "TicketDesk. Agents begin at /auth.md.").AllowAnonymous();
}

app.Run();

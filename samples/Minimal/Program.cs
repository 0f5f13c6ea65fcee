var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddAgentAuth();                    // generated: knows your auth.md
var app = builder.Build();
app.MapAgentAuth();                                 // generated: discovery and the endpoints of the enabled methods
app.MapGet("/api/tickets", () => "…").RequireAgentScope(AgentScopes.TicketsRead);
app.MapPost("/api/tickets", () => "…").RequireAgentScope(AgentScopes.TicketsWrite);
app.MapGet("/health", () => "ok").AllowAnonymous();
app.Run();

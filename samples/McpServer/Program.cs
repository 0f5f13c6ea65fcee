using McpServer.Notes;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAgentAuth();
builder.Services.AddSingleton<Notebook>();
builder.Services.AddMcpServer().WithHttpTransport(options => options.Stateless = true).WithTools<NoteTools>();

var app = builder.Build();
app.MapAgentAuth();
app.MapMcp("/mcp").RequireAgentScope(AgentScopes.NotesRead);
app.Run();

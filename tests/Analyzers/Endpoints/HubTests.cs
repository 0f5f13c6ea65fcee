namespace AgentAuth.Analyzers.Endpoints;

/// <summary>Hubs and other classes that are mapped by their type.</summary>
public sealed class HubTests
{
    [Theory]
    [InlineData("app.[|MapHub|]<Chat>(\"/chat\"); class Chat : Microsoft.AspNetCore.SignalR.Hub;")]
    [InlineData("app.MapHub<Chat>(\"/chat\").DenyAgents(); class Chat : Microsoft.AspNetCore.SignalR.Hub;")]
    [InlineData("app.MapHub<Chat>(\"/chat\"); [AgentScope(AgentScopes.TicketsRead)] class Chat : Microsoft.AspNetCore.SignalR.Hub;")]
    [InlineData("app.MapHub<Chat>(\"/chat\"); class Chat : Base; [Microsoft.AspNetCore.Authorization.AllowAnonymous] class Base : Microsoft.AspNetCore.SignalR.Hub;")]
    [InlineData("Map<Chat>(app); static void Map<T>(WebApplication app) where T : Microsoft.AspNetCore.SignalR.Hub => app.[?MapHub?]<T>(\"/chat\"); [DenyAgents] class Chat : Microsoft.AspNetCore.SignalR.Hub;")]
    [InlineData("app.[|MapHub|]<Chat>(\"/chat\"); class Chat : Microsoft.AspNetCore.SignalR.Hub { [AgentScope(AgentScopes.TicketsRead)] public void Say() { } }")]
    [InlineData("app.MapHub<Chat>(\"/chat\"); [DenyAgents] class Chat : Microsoft.AspNetCore.SignalR.Hub { [AgentScope(AgentScopes.TicketsRead)] public void [!Say!]() { } }")]
    [InlineData("app.MapHub<Chat>(\"/chat\").DenyAgents(); class Chat : Microsoft.AspNetCore.SignalR.Hub { [AgentScope(AgentScopes.TicketsRead)] public void [!Say!]() { } }")]
    [InlineData("app.MapHub<Chat>(\"/chat\"); [AgentScope(AgentScopes.TicketsRead)] class Chat : Microsoft.AspNetCore.SignalR.Hub { [DenyAgents] public void Say() { } [AgentScope(AgentScopes.TicketsWrite)] public void Ask() { } }")]
    [InlineData("app.[!MapHub!]<Chat>(\"/chat\").DenyAgents(); [AgentScope(AgentScopes.TicketsRead)] class Chat : Microsoft.AspNetCore.SignalR.Hub { [AgentScope(AgentScopes.TicketsWrite)] public void Say() { } }")]
    public Task A_hub_is_annotated_on_its_class_or_where_it_is_mapped(string code) => Marked.AppAsync(code);
}

using System.ComponentModel;
using System.Security.Claims;
using ModelContextProtocol.Server;

namespace McpServer.Notes;

/// <summary>
/// The tools. Each needs what the endpoint asks for, <c>notes.read</c>, and what stands on it. An agent that lacks a scope is answered 403 with a
/// challenge that names it, and asks for that.
/// </summary>
[McpServerToolType]
internal sealed class NoteTools(Notebook notebook)
{
    [McpServerTool(Name = "list_notes", ReadOnly = true)]
    [Description("Lists the notes.")]
    public IReadOnlyList<string> List() => notebook.All;

    [McpServerTool(Name = "write_note")]
    [Description("Writes a note.")]
    [AgentScope(AgentScopes.NotesWrite)]
    public string Write([Description("What it says.")] string text, ClaimsPrincipal user)
    {
        notebook.Add(text);
        return $"Written for {user.GetAgent()?.AccountId}.";
    }

    [McpServerTool(Name = "burn_notebook", Destructive = true)]
    [Description("Burns all notes. Agents do not see this tool.")]
    [DenyAgents]
    public string Burn()
    {
        notebook.Clear();
        return "Burnt.";
    }
}

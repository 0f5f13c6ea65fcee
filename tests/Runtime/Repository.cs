namespace AgentAuth;

/// <summary>The working copy. Found from the binaries: a build on CI leaves no paths of its machine in them.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "AgentAuth.Codegen.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}

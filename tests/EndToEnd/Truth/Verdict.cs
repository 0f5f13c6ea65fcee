namespace AgentAuth.EndToEnd.Truth;

/// <summary>One number: what the running app says, and what the analyzers say.</summary>
/// <param name="Id">The number.</param>
/// <param name="File">The file where it stands first.</param>
/// <param name="Line">The line there.</param>
/// <param name="Source">The text of that line.</param>
/// <param name="Runtime">The endpoints with this number, of every run.</param>
/// <param name="Findings">What was reported on lines with this number.</param>
internal sealed record Verdict(string Id, string File, int Line, string Source, IReadOnlyList<RuntimeEndpoint> Runtime, IReadOnlyList<Finding> Findings)
{
    /// <summary>What the app says: <c>said</c> at every endpoint, <c>unsaid</c> at every one, <c>mixed</c>, or <c>none</c> there.</summary>
    public string Truth => Runtime.Select(endpoint => endpoint.Says).Distinct().ToList() switch
    {
        [] => "none",
        [var one] => one,
        _ => "mixed",
    };

    /// <summary>What the analyzers say: <c>missing</c>, <c>unknown</c>, or nothing, which is to say <c>annotated</c>.</summary>
    public string Analyzers =>
        Findings.Any(finding => finding.Rule == Finding.Missing) ? "missing" : Findings.Count > 0 ? "unknown" : "annotated";

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Problem => (Truth, Analyzers) switch
    {
        ("none", _) when !Expected.NoEndpoints.ContainsKey(Id) => "has no endpoint in the running app",
        ("none", "missing" or "unknown") => "is no endpoint, and is reported",
        ("said" or "unsaid" or "mixed", _) when Expected.NoEndpoints.ContainsKey(Id) => "is an endpoint after all",
        ("said", "missing") => "is annotated, and is reported as missing",
        ("unsaid" or "mixed", "annotated") => "says nothing, and is not reported",
        (_, "unknown") when !Expected.Unknown.ContainsKey(Id) => "cannot be proved, unexpectedly",
        (_, not "unknown") when Expected.Unknown.ContainsKey(Id) => "can be proved by now: take it off the list",
        _ => null,
    };

    /// <summary>The way of mapping it is an example of: the folder, and for minimal APIs the file.</summary>
    public string Style => Path.GetDirectoryName(File) switch
    {
        "" or null => "Top level",
        "Minimal" => "Minimal/" + Path.GetFileNameWithoutExtension(File),
        var folder => folder.Replace('\\', '/'),
    };
}

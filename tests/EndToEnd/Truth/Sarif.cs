using System.Text.Json;

namespace AgentAuth.EndToEnd.Truth;

/// <summary>Reads the compiler's error log.</summary>
internal static class Sarif
{
    /// <summary>The findings of the two rules, without those that the source suppresses.</summary>
    public static IReadOnlyList<Finding> Read(string json, string folder)
    {
        using var log = JsonDocument.Parse(json);
        return [.. log.RootElement.GetProperty("runs").EnumerateArray()
            .SelectMany(run => run.GetProperty("results").EnumerateArray())
            .Where(result => result.GetProperty("ruleId").GetString() is Finding.Missing or Finding.Unknown && !result.TryGetProperty("suppressions", out _))
            .Select(result => Find(result, folder))];
    }

    private static Finding Find(JsonElement result, string folder)
    {
        var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        var region = place.GetProperty("region");
        var file = new Uri(new Uri(Path.Combine(folder, "x")), place.GetProperty("artifactLocation").GetProperty("uri").GetString()!);
        return new Finding(
            result.GetProperty("ruleId").GetString()!,
            Path.GetRelativePath(folder, file.LocalPath).Replace('\\', '/'),
            region.GetProperty("startLine").GetInt32(),
            region.GetProperty("startColumn").GetInt32(),
            result.GetProperty("message").GetProperty("text").GetString()!);
    }
}

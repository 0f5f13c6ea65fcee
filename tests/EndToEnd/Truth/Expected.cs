namespace AgentAuth.EndToEnd.Truth;

/// <summary>What is as it is for a reason, and the reason.</summary>
internal static class Expected
{
    /// <summary>Lines that look like endpoints and are none: the running app does not have them, and no rule may ask for a word about agents there.</summary>
    public static IReadOnlyDictionary<string, string> NoEndpoints { get; } = new Dictionary<string, string>
    {
        ["e175"] = "Map(path, app => …) branches the pipeline",
        ["e176"] = "a MapGet of the app's own, which maps nothing",
        ["e214"] = "[NonAction]",
        ["e215"] = "a static method of a controller",
        ["e216"] = "an internal method of a controller",
        ["e235"] = "[NonController]",
        ["e236"] = "an internal controller",
        ["e237"] = "a nested controller, which MVC does not find",
    };

    /// <summary>Running endpoints that nobody maps and nobody can annotate one by one, by display name.</summary>
    public static IReadOnlyDictionary<string, string> NobodysEndpoints { get; } = new Dictionary<string, string>
    {
        ["gRPC - Unimplemented service"] = "answers for services that do not exist",
        ["gRPC - Unimplemented method for truth.Shelves"] = "answers for methods that do not exist",
        ["gRPC - Unimplemented method for truth.Parcels"] = "answers for methods that do not exist",
        ["gRPC - Unimplemented method for truth.Returns"] = "answers for methods that do not exist",
        ["Fallback {**path:file}"] = "MapStaticAssets, before the app is published: conventions do not reach it",
    };

    /// <summary>Endpoints of which the analyzers cannot know what they say: AUTHMD2003.</summary>
    public static IReadOnlyDictionary<string, string> Unknown { get; } = new Dictionary<string, string>
    {
        ["e031"] = "metadata added by a lambda, whose statements are not followed",
        ["e032"] = "metadata from a field that holds an array",
        ["e047"] = "annotated through an array and a loop",
        ["e048"] = "annotated through an array and a loop",
        ["e145"] = "mapped through an interface",
    };
}

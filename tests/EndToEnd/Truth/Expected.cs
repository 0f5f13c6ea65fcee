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
        ["e032"] = "metadata from an array in a field",
        ["e045"] = "one variable for two endpoints",
        ["e046"] = "one variable for two endpoints",
        ["e047"] = "annotated through an array and a loop",
        ["e048"] = "annotated through an array and a loop",
        ["e051"] = "annotated in a lambda that is called later",
        ["e054"] = "annotated in one branch",
        ["e061"] = "annotated behind a way out of the method",
        ["e063"] = "mapped on one group or another, of which one is annotated",
        ["e064"] = "annotated unless it is null, which nobody rules out",
        ["e080"] = "the handler is a delegate in a field",
        ["e081"] = "the handler is an interface's method, and the implementation's attributes count",
        ["e084"] = "the handler is a delegate that a method returns",
        ["e112"] = "mapped on a group that comes out of an out parameter",
        ["e113"] = "mapped on a group that comes out of a tuple",
        ["e114"] = "mapped in a lambda that a method of the app is given",
        ["e115"] = "mapped in a lambda that a method of the app is given",
        ["e128"] = "annotated by a method that does so under a condition",
        ["e129"] = "a wrapper around MapGet, of whose callers only one annotates",
        ["e146"] = "mapped through an interface, which another call maps into an annotated group",
        ["e147"] = "mapped through an interface, which another call maps without a group",
        ["e165"] = "mapped on a group that comes out of a tuple",
        ["e168"] = "mapped on a group in a property, which is annotated through it",
        ["e272"] = "components speak for themselves, each of them",
    };
}

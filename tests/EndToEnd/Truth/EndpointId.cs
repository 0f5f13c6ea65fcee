using System.Text.RegularExpressions;

namespace AgentAuth.EndToEnd.Truth;

/// <summary>The number of an endpoint of the app, such as <c>e042</c>: in its route when it runs, and on its line of the source.</summary>
internal static partial class EndpointId
{
    // Routes that cannot carry a number: conventional ones, those of gRPC, and those that a whole feature maps at once.
    private static readonly (string Name, string Id)[] s_named =
    [
        ("Truth.App.Controllers.HomeController.Index (Truth.App)", "e241"),
        ("Truth.App.Controllers.HomeController.Privacy (Truth.App)", "e242"),
        ("Truth.App.Controllers.HomeController.Contact (Truth.App)", "e243"),
        ("Truth.App.Controllers.HomeController.Order (Truth.App)", "e244"),
        ("/components/annotated (/components/annotated)", "e272"),
        ("/components/silent (/components/silent)", "e272"),
        ("Blazor Opaque Redirection", "e272"),
        ("gRPC - /truth.Shelves/List", "e300"),
        ("gRPC - /truth.Shelves/Move", "e301"),
        ("gRPC - /truth.Parcels/Find", "e302"),
        ("gRPC - /truth.Parcels/Send", "e303"),
        ("gRPC - /truth.Returns/Take", "e304"),
    ];

    /// <summary>The numbers on a line, in its order, with the columns where they begin, counted from 1.</summary>
    public static IEnumerable<(string Id, int Column)> On(string line) => Pattern().Matches(line).Select(match => (match.Value, match.Index + 1));

    /// <summary>The number of a running endpoint; null when it has none.</summary>
    public static string? Of(RuntimeEndpoint endpoint)
    {
        // MapStaticAssets also serves what Blazor brings along, and its endpoints have no names.
        if (endpoint is { Name: null, Route: { } asset } && asset.StartsWith("_framework/", StringComparison.Ordinal))
        {
            return "e185";
        }

        return new[] { endpoint.Route, endpoint.Name }
            .SelectMany(text => On(text ?? ""))
            .Select(found => found.Id)
            .FirstOrDefault() ?? s_named.FirstOrDefault(named => named.Name == endpoint.Name).Id;
    }

    [GeneratedRegex(@"\be\d{3}\b")]
    private static partial Regex Pattern();
}

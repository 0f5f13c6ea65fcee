namespace Truth.App.Minimal.Modules;

/// <summary>And here the handlers, with what they say.</summary>
internal static partial class Catalog
{
    [AgentScope(AgentScopes.StockRead)]
    private static string List() => "ok";

    private static string Add() => "ok";
}

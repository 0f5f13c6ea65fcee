namespace AgentAuth.Wire.Http;

/// <summary>What an endpoint of ours is published as: metadata of each, from which the check at start knows whether it is where agents will look.</summary>
/// <param name="Name">What it is called in logs.</param>
/// <param name="Url">The URL that the metadata and auth.md name.</param>
/// <param name="Paths">The paths of which one must be served: that of the URL, and without the issuer's path for a proxy that takes it away.</param>
/// <param name="IsReadByPages">True of documents that pages of any origin may read.</param>
internal sealed record PublishedEndpoint(string Name, string Url, IReadOnlyList<string> Paths, bool IsReadByPages = false);

using System.Collections.Immutable;
using AgentAuth.AuthMd;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Protocol.V01;

namespace AgentAuth.Analyzers;

/// <summary>The paths that <c>MapAgentAuth</c> maps for an auth.md, as long as the deployment keeps its identifiers.</summary>
internal static class ProtocolPaths
{
    private static readonly ImmutableArray<string> s_get = ["GET", "HEAD"];
    private static readonly ImmutableArray<string> s_post = ["POST"];
    private static readonly ImmutableArray<string> s_getAndPost = ["GET", "HEAD", "POST"];

    /// <summary>The paths of a document.</summary>
    public static ImmutableArray<ProtocolPath> Of(AuthDocument document)
    {
        var issuer = EndpointPaths.IssuerOf(document);
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out _) || document.Resource is not { } resource || !Uri.TryCreate(resource.Value, UriKind.Absolute, out _))
        {
            return [];
        }

        var urls = new WellKnownUrls(issuer, resource.Value);
        var paths = ImmutableArray.CreateBuilder<ProtocolPath>();
        paths.Add(new ProtocolPath(WellKnownUrls.AuthMdPath, s_get));
        paths.AddRange(WellKnownUrls.Places(WellKnownUrls.ProtectedResourcePath, urls.ResourcePath).Select(path => new ProtocolPath(path, s_get)));
        paths.AddRange(WellKnownUrls.Places(WellKnownUrls.AuthorizationServerPath, urls.IssuerPath).Select(path => new ProtocolPath(path, s_get)));
        foreach (var (path, methods) in UnderIssuer(document))
        {
            paths.Add(new ProtocolPath(path, methods));
            if (urls.IssuerPath.Length > 0)
            {
                paths.Add(new ProtocolPath(urls.IssuerPath + path, methods));
            }
        }

        return paths.ToImmutable();
    }

    private static IEnumerable<(string Path, ImmutableArray<string> Methods)> UnderIssuer(AuthDocument document)
    {
        var endpoints = EndpointPaths.Of(document);
        var delegates = document.Methods.Any(method => method.Kind == MethodKind.IdentityAssertion);
        if (!document.Methods.IsEmpty)
        {
            yield return (endpoints.Register, s_post);
        }

        if (document.Methods.Any(method => method.Kind != MethodKind.IdentityAssertion) || (delegates && MatchesEmail(document)))
        {
            yield return (endpoints.Claim, s_post);
            yield return (endpoints.Claim + V01Paths.Complete, s_post);
            yield return (endpoints.Claim + V01Paths.View, s_get);
            yield return (endpoints.Claim + V01Paths.ViewStyle, s_get);
            yield return (endpoints.Claim + V01Paths.Challenge, s_getAndPost);
            yield return (endpoints.Claim + V01Paths.Decline, s_getAndPost);
        }

        if (delegates)
        {
            yield return (endpoints.Revoke, s_post);
        }

        if (EndpointPaths.HasTokenEndpoint(document))
        {
            yield return (OAuthPaths.Token, s_post);
            yield return (OAuthPaths.Revoke, s_post);
            yield return (OAuthPaths.Authorize, s_get);
        }
    }

    // The owner of an address is asked before an agent of somebody else's provider gets the account.
    private static bool MatchesEmail(AuthDocument document) =>
        document.AccountMatching.IsEmpty || document.AccountMatching.Any(step => step.Value == MatchingStep.VerifiedEmail);
}

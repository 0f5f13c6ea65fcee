using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentAuth.Hosting;

/// <summary>
/// The URL of a request that has secrets in it: as it came, which is what the app gets, and without them, which is what the host writes down. A
/// feature of such requests, and of no others.
/// </summary>
internal sealed class HiddenUrl
{
    private const string PathTag = "url.path";

    private readonly Url _original;
    private readonly Url _shown;

    private HiddenUrl(Url original, Url shown)
    {
        _original = original;
        _shown = shown;
    }

    /// <summary>The path without secrets.</summary>
    public string Path => _shown.Path;

    /// <summary>The query without secrets.</summary>
    public string Query => _shown.Query;

    /// <summary>Takes the secrets out of a request's URL, when it has any.</summary>
    public static void HideIn(HttpContext context)
    {
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var original = Url.Of(request);
        if (original.WithoutSecrets() is not { } shown)
        {
            return;
        }

        shown.Write(request);
        context.Features.Set(new HiddenUrl(original, shown));

        // The host names the path in the trace before it announces the request.
        if (Activity.Current is { } activity && UrlSecrets.Hide(activity.GetTagItem(PathTag) as string) is { } path)
        {
            activity.SetTag(PathTag, path);
        }
    }

    /// <summary>Gives the app the URL as it came.</summary>
    public void Restore(HttpContext context) => _original.Write(context.Features.GetRequiredFeature<IHttpRequestFeature>());

    /// <summary>Takes the secrets out again, behind the app, which may have changed the URL.</summary>
    public void HideAgain(HttpContext context)
    {
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var url = Url.Of(request);
        (url == _original ? _shown : url.WithoutSecrets() ?? url).Write(request);
    }

    private sealed record Url(string Path, string Query, string RawTarget)
    {
        public static Url Of(IHttpRequestFeature request) => new(request.Path, request.QueryString, request.RawTarget);

        public Url? WithoutSecrets()
        {
            var (path, query, target) = (UrlSecrets.Hide(Path), UrlSecrets.Hide(Query), UrlSecrets.Hide(RawTarget));
            return path is null && query is null && target is null ? null : new Url(path ?? Path, query ?? Query, target ?? RawTarget);
        }

        public void Write(IHttpRequestFeature request)
        {
            request.Path = Path;
            request.QueryString = Query;
            request.RawTarget = RawTarget;
        }

        // A record prints its members; this one must not.
        public override string ToString() => "(URL)";
    }
}

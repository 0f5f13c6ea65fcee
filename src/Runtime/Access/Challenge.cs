using System.Globalization;
using AgentAuth.Discovery;
using AgentAuth.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Access;

/// <summary>
/// The <c>WWW-Authenticate</c> values (RFC 6750 §3, RFC 9728 §5.1) from which an agent learns where to begin. Ours comes first, in a header of its
/// own: many clients read the first <c>Bearer</c> challenge and no other.
/// </summary>
internal sealed class Challenge(ServiceUrls urls)
{
    private const string ResourceMetadata = "resource_metadata=";

    private readonly string _plain = $"Bearer {ResourceMetadata}\"{urls.ProtectedResourceMetadata}\"";

    /// <summary>A credential was presented and refused.</summary>
    public void AddInvalidToken(HttpResponse response) =>
        Add(response, _plain + ", error=\"invalid_token\"" + ScopeParameter(ScopesToBeginWith(response)));

    /// <summary>The credential is good and lacks a scope; none is named where no scope would help.</summary>
    public void AddInsufficientScope(HttpResponse response, IReadOnlyCollection<string> scopes) =>
        Add(response, _plain + ", error=\"insufficient_scope\"" + ScopeParameter(scopes));

    /// <summary>The credential and its scopes are good, and the sign-in behind it is not enough (RFC 9470 §3).</summary>
    public void AddInsufficientUserAuthentication(HttpResponse response, RequiredAuthentication required)
    {
        var age = required.MaxAgeSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", max_age=\"{seconds}\"") : "";
        var contexts = required.AcrValues is { } values ? $", acr_values=\"{values}\"" : "";
        Add(response, $"{_plain}, error=\"insufficient_user_authentication\"{age}{contexts}");
    }

    /// <summary>
    /// Adds the plain challenge to a 401 that has none of ours yet, whoever wrote it: no credential was presented, and RFC 6750 §3.1 wants no error
    /// code then. A page of another origin, where the app lets one in, may read the challenge.
    /// </summary>
    public void Ensure(HttpResponse response)
    {
        if (response.StatusCode != StatusCodes.Status401Unauthorized)
        {
            return;
        }

        if (!response.Headers.WWWAuthenticate.Any(value => value?.Contains(ResourceMetadata, StringComparison.Ordinal) == true))
        {
            Add(response, _plain + ScopeParameter(ScopesToBeginWith(response)));
        }

        var exposed = response.Headers.AccessControlExposeHeaders;
        if (response.Headers.AccessControlAllowOrigin.Count > 0 && !exposed.ToString().Contains("WWW-Authenticate", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.AccessControlExposeHeaders = StringValues.Concat(exposed, "WWW-Authenticate");
        }
    }

    // Without them a client asks for every scope there is.
    private static IReadOnlyCollection<string> ScopesToBeginWith(HttpResponse response) => EndpointAccess.ScopesOf(response.HttpContext.GetEndpoint());

    private static string ScopeParameter(IReadOnlyCollection<string> scopes) => scopes.Count == 0 ? "" : $", scope=\"{string.Join(' ', scopes)}\"";

    // A bare "Bearer", as JwtBearer writes it, says nothing that ours does not, and hides it from a client that parses strictly.
    private static void Add(HttpResponse response, string value) =>
        response.Headers.WWWAuthenticate = new StringValues(
            [value, .. response.Headers.WWWAuthenticate.Where(other => !string.Equals(other?.Trim(), "Bearer", StringComparison.OrdinalIgnoreCase))]);
}

using System.Globalization;
using AgentAuth.Assertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Discovery;

/// <summary>The <c>WWW-Authenticate</c> values (RFC 6750 §3, RFC 9728 §5.1) from which an agent learns where to begin.</summary>
internal sealed class Challenge(ServiceUrls urls)
{
    private readonly string _plain = $"Bearer resource_metadata=\"{urls.ProtectedResourceMetadata}\"";

    /// <summary>A credential was presented and refused.</summary>
    public void AddInvalidToken(HttpResponse response) => Add(response, _plain + ", error=\"invalid_token\"");

    /// <summary>The credential is good and lacks a scope; none is named where no scope would help.</summary>
    public void AddInsufficientScope(HttpResponse response, IReadOnlyCollection<string> scopes) =>
        Add(response, scopes.Count == 0
            ? _plain + ", error=\"insufficient_scope\""
            : $"{_plain}, error=\"insufficient_scope\", scope=\"{string.Join(' ', scopes)}\"");

    /// <summary>The credential and its scopes are good, and the sign-in behind it is not enough (RFC 9470 §3).</summary>
    public void AddInsufficientUserAuthentication(HttpResponse response, RequiredAuthentication required)
    {
        var age = required.MaxAgeSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", max_age=\"{seconds}\"") : "";
        var contexts = required.AcrValues is { } values ? $", acr_values=\"{values}\"" : "";
        Add(response, $"{_plain}, error=\"insufficient_user_authentication\"{age}{contexts}");
    }

    /// <summary>
    /// Adds the plain challenge to a 401 that has none of ours yet, whoever wrote it: no credential was presented, and RFC 6750 §3.1 wants no error
    /// code then.
    /// </summary>
    public void Ensure(HttpResponse response)
    {
        if (response.StatusCode != StatusCodes.Status401Unauthorized)
        {
            return;
        }

        foreach (var value in response.Headers.WWWAuthenticate)
        {
            if (value is not null && value.Contains("resource_metadata=", StringComparison.Ordinal))
            {
                return;
            }
        }

        Add(response, _plain);
    }

    private static void Add(HttpResponse response, string value) =>
        response.Headers.WWWAuthenticate = StringValues.Concat(response.Headers.WWWAuthenticate, value);
}

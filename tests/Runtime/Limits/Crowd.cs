using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace AgentAuth.Limits;

/// <summary>Requests from many remote addresses, as a service sees them that is behind no proxy.</summary>
internal static class Crowd
{
    private const string Header = "X-Test-Address";
    private const string IdJag = "urn:ietf:params:oauth:token-type:id-jag";

    /// <summary>Lets a service believe the addresses of <see cref="PostFromAsync"/>. To be given to <see cref="TestService.StartAsync"/>.</summary>
    public static void Use(WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Headers[Header] is [{ } address])
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        }

        return next(context);
    });

    public static Task<Answer> PostFromAsync(this TestService service, string address, string path, object body) =>
        service.SendAsync(HttpMethod.Post, path, null, TestService.JsonContent(JsonSerializer.Serialize(body)), request => request.Headers.Add(Header, address));

    public static Task<Answer> PostFormFromAsync(this TestService service, string address, string path, string name, string value) =>
        service.SendAsync(HttpMethod.Post, path, null, new FormUrlEncodedContent([new(name, value)]), request => request.Headers.Add(Header, address));

    public static Task<Answer> StartAnonymouslyFromAsync(this TestService service, string address) =>
        service.PostFromAsync(address, "/agent/auth", new { type = "anonymous" });

    public static Task<Answer> RegisterByEmailFromAsync(this TestService service, string address, string email) =>
        service.PostFromAsync(address, "/agent/auth", new { type = "identity_assertion", assertion_type = "verified_email", assertion = email, requested_credential_type = "api_key" });

    public static Task<Answer> RegisterByAssertionFromAsync(this TestService service, string address, string assertion) =>
        service.PostFromAsync(address, "/agent/auth", new { type = "identity_assertion", assertion_type = IdJag, assertion });

    public static Task<Answer> ClaimFromAsync(this TestService service, string address, string claimToken, string email) =>
        service.PostFromAsync(address, "/agent/auth/claim", new { claim_token = claimToken, email });

    /// <summary>The n-th of many addresses that have nothing to do with each other.</summary>
    public static string Address(int n) => $"198.51.{n / 250}.{(n % 250) + 1}";
}

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using AgentAuth.Clients;
using AgentAuth.Protocol;
using AgentAuth.Protocol.OAuth;
using AgentAuth.Refusals;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Wire.OAuth;

/// <summary>The parameters of a request to the token or the revocation endpoint (RFC 6749 §3.2): in the body only, each once; an empty one is none.</summary>
internal sealed class OAuthForm
{
    private const string Basic = "Basic ";
    private const string ClientId = "client_id";
    private const string ClientSecret = "client_secret";
    private const string ClientAssertion = "client_assertion";

    // What must never stand in a URL, where it is logged and kept (RFC 6749 §2.3.1).
    private static readonly string[] s_secrets = [ClientSecret, ClientAssertion, "assertion", "token", "refresh_token", "code"];

    private readonly Dictionary<string, StringValues> _fields;

    private OAuthForm(Dictionary<string, StringValues> fields) => _fields = fields;

    /// <summary>Reads a request.</summary>
    public static async ValueTask<Outcome<OAuthForm>> ReadAsync(HttpRequest request)
    {
        if (RequestBody.MediaTypeOf(request) != RequestBody.Form)
        {
            return RequestRefusals.UnsupportedMediaType(RequestBody.Form);
        }

        if (s_secrets.FirstOrDefault(request.Query.ContainsKey) is { } inUrl)
        {
            return RequestRefusals.InvalidRequest($"'{inUrl}' stands in the URL, where it is logged. Send it in the body, and replace it if it is a secret.");
        }

        var read = await RequestBody.ReadFormFieldsAsync(request);
        if (read.Value is not { } fields)
        {
            return read.Refusal!;
        }

        foreach (var (name, values) in fields)
        {
            if (values.Count > 1)
            {
                return name == "resource"
                    ? new Refusal(RefusalReason.InvalidTarget, "'resource' is there more than once. Ask for one resource at a time (RFC 8707 §2).")
                    : RequestRefusals.InvalidRequest("A parameter is there more than once. Send each once.");
            }
        }

        return new OAuthForm(fields);
    }

    /// <summary>The value of a parameter; null when it is not there, or empty.</summary>
    public string? Text(string name) => _fields.TryGetValue(name, out var values) && values[0] is { Length: > 0 } value ? value : null;

    /// <summary>By what the client says who it is: in the <c>Authorization</c> header or in the body, never both (RFC 6749 §2.3).</summary>
    public Outcome<PresentedClient> Client(HttpRequest request)
    {
        var (id, secret, assertion, type) = (Text(ClientId), Text(ClientSecret), Text(ClientAssertion), Text("client_assertion_type"));
        if ((assertion is null) != (type is null) || type is not (null or OAuthNames.JwtBearerClient))
        {
            return RequestRefusals.InvalidRequest($"'client_assertion' comes with the 'client_assertion_type' {OAuthNames.JwtBearerClient}, and with no other.");
        }

        if (secret is not null && assertion is not null)
        {
            return RequestRefusals.InvalidRequest("The client authenticates in two ways. Use one (RFC 6749 §2.3).");
        }

        var headers = request.Headers.Authorization;
        if (headers.Count == 0)
        {
            return new PresentedClient { Id = id, Secret = secret, Assertion = assertion };
        }

        if (headers.Count > 1 || !TryReadBasic(headers[0], out var user, out var password))
        {
            return new Refusal(RefusalReason.ClientAuthenticationFailed, "The Authorization header is not one of Basic authentication (RFC 7617). Send the client's id and secret there, or in the body.");
        }

        if (secret is not null || assertion is not null || (id is not null && id != user))
        {
            return RequestRefusals.InvalidRequest("The client names itself in the Authorization header and in the body. Use one of them (RFC 6749 §2.3).");
        }

        // "id:" is how some libraries send a client that has no secret.
        return new PresentedClient { Id = user, Secret = password.Length == 0 ? null : password };
    }

    // RFC 6749 §2.3.1: id and secret are form-encoded before they are joined. Ids and secrets without special characters read the same either way.
    private static bool TryReadBasic(string? header, [NotNullWhen(true)] out string? user, [NotNullWhen(true)] out string? password)
    {
        (user, password) = (null, null);
        if (header?.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) != true)
        {
            return false;
        }

        var encoded = header[Basic.Length..].Trim(' ');
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length) || !System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length)))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return false;
        }

        (user, password) = (WebUtility.UrlDecode(text[..colon]), WebUtility.UrlDecode(text[(colon + 1)..]));
        return user.Length > 0;
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Protocol.V01;
using Microsoft.AspNetCore.Http;

namespace AgentAuth.Claims;

/// <summary>
/// Lets a browser have the page again after a button was pressed, when it restores or reloads a page whose address has no token: in a cookie for
/// the addresses of the buttons alone, as long as the link is good. The token in it is sealed, so that it stands in no header that somebody logs;
/// only this service can open it, and only to show the page, which acts when a button is pressed again.
/// </summary>
internal sealed class PageMemory(ServerSecret secret, ServiceUrls urls)
{
    private const string Cookie = "agentauth-claim";

    /// <summary>More than any sealed token has.</summary>
    private const int LongestCookie = 256;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly CookieOptions _cookie = new()
    {
        Path = urls.ClaimPath + V01Paths.Attempt,
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,

        // By what is configured: a proxy may have taken https away.
        Secure = urls.Issuer.StartsWith("https:", StringComparison.Ordinal),
        IsEssential = true,
    };

    /// <summary>Remembers a link whose button was pressed on our own page. Another site's form must not decide which page comes back.</summary>
    /// <param name="context">The request of the button.</param>
    /// <param name="token">The link's token, which was good.</param>
    /// <param name="life">How long the link is good.</param>
    public void Remember(HttpContext context, string token, TimeSpan life)
    {
        if (context.Request.Headers["Sec-Fetch-Site"] == "same-origin")
        {
            context.Response.Cookies.Append(Cookie, Seal(token), new CookieOptions(_cookie) { MaxAge = life });
        }
    }

    /// <summary>The token of the link whose button this browser pressed last; null when it remembers none.</summary>
    public string? Recall(HttpRequest request) =>
        request.Cookies[Cookie] is { Length: > 0 and <= LongestCookie } cookie ? Open(cookie) : null;

    private string Seal(string token)
    {
        var plain = Encoding.UTF8.GetBytes(token);
        var bytes = new byte[NonceLength + plain.Length + TagLength];
        var nonce = bytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Key(), TagLength);
        aes.Encrypt(nonce, plain, bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(NonceLength + plain.Length));
        return Base64Url.EncodeToString(bytes);
    }

    private string? Open(string cookie)
    {
        if (!Base64Url.IsValid(cookie) || Base64Url.DecodeFromChars(cookie) is not { Length: > NonceLength + TagLength } bytes)
        {
            return null;
        }

        var plain = new byte[bytes.Length - NonceLength - TagLength];
        try
        {
            using var aes = new AesGcm(Key(), TagLength);
            aes.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(NonceLength + plain.Length), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            // Somebody else's, or from before the key was changed.
            return null;
        }

        return Encoding.UTF8.GetString(plain);
    }

    // Codes are hashed with the secret itself; what is derived for one purpose is worth nothing for the other.
    private byte[] Key() => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Key, outputLength: 32, info: "agentauth claim page"u8.ToArray());
}

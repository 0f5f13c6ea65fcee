using AgentAuth.Discovery;
using AgentAuth.Protocol;
using AgentAuth.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentAuth.Wire.OAuth;

/// <summary>What all answers of OAuth's endpoints have in common.</summary>
internal static class OAuthAnswer
{
    /// <summary>Nobody keeps the answer (RFC 6749 §5.1), and pages of every origin may read it: no cookie is involved.</summary>
    public static void Prepare(HttpResponse response)
    {
        response.Headers.Pragma = "no-cache";
        response.Headers.AccessControlAllowOrigin = "*";
    }

    /// <summary>Answers with a refusal. One of a client says how clients authenticate (RFC 6749 §5.2).</summary>
    public static Task RefuseAsync(HttpResponse response, Refusal refusal, ServiceUrls urls)
    {
        if (refusal.Reason == RefusalReason.ClientAuthenticationFailed)
        {
            response.Headers.WWWAuthenticate = StringValues.Concat(response.Headers.WWWAuthenticate, $"Basic realm=\"{urls.Issuer}\"");
        }

        return OAuthProfile.Instance.WriteAsync(
            response, refusal.Reason == RefusalReason.InteractionRequired ? refusal with { MoreAt = urls.AuthMd } : refusal);
    }
}

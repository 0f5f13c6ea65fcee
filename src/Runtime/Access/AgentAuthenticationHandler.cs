using System.Security.Claims;
using System.Text.Encodings.Web;
using AgentAuth.Credentials;
using AgentAuth.Discovery;
using AgentAuth.Refusals;
using AgentAuth.Storage;
using AgentAuth.Telemetry;
using AgentAuth.Wire.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentAuth.Access;

/// <summary>
/// Authenticates <c>Authorization: Bearer</c> credentials of ours, and answers 401 and 403 so that an agent knows what to do. A bearer value
/// without our prefix is some other scheme's and left alone.
/// </summary>
internal sealed class AgentAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    LiveCredentials credentials,
    CredentialWatch live,
    AgentAuthMetrics metrics,
    Challenge challenge,
    WireProfile profile,
    ServiceUrls urls,
    AgentStepUpHandler stepUp,
    UnusedForwardedHeaders forwarded) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string BearerScheme = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (!headers.Any(IsBearer))
        {
            return AuthenticateResult.NoResult();
        }

        // RFC 6750 §2: one method, once. Two headers, or a list in one, could be read differently by whoever stands in front of us.
        if (headers.Count != 1)
        {
            return headers.Any(IsOurs) ? Fail(CredentialCheck.Malformed, "More than one Authorization header.") : AuthenticateResult.NoResult();
        }

        var value = Value(headers[0]);
        switch (CredentialFormat.ShapeOf(value))
        {
            case CredentialShape.Foreign:
                return AuthenticateResult.NoResult();
            case CredentialShape.Damaged:
                return Fail(CredentialCheck.Malformed, "The credential's checksum is wrong.");
            default:
                return await AuthenticateAsync(SecretHash.Of(value));
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // An error page may have a handler of its own, so nothing is remembered in here.
        if ((await PresentedCredential.OfAsync(Context)).Failure is AgentAuthStorageException)
        {
            await profile.WriteAsync(Response, Refusal.StorageUnavailable);
        }
        // One that stands where none is read was not judged: it may be good, and is not to be dropped.
        else if (MisplacedCredential.PlaceIn(Request) is var misplaced
            && Request.Headers.Authorization.Any(IsBearer) && (misplaced is null || Request.Headers.Authorization.Any(IsOurs)))
        {
            challenge.AddInvalidToken(Response);
            await profile.WriteAsync(Response, misplaced is null ? AccessRefusals.InvalidToken(urls) : AccessRefusals.CredentialMisread(misplaced));
        }
        else
        {
            await profile.WriteAsync(Response, misplaced is null ? AccessRefusals.CredentialNeeded(urls) : AccessRefusals.CredentialMisplaced(misplaced));
        }
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scopes = EndpointAccess.ScopesOf(Context.GetEndpoint());
        var agent = (await PresentedCredential.OfAsync(Context)).Principal?.GetAgent();

        // Whoever holds them all was refused by the app itself, and must not be told to get what it has.
        var holdsAll = agent is not null && scopes.Count > 0 && scopes.All(agent.Has);
        if (holdsAll && EndpointAccess.AuthenticationOf(Context.GetEndpoint()) is { } required
            && !stepUp.IsMet(required, agent!))
        {
            challenge.AddInsufficientUserAuthentication(Response, required);
            await profile.WriteAsync(Response, AccessRefusals.StepUpNeeded(required));
            return;
        }

        challenge.AddInsufficientScope(Response, holdsAll ? [] : scopes);
        await profile.WriteAsync(Response, holdsAll ? AccessRefusals.RefusedByService : AccessRefusals.InsufficientScope(scopes));
    }

    /// <summary>Whether a header presents a credential that is, or was to be, one of ours.</summary>
    public static bool IsOurs(string? header) => IsBearer(header) && CredentialFormat.ShapeOf(Value(header)) != CredentialShape.Foreign;

    private static bool IsBearer(string? header) => header.AsSpan().StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Any number of spaces may follow the scheme (RFC 9110 §11.4), and none belongs to the credential.</summary>
    private static ReadOnlySpan<char> Value(string? header) => header.AsSpan(BearerScheme.Length).TrimStart(' ');

    /// <summary>Reads what an Authorization header has behind <c>Bearer</c>; false when that is not its scheme.</summary>
    internal static bool TryReadBearer(string? header, out ReadOnlySpan<char> value)
    {
        value = IsBearer(header) ? Value(header) : default;
        return IsBearer(header);
    }

    private async Task<AuthenticateResult> AuthenticateAsync(SecretHash hash)
    {
        forwarded.NoticeAtAuthentication(Context);
        try
        {
            var credential = await credentials.FindAsync(hash, Context, Context.RequestAborted);
            return credential is null
                ? AuthenticateResult.Fail("The credential is unknown, expired or revoked.")
                : AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new AgentClaimsIdentity(credential, hash, live)), Scheme.Name));
        }
        catch (AgentAuthStorageException e)
        {
            // Nobody gets in while nobody can be told apart.
            CredentialLog.StoreUnavailable(Logger, e);
            return AuthenticateResult.Fail(new AgentAuthStorageException("The credential store is unavailable.", e));
        }
    }

    private AuthenticateResult Fail(CredentialCheck outcome, string message)
    {
        metrics.CredentialChecked(outcome);
        return AuthenticateResult.Fail(message);
    }
}

internal static partial class CredentialLog
{
    [LoggerMessage(1, LogLevel.Error, "The credential store is unavailable; agents are answered 503 until it is back.")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception);
}

using System.Security.Claims;
using System.Text.Encodings.Web;
using AgentAuth.Discovery;
using AgentAuth.Storage;
using AgentAuth.Telemetry;
using AgentAuth.Wire.V01;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentAuth.Credentials;

/// <summary>
/// Authenticates <c>Authorization: Bearer</c> credentials of ours, and answers 401 and 403 so that an agent knows what to do. A bearer value
/// without our prefix is some other scheme's and left alone.
/// </summary>
internal sealed class AgentAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IAgentAuthStore store,
    RevokedCredentialWatch watch,
    AgentAuthMetrics metrics,
    Challenge challenge,
    ServiceUrls urls,
    AgentStepUpHandler stepUp,
    TimeProvider time) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string BearerScheme = "Bearer ";

    private bool _presented;
    private bool _storeIsDown;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        _presented = headers.Any(IsBearer);
        if (!_presented)
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

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_storeIsDown)
        {
            return WireErrors.TemporarilyUnavailable.WriteAsync(Response);
        }

        // One that stands where none is read was not judged: it may be good, and is not to be dropped.
        var misplaced = MisplacedCredential.PlaceIn(Request);
        if (_presented && (misplaced is null || Request.Headers.Authorization.Any(IsOurs)))
        {
            challenge.AddInvalidToken(Response);
            return (misplaced is null ? WireErrors.InvalidToken(urls) : WireErrors.CredentialMisread(misplaced)).WriteAsync(Response);
        }

        return (misplaced is null ? WireErrors.CredentialNeeded(urls) : WireErrors.CredentialMisplaced(misplaced)).WriteAsync(Response);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scopes = EndpointAccess.ScopesOf(Context.GetEndpoint());
        var agent = (await HandleAuthenticateOnceSafeAsync()).Principal?.GetAgent();

        // Whoever holds them all was refused by the app itself, and must not be told to get what it has.
        var holdsAll = agent is not null && scopes.Count > 0 && scopes.All(agent.Has);
        if (holdsAll && EndpointAccess.AuthenticationOf(Context.GetEndpoint()) is { } required
            && !stepUp.IsMet(required, agent!))
        {
            challenge.AddInsufficientUserAuthentication(Response, required);
            await WireErrors.InsufficientUserAuthentication(required).WriteAsync(Response);
            return;
        }

        challenge.AddInsufficientScope(Response, holdsAll ? [] : scopes);
        await (holdsAll ? WireErrors.RefusedByService : WireErrors.InsufficientScope(scopes)).WriteAsync(Response);
    }

    private static bool IsBearer(string? header) => header.AsSpan().StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase);

    private static bool IsOurs(string? header) => IsBearer(header) && CredentialFormat.ShapeOf(Value(header)) != CredentialShape.Foreign;

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
        CredentialRecord? credential;
        CredentialState? state;
        try
        {
            credential = await store.FindCredentialAsync(hash, Context.RequestAborted);
            state = credential?.StateAt(time.GetUtcNow());
            if (state == CredentialState.Revoked)
            {
                await watch.ReportAsync(credential!, Context);
            }
        }
        catch (AgentAuthStorageException e)
        {
            // Nobody gets in while nobody can be told apart.
            CredentialLog.StoreUnavailable(Logger, e);
            _storeIsDown = true;
            return Fail(CredentialCheck.Unavailable, "The credential store is unavailable.");
        }

        if (state != CredentialState.Live)
        {
            return Fail(
                state switch { null => CredentialCheck.Unknown, CredentialState.Revoked => CredentialCheck.Revoked, _ => CredentialCheck.Expired },
                "The credential is unknown, expired or revoked.");
        }

        metrics.CredentialChecked(CredentialCheck.Live);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new AgentClaimsIdentity(credential!)), Scheme.Name));
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

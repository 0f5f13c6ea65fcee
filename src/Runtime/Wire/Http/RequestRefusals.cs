using AgentAuth.Protocol;
using AgentAuth.Refusals;

namespace AgentAuth.Wire.Http;

/// <summary>The refusals of requests that no feature ever sees.</summary>
internal static class RequestRefusals
{
    /// <summary>A request that is not of the form that the endpoint takes.</summary>
    /// <param name="message">What was expected, and what to do.</param>
    public static Refusal InvalidRequest(string message) => new(RefusalReason.InvalidRequest, message);

    /// <summary>A body that is longer than any good one.</summary>
    /// <param name="limit">The most bytes that one may have.</param>
    public static Refusal BodyTooLarge(int limit) =>
        new(RefusalReason.BodyTooLarge, $"The body is larger than {limit / 1024} KiB. Send only the documented members.");

    /// <summary>A method that the address does not take.</summary>
    /// <param name="allowed">Those that it takes, as <c>Allow</c> lists them (RFC 9110 §10.2.1).</param>
    public static Refusal MethodNotAllowed(string allowed) =>
        new(RefusalReason.MethodNotAllowed, $"This address takes {allowed} and no other method.");

    /// <summary>A body of another media type.</summary>
    /// <param name="expected">The one that the endpoint takes.</param>
    public static Refusal UnsupportedMediaType(string expected) =>
        new(RefusalReason.UnsupportedMediaType, $"Send the body as Content-Type: {expected}.");
}

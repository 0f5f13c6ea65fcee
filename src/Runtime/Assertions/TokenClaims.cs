using System.Text.Json;
using AgentAuth.Audit;
using AgentAuth.Hosting;

namespace AgentAuth.Assertions;

/// <summary>Reads claims of a verified token without ever throwing: whatever is not as it should be is simply not there.</summary>
internal static class TokenClaims
{
    /// <summary>The longest identifier that is accepted, in characters (OpenID Connect Core §2 has this bound for <c>sub</c>).</summary>
    public const int MaxIdentifierLength = 255;

    /// <summary>The end of the year 9998: a year before the platform's calendar ends, so that adding a skew or a lifetime cannot overflow.</summary>
    private static readonly long MaxSeconds = DateTimeOffset.MaxValue.AddYears(-1).ToUnixTimeSeconds();

    extension(JsonElement claims)
    {
        /// <summary>True when the claim is a string, or not there: for claims that nothing here asks for, but that are wrong as anything else.</summary>
        /// <param name="name">The claim.</param>
        public bool IsStringOrAbsent(string name) => !claims.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.String;

        /// <summary>Reads a string that is not empty, not too long and plain text.</summary>
        /// <param name="name">The claim.</param>
        /// <param name="text">Its text.</param>
        /// <param name="maxLength">The most characters.</param>
        public bool TryGetText(string name, out string text, int maxLength = MaxIdentifierLength)
        {
            text = claims.TextOf(name) ?? "";
            return PlainText.Is(text, maxLength);
        }

        /// <summary>Reads a text that may be absent.</summary>
        /// <param name="name">The claim.</param>
        /// <param name="text">Its text; null when it is absent.</param>
        /// <returns>False when it is there and is no such text.</returns>
        public bool TryGetOptionalText(string name, out string? text)
        {
            text = null;
            if (!claims.Has(name))
            {
                return true;
            }

            var isText = claims.TryGetText(name, out var value);
            text = value;
            return isText;
        }

        /// <summary>Reads an instant: whole seconds since 1970 as a JSON integer (RFC 7519 §2 would allow fractions; no provider sends them).</summary>
        /// <param name="name">The claim.</param>
        /// <param name="instant">The instant.</param>
        public bool TryGetInstant(string name, out DateTimeOffset instant)
        {
            instant = default;
            if (claims.Member(name) is not { ValueKind: JsonValueKind.Number } value
                || !value.TryGetInt64(out var seconds)
                || seconds <= 0
                || seconds > MaxSeconds)
            {
                return false;
            }

            instant = DateTimeOffset.FromUnixTimeSeconds(seconds);
            return true;
        }

        /// <summary>Reads an instant that may be absent.</summary>
        /// <param name="name">The claim.</param>
        /// <param name="instant">The instant; null when it is absent.</param>
        /// <returns>False when it is there and is no instant.</returns>
        public bool TryGetOptionalInstant(string name, out DateTimeOffset? instant)
        {
            instant = null;
            if (!claims.Has(name))
            {
                return true;
            }

            var isInstant = claims.TryGetInstant(name, out var value);
            instant = value;
            return isInstant;
        }

        /// <summary>
        /// True when <c>aud</c> is this service and nobody else: its issuer or its resource, byte for byte, as a string or the only element
        /// of an array. A token that names two audiences could be carried from one to the other.
        /// </summary>
        /// <param name="settings">Who this service is.</param>
        public bool IsForThisService(AgentAuthSettings settings)
        {
            var audience = claims.Member("aud");
            if (audience.ValueKind is JsonValueKind.Array)
            {
                if (audience.GetArrayLength() != 1)
                {
                    return false;
                }

                audience = audience[0];
            }

            return audience.ValueEqualsText(settings.Issuer) || audience.ValueEqualsText(settings.Resource);
        }
    }
}

using System.Text.Json;
using AgentAuth.Configuration;
using AgentAuth.Text;
using AgentAuth.Trust;

namespace AgentAuth.Assertions;

/// <summary>Reads claims of a verified token without ever throwing: whatever is not as it should be is simply not there.</summary>
internal static class TokenClaims
{
    /// <summary>The longest identifier that is accepted, in characters (OpenID Connect Core §2 has this bound for <c>sub</c>).</summary>
    public const int MaxIdentifierLength = 255;

    /// <summary>The years 2 to 9998: a year less than the platform's calendar at either end, so that adding a skew or a lifetime cannot overflow.</summary>
    private static readonly long s_firstSecond = DateTimeOffset.MinValue.AddYears(1).ToUnixTimeSeconds();

    private static readonly long s_lastSecond = DateTimeOffset.MaxValue.AddYears(-1).ToUnixTimeSeconds();

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

        /// <summary>
        /// Reads an instant: a <c>NumericDate</c> (RFC 7519 §2), which is any JSON number, with a fraction or an exponent or before 1970. It is
        /// kept to the millisecond, as the store keeps instants: what is remembered must not differ from what was compared.
        /// </summary>
        /// <param name="name">The claim.</param>
        /// <param name="instant">The instant.</param>
        public bool TryGetInstant(string name, out DateTimeOffset instant)
        {
            instant = default;
            if (claims.Member(name) is not { ValueKind: JsonValueKind.Number } value)
            {
                return false;
            }

            // What no double can hold becomes infinite or 0, and is judged as that.
            var seconds = value.GetDouble();
            if (seconds < s_firstSecond || seconds > s_lastSecond)
            {
                return false;
            }

            instant = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
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
        /// True when <c>aud</c> is this service and nobody else: its issuer or its resource (<see cref="ServiceIdentifier"/>), as a string or the
        /// only element of an array. A token that names two audiences could be carried from one to the other.
        /// </summary>
        /// <param name="settings">Who this service is.</param>
        public bool IsForThisService(AgentAuthSettings settings) =>
            claims.OnlyAudience() is var audience
            && (ServiceIdentifier.Names(audience, settings.Issuer) || ServiceIdentifier.Names(audience, settings.Resource));

        /// <summary>True when <c>aud</c> is this authorization server and nobody else (draft-ietf-oauth-identity-assertion-authz-grant §4.4.1).</summary>
        /// <param name="settings">Who this service is.</param>
        public bool IsForIssuer(AgentAuthSettings settings) => ServiceIdentifier.Names(claims.OnlyAudience(), settings.Issuer);

        private JsonElement OnlyAudience()
        {
            var audience = claims.Member("aud");
            return audience.ValueKind is not JsonValueKind.Array ? audience
                : audience.GetArrayLength() == 1 ? audience[0]
                : default;
        }
    }
}

using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>What a label says about a door.</summary>
/// <param name="Door">Which one.</param>
/// <param name="IsExact">True for the labels of the language page.</param>
/// <param name="IsFull">True when it says itself that it is an endpoint; a bare "Register" may be about anything.</param>
/// <param name="IsWeak">True when another label would say it better: the identity endpoint beside a registration endpoint.</param>
internal readonly record struct DoorLabel(Door Door, bool IsExact, bool IsFull, bool IsWeak);

/// <summary>The labels under which authors give the addresses of doors: "Registration endpoint", "`register_uri`", "Claim URL", "Exchange".</summary>
internal static class DoorLabels
{
    private const int MostWords = 7;

    /// <summary>The labels of the language page.</summary>
    public static readonly Vocabulary<Door> Exact = new()
    {
        { Door.Register, "Register", "registration" },
        { Door.Claim, "Claim" },
        { Door.Revoke, "Revoke", "revocation" },
    };

    // What says that the label is of something else: a page for people, a document, a step behind the door.
    private static readonly string[] Others =
    [
        "page", "human", "browser", "metadata", "discovery", "documentation", "doc", "skill", "key", "dashboard", "mcp", "spec", "view", "complete", "completion", "poll",
        "challenge", "userinfo", "openid", "configuration", "introspection", "introspect", "console", "login", "policy", "term", "statu", "jwk", "expire", "support", "contact", "verification", "ui", "form", "passkey",
        "profile", "catalog", "server", "lifetime", "expiry", "scope", "type", "format", "prefix", "header", "password", "user", "webhook", "method", "flow", "limit", "rate", "refresh",
    ];

    private static readonly string[] EndpointWords = ["endpoint", "uri", "url", "path", "route", "address"];

    /// <summary>Reads a label; null when it is of no door, or of more than one.</summary>
    public static DoorLabel? Read(Fragment label)
    {
        if (Exact.TryGet(label, out var exact))
        {
            return new DoorLabel(exact, true, false, false);
        }

        var plain = Inlines.Plain(label);
        if (plain.Length is 0 or > 80)
        {
            return null;
        }

        var slash = plain.IndexOf('/');
        if (slash > 0)
        {
            // "Claim / Token": the first name counts, if it is one of a door. "Identity / Authorization" may be either.
            var first = ReadWords(plain.Substring(0, slash));
            return first is { IsWeak: true, IsFull: false } ? null : first is { } found ? found with { IsWeak = found.IsWeak } : null;
        }

        return ReadWords(plain);
    }

    /// <summary>The words by which a sentence says what an address in it is for.</summary>
    public static string[] Verbs(Door door) => door switch
    {
        Door.Register => ["register", "registration", "registers", "enroll"],
        Door.Claim => ["claim", "claims", "claiming"],
        Door.Revoke => ["revoke", "revoked", "revocation", "revoking"],
        Door.Token => ["token", "exchange"],
        Door.Authorize => ["authorize", "authorization", "consent"],
        _ => ["event", "security"],
    };

    private static DoorLabel? ReadWords(string text)
    {
        var open = text.IndexOf('(');
        if (open > 0)
        {
            text = text.Substring(0, open);
        }

        var words = Words.Normalize(text).Split(' ');
        if (words.Length > MostWords || words.Any(Others.Contains))
        {
            return null;
        }

        bool Has(string word) => words.Contains(word);
        var isFull = words.Any(EndpointWords.Contains);
        if (Has("revoke") || Has("revocation") || Has("logout") && isFull)
        {
            return new DoorLabel(Door.Revoke, false, isFull, false);
        }

        if (Has("event") || Has("notify"))
        {
            return new DoorLabel(Door.Events, false, isFull, false);
        }

        if (Has("register") || Has("registration") || Has("enroll") || Has("enrollment") || Has("signup"))
        {
            return new DoorLabel(Door.Register, false, isFull, Has("client") || Has("dynamic"));
        }

        if ((Has("claim") || Has("claiming")) && (!Has("token") || isFull))
        {
            return new DoorLabel(Door.Claim, false, isFull, false);
        }

        if (Has("token") || Has("exchange"))
        {
            return new DoorLabel(Door.Token, false, isFull, false);
        }

        if (Has("authorize") || (Has("authorization") && isFull))
        {
            return new DoorLabel(Door.Authorize, false, isFull, false);
        }

        return Has("identity") ? new DoorLabel(Door.Register, false, isFull, true) : null;
    }
}

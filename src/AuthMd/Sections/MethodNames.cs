using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>The methods that are read, of every generation.</summary>
internal enum MethodName
{
    Anonymous,
    VerifiedEmail,
    IdentityAssertion,
    AuthorizationCode,
}

/// <summary>What a name in the place of a method's name says.</summary>
/// <param name="Methods">The methods that it names; empty when it names none.</param>
/// <param name="IsDenied">True where it says that they are not there.</param>
/// <param name="IsQuestion">True where the words fit more than one method, and <paramref name="Methods"/> is the likelier.</param>
internal sealed record MethodReading(IReadOnlyList<MethodName> Methods, bool IsDenied = false, bool IsQuestion = false)
{
    public static readonly MethodReading None = new([]);

    public bool IsNone => Methods.Count == 0;
}

/// <summary>Reads the names under which authors list methods: "3. Anonymous Registration with User Claim", "Flow 1: Agent Verified (ID-JAG) — Instant API Key".</summary>
internal static class MethodNames
{
    private static readonly string Anonymous = Words.Normalize("anonymous");

    // Longer than this it is a sentence about methods.
    private const int MostWords = 12;

    private static readonly string[] Counters = ["flow", "option", "path", "method", "way", "variant", "tier", "mode", "type", "step", "approach"];

    private static readonly string[] DenyingWords = Normal(["unsupported", "disabled", "unavailable", "planned", "roadmap", "coming soon", "not yet", "no longer", "deprecated", "no disponible", "no soportado", "no admitido", "nicht unterstützt", "nicht verfügbar",
        "non supporté", "non disponible", "não suportado", "não disponível", "не поддерживается", "не поддерживаются", "不支持", "未対応"]);
    private static readonly string[] DenyingClauses = Normal(["no", "not", "none", "off", "n a", "never", "later", "future"]);
    private static readonly string[] Negations = Normal(["not", "isnt", "arent", "never", "doesnt", "dont", "cannot"]);

    private static readonly string[] States =
    Normal([
        "supported", "support", "enabled", "available", "offered", "offer", "accepted", "accept", "advertised", "implemented", "active", "allowed", "exist", "provided",
        "issued", "possible", "here", "used", "configured", "deployed",
    ]);

    private static readonly string[] EmailWords =
    Normal([
        "verified email", "email verified", "email verification", "verify email", "service auth", "email otp", "email required", "email first", "email claim", "email link",
        "email code", "email magic", "magic link", "email and otp", "email one time", "one time email", "email ceremony", "email challenge", "email based", "email confirmation", "confirmed email", "email identity", "login hint",
    ]);

    private static readonly string[] AssertionWords = Normal(["id jag", "idjag", "agent verified", "provider verified", "agent provider", "provider attested", "signed assertion", "platform assertion", "identity jwt authorization grant", "jwt assertion"]);
    private static readonly string[] CodeWords = Normal(["authorization code", "auth code", "pkce", "sign in with consent"]);
    private static readonly string[] UserWords = Normal(["user claimed", "human claimed", "user claim"]);

    // A word that names one method and no other.
    private static readonly string[] PlainOAuth = ["oauth", "2", "0", "1", "21", "20", "flow", "login", "sign", "in", "for", "mcp", "client", "interactive", "browser", "user", "and", "app", "redirect", "with", "the", "an", "web", "based", "human"];

    /// <summary>Reads what stands in the place of a name: a heading, the first cell of a row, the head of an item. What follows a dash or a colon explains.</summary>
    /// <param name="text">With its mark-up.</param>
    public static MethodReading Read(Fragment text) => Read(Inlines.Plain(text));

    /// <inheritdoc cref="Read(Fragment)"/>
    public static MethodReading Read(string plain)
    {
        var (head, rest) = Cut(WithoutCounter(plain));
        var reading = ReadHead(head);
        if (reading.IsNone)
        {
            return reading;
        }

        return reading with { IsDenied = Denies(head) || Words.Normalize(head).StartsWith("no ", StringComparison.Ordinal) || Denies(FirstClause(rest)) };
    }

    /// <summary>What reads as nothing.</summary>
    public static MethodReading None => MethodReading.None;

    /// <summary>Reads a name that its marks set apart from what explains it.</summary>
    /// <param name="lead">The name, with its mark-up.</param>
    /// <param name="rest">What follows.</param>
    public static MethodReading ReadLead(Fragment lead, Fragment rest)
    {
        var reading = Read(lead);
        if (reading.IsNone)
        {
            return reading;
        }

        // "`identity_assertion` + `verified_email`": what is joined to a name belongs to it.
        var plain = Inlines.Plain(rest);
        if (plain.TrimStart() is { Length: > 0 } joined && joined[0] is '+' or '/' or '(' or '&')
        {
            var whole = Read(Inlines.Plain(lead) + " " + plain);
            return whole.IsNone ? reading : whole;
        }

        return reading with { IsDenied = reading.IsDenied || Denies(FirstClause(plain)) };
    }

    /// <summary>The methods that a name alone names, without a look at what it denies.</summary>
    public static MethodReading ReadHead(string head)
    {
        var open = head.IndexOf('(');
        var bare = open > 0 ? head.Substring(0, open) : head;
        var reading = ReadWords(bare);
        if (open > 0 && (reading.IsNone || reading.IsQuestion))
        {
            var whole = ReadWords(head.Replace('(', ' ').Replace(')', ' '));
            reading = whole.IsNone ? reading : whole;
        }
        else if (open > 0 && reading.Methods.Count == 1 && reading.Methods[0] == MethodName.IdentityAssertion && Words.Normalize(bare) == "identity assertion")
        {
            // "identity_assertion (verified_email)" is the other one.
            var whole = ReadWords(head.Replace('(', ' ').Replace(')', ' '));
            reading = whole.Methods.Count > 0 ? whole : reading;
        }

        return reading;
    }

    /// <summary>Whether a clause says that what it is about is not there.</summary>
    public static bool Denies(string clause)
    {
        var normal = Words.Normalize(clause);
        var words = " " + normal + " ";
        bool Has(string word) => words.IndexOf(" " + word + " ", StringComparison.Ordinal) >= 0;
        return DenyingClauses.Contains(normal) || DenyingWords.Any(Has) || (Negations.Any(Has) && States.Any(Has));
    }

    /// <summary>Whether what follows a name says so before it goes on to something else.</summary>
    public static bool DeniesFirst(string rest) => Denies(FirstClause(rest));

    private static MethodReading ReadWords(string text)
    {
        var parts = text.Split(['/', ',', '|'], StringSplitOptions.RemoveEmptyEntries).SelectMany(part => part.Split([" or ", " and ", " & "], StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (parts.Count > 1 && parts.Count <= 4)
        {
            var whole = Match(Words.Normalize(text));
            var each = parts.Select(part => Match(Words.Normalize(part))).ToList();
            var named = each.Where(reading => !reading.IsNone).SelectMany(reading => reading.Methods).Distinct().ToList();

            // "User claimed, anonymous start" and "identity_assertion / ID-JAG" are one; "OAuth ID-JAG / email claim" are two.
            if (whole.Methods.Count == 1 && !whole.IsQuestion && (named.Count <= 1 || text.IndexOfAny(['/', '|']) < 0 && !HasWord(text, " or ") && !HasWord(text, " and ")))
            {
                return whole;
            }

            if (named.Count > 1 && each.All(reading => reading is { IsNone: false, IsQuestion: false }))
            {
                return new MethodReading(named);
            }

            return whole.IsNone && named.Count > 0 && !each[0].IsNone ? each[0] : whole;
        }

        return Match(Words.Normalize(text));
    }

    private static bool HasWord(string text, string word) => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;

    private static MethodReading Match(string normal)
    {
        var count = normal.Split(' ').Length;
        if (normal.Length == 0 || count > MostWords)
        {
            return MethodReading.None;
        }

        var words = " " + normal + " ";
        bool Has(string phrase) => words.IndexOf(" " + phrase + " ", StringComparison.Ordinal) >= 0;
        var isAnonymous = Has(Anonymous) || Has("anonymously");
        var isGeneric = Has("identity assertion");
        var isSigned = AssertionWords.Any(Has) || (Has("jwt bearer") && !Has("client"));
        var isEmail = EmailWords.Any(Has) || normal is "email" or "email address" || (Has("email") && (Has("otp") || Has("code") || Has("verified") || Has("verification") || Has("verify") || Has("confirm") || Has("claim") || Has("magic")));
        var isCode = CodeWords.Any(Has) && !Has("client credential");
        var isUser = UserWords.Any(Has);

        if (isAnonymous)
        {
            // A claim by email or by a user belongs to it; another method beside it is a question.
            return isSigned || isGeneric || (isCode && !isUser) || Has("service auth") || Has("verified email") && !isUser
                ? new MethodReading([MethodName.Anonymous], IsQuestion: true)
                : new MethodReading([MethodName.Anonymous]);
        }

        if (isGeneric && (isEmail || Has("email")))
        {
            return isSigned ? new MethodReading([MethodName.IdentityAssertion, MethodName.VerifiedEmail]) : new MethodReading([MethodName.VerifiedEmail]);
        }

        if (isSigned || isGeneric)
        {
            return new MethodReading([MethodName.IdentityAssertion], IsQuestion: isEmail || isUser || (isCode && !isGeneric && !Has("id jag")));
        }

        if (isEmail)
        {
            return new MethodReading([MethodName.VerifiedEmail], IsQuestion: isCode);
        }

        if (isUser)
        {
            return new MethodReading([MethodName.VerifiedEmail], IsQuestion: true);
        }

        return isCode || normal is "user authorized" or "user authorization" or "user consent" || (Has("oauth") && normal.Split(' ').All(PlainOAuth.Contains) && (Has("1") || Has("21") || Has("browser") || Has("user") || Has("interactive") || Has("redirect")))
            ? new MethodReading([MethodName.AuthorizationCode])
            : MethodReading.None;
    }

    // "Flow 1: …", "Path A — …", "Option 2. …", "Method: …".
    private static string WithoutCounter(string plain)
    {
        var text = plain.TrimStart(' ', '#', '*');
        var start = 0;
        while (start < text.Length && !char.IsLetterOrDigit(text[start]))
        {
            start++;
        }

        while (start < text.Length && (char.IsDigit(text[start]) || (start > 0 && text[start] is '.' or ')' or ' ' && char.IsDigit(text[start - 1]))))
        {
            start++;
        }

        text = text.Substring(start).TrimStart(' ', '.', ')', '-', '—', '–', ':');
        var word = text.Split(' ')[0].TrimEnd(':').ToLowerInvariant();
        if (!Counters.Contains(word))
        {
            return text;
        }

        var rest = text.Substring(Math.Min(text.Length, word.Length)).TrimStart(' ', ':', '#');
        var end = 0;
        while (end < rest.Length && char.IsLetterOrDigit(rest[end]))
        {
            end++;
        }

        var counter = rest.Substring(0, end);
        if (counter.Length is 1 or 2 && counter.All(char.IsDigit) || counter.Length == 1 && char.IsUpper(counter[0]))
        {
            return rest.Substring(end).TrimStart(' ', ':', '.', ')', '-', '—', '–');
        }

        return text.IndexOf(':') == word.Length ? rest : text;
    }

    /// <summary>The name at the front of a text and what explains it: behind a dash, a colon, an arrow or a full stop.</summary>
    private static (string Head, string Tail) Cut(string text)
    {
        var depth = 0;
        for (var i = 1; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            var isSpaced = text[i - 1] == ' ';
            var isLast = i + 1 >= text.Length || text[i + 1] == ' ';
            if (depth <= 0 && (text[i] is '—' or '–' or '→' or '⇒' || (text[i] is '-' && isSpaced && isLast) || (text[i] is ':' or '.' && isLast)
                || (text[i] == '-' && i + 1 < text.Length && text[i + 1] == '>')))
            {
                return (text.Substring(0, i), text.Substring(i + 1));
            }
        }

        return (text, "");
    }

    private static string FirstClause(string rest)
    {
        rest = rest.TrimStart('.', ';', ',', '—', '–', ' ', '>');
        var end = rest.IndexOfAny(['.', ';', ',', '(', '—', '–']);
        return end <= 0 ? rest : rest.Substring(0, end);
    }

    // Names are compared in the form that Words gives them, in which a plural has lost its s.
    private static string[] Normal(string[] phrases) => [.. phrases.Select(Words.Normalize)];
}

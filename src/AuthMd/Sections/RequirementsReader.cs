using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>What a part of a requirement asks of the user's authentication.</summary>
internal enum Requirement
{
    /// <summary>What its label says; without one it is a <see cref="Method"/>.</summary>
    Unlabelled,

    /// <summary>A value that <c>amr</c> must have.</summary>
    Method,

    /// <summary>A value that <c>acr</c> may have.</summary>
    Context,

    /// <summary>How long ago the user may have signed in.</summary>
    MaxAge,
}

/// <summary>
/// What is required of a provider's users: <c>`mfa`</c>, <c>acr `urn:example:strong` or `urn:example:stronger`</c>, <c>max age 1 hour</c>, with
/// commas or "and" between. All that stands in the cell must be understood: what is passed over would be a requirement that its author believes in.
/// </summary>
/// <param name="reading">Where problems go.</param>
internal sealed class RequirementsReader(Reading reading)
{
    private const string Expected = "methods such as `mfa`, acr and its accepted values, or max age and a duration";

    private static readonly Vocabulary<Requirement> Labels = new()
    {
        { Requirement.MaxAge, "max age", "max_age", "maximum age", "max authentication age", "maximum authentication age", "authentication age", "signed in within" },
        { Requirement.Context, "acr", "acr values", "authentication context" },
        { Requirement.Method, "amr", "amr values" },
    };

    // RFC 8176 §2. Providers have values of their own too, so that only a near miss of one of these is a mistake.
    private static readonly string[] AuthenticationMethods =
    [
        "face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp", "pin", "pop", "pwd", "rba", "retina", "sc", "sms", "swk", "tel", "user", "vbm", "wia",
    ];

    private readonly ImmutableArray<Located<string>>.Builder _methods = ImmutableArray.CreateBuilder<Located<string>>();
    private readonly ImmutableArray<Located<string>>.Builder _contexts = ImmutableArray.CreateBuilder<Located<string>>();
    private Located<TimeSpan>? _maxAge;

    /// <summary>False when something was not understood.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>Each must be in <c>amr</c>.</summary>
    public ImmutableArray<Located<string>> Methods => _methods.ToImmutable();

    /// <summary>One must be the <c>acr</c>.</summary>
    public ImmutableArray<Located<string>> Contexts => _contexts.ToImmutable();

    /// <summary>The most time since <c>auth_time</c>.</summary>
    public Located<TimeSpan>? MaxAge => _maxAge;

    /// <summary>Reads a cell.</summary>
    /// <param name="cell">The cell; null when there is none.</param>
    /// <param name="column">What its column is about.</param>
    public void Read(Fragment? cell, Requirement column)
    {
        if (cell is not { } text)
        {
            return;
        }

        foreach (var part in Inlines.Parts(text).Where(part => !Inlines.IsNothing(part)))
        {
            var value = Inlines.Unwrap(part);
            if (LeadingLabel.TryTake(value, Labels, out var labelled, out var rest) && (column == Requirement.Unlabelled || column == labelled))
            {
                ReadPart(labelled, value, rest);
            }
            else
            {
                ReadPart(column == Requirement.Unlabelled ? Requirement.Method : column, value, value);
            }
        }
    }

    private void ReadPart(Requirement kind, Fragment part, Fragment value)
    {
        if (value.IsEmpty)
        {
            Report(part, $"Nothing stands behind \"{part}\", so nothing would be required. Write, for example, {Example(kind)}.");
            return;
        }

        switch (kind)
        {
            case Requirement.MaxAge:
                IsSound &= _maxAge is null;
                reading.Keep(ref _maxAge, ReadMaxAge(Inlines.Unwrap(value)), "max age");
                break;
            case Requirement.Context:
                foreach (var context in Inlines.Alternatives(value).SelectMany(Values))
                {
                    ReadContext(context);
                }

                break;
            default:
                ReadMethods(part, value);
                break;
        }
    }

    private static string Example(Requirement kind) => kind switch
    {
        Requirement.MaxAge => "\"max age 1 hour\"",
        Requirement.Context => "\"acr `urn:example:strong`\"",
        _ => "\"`mfa`\"",
    };

    // Code spans with nothing but space between them, or else one value.
    private static IEnumerable<Fragment> Values(Fragment text)
    {
        var code = Inlines.CodeSpans(text);
        return code.Count > 1 && TextBesideCode(text) is null ? code : [Inlines.Unwrap(text)];
    }

    private static Fragment? TextBesideCode(Fragment text)
    {
        var runs = new BacktickRuns(text);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '`' && runs.TryClose(i, out var code))
            {
                i = code.End + runs.Length(i) - text.Start;
            }
            else if (!char.IsWhiteSpace(text[i]))
            {
                var next = text.From(i).IndexOf('`');
                return (next < 0 ? text.From(i) : text.Slice(i, next)).Trim();
            }
            else
            {
                i++;
            }
        }

        return null;
    }

    private void ReadMethods(Fragment part, Fragment value)
    {
        if (Inlines.Alternatives(value).Skip(1).Any())
        {
            Report(part, $"\"{Problems.Shorten(part.ToString())}\" offers a choice, but every method that stands here is required. Keep the one that is, or name an acr, of which one is enough.");
        }
        else if (Inlines.CodeSpans(value).Count > 0 && TextBesideCode(value) is { IsEmpty: false } text)
        {
            // "strong `mfa`", "arc `urn:example:strong`".
            ReportUnknown(text);
        }
        else
        {
            foreach (var method in Values(value))
            {
                ReadMethod(method);
            }
        }
    }

    private void ReadMethod(Fragment value)
    {
        var name = value.ToString();
        if (IsWord(name) && (AuthenticationMethods.Contains(name) || NearestName.Find(name, AuthenticationMethods) is null))
        {
            _methods.Add(new Located<string>(name, value.Span));
            return;
        }

        // "mx age 1 hour": what stands before the number was to be a label.
        var digit = name.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        if (digit > 0 && value.Slice(0, digit).Trim() is { IsEmpty: false } lead && Labels.Nearest(lead.ToString()) is not null)
        {
            ReportUnknown(lead);
            return;
        }

        Report(
            value,
            $"\"{Problems.Shorten(name)}\" is no authentication method that a provider would name, so nobody could meet it; expected a value of RFC 8176, such as `mfa`.",
            NearestName.Find(name, AuthenticationMethods));
    }

    private void ReadContext(Fragment value)
    {
        if (IsWord(value.ToString()))
        {
            _contexts.Add(new Located<string>(value.ToString(), value.Span));
            return;
        }

        Report(value, $"\"{Problems.Shorten(value.ToString())}\" is no value that `acr` can have; expected one word in ASCII, such as `urn:example:strong`, with \"or\" between several.");
    }

    private Located<TimeSpan>? ReadMaxAge(Fragment value)
    {
        var written = Problems.Shorten(value.ToString());
        if (!Durations.TryRead(value.ToString(), out var age))
        {
            Report(value, $"Max age is \"{written}\"; expected a duration such as \"15 minutes\", \"1 hour\" or \"PT1H\".");
        }
        else if (age == Timeout.InfiniteTimeSpan)
        {
            Report(value, $"Max age is \"{written}\", which requires nothing. Leave it out, or write a duration such as \"1 hour\".");
        }
        else if (!AuthenticationAges.IsUsable(age))
        {
            Report(value, $"Max age is \"{written}\"; expected {Durations.InWords(AuthenticationAges.Shortest)} to {Durations.InWords(AuthenticationAges.Longest)}.");
        }
        else
        {
            return new Located<TimeSpan>(age, value.Span);
        }

        return null;
    }

    private void ReportUnknown(Fragment text) => Report(
        text,
        $"\"{Problems.Shorten(text.ToString())}\" is not understood, so it would require nothing; expected {Expected}.",
        Labels.Nearest(text.ToString()));

    private void Report(Fragment place, string message, string? meant = null)
    {
        IsSound = false;
        reading.Problems.ReportMisspelt(AuthMdRules.DuplicateProvider, place.Span, message, meant);
    }

    // What a JSON string can hold and what can be told apart: no spaces, no quotation marks, nothing beyond ASCII.
    private static bool IsWord(string name) => name.Length > 0 && name.All(c => c is > ' ' and < '\u007f' and not ('"' or '\\' or '`'));
}

using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Lifetimes: labelled bullets, or a table of the same.</summary>
internal sealed class LifetimesReader
{
    private static readonly Vocabulary<Lifetime> Labels = new()
    {
        { new("Access token"), "Access token", "access_token" },
        { new("API key") { MayBeNever = true }, "API key", "api_key" },
        { new("Unclaimed registration"), "Unclaimed registration", "registration", "unclaimed" },
        { new("One-time code") { Longest = TimeSpan.FromMinutes(10) }, "One-time code", "OTP", "code" },
        { new("Claim link"), "Claim link", "link" },
    };

    private sealed record Lifetime(string Name)
    {
        public bool MayBeNever { get; init; }

        public TimeSpan Longest { get; init; } = TimeSpan.MaxValue;
    }

    public static LifetimeDeclarations Read(Reading reading)
    {
        var found = new Dictionary<string, Located<TimeSpan>>(StringComparer.Ordinal);
        foreach (var labelled in reading.Of(SectionKind.Lifetimes).SelectMany(Reading.Labels))
        {
            if (!Labels.TryGet(labelled.Label, out var lifetime))
            {
                reading.ReportIfMisspelt(labelled, Labels);
                continue;
            }

            found.TryGetValue(lifetime.Name, out var fact);
            reading.Keep(ref fact, ReadDuration(reading, lifetime, labelled.Value), lifetime.Name);
            if (fact is not null)
            {
                found[lifetime.Name] = fact;
            }
        }

        Located<TimeSpan>? Of(string name) => found.TryGetValue(name, out var fact) ? fact : null;
        return new LifetimeDeclarations
        {
            AccessToken = Of("Access token"),
            ApiKey = Of("API key"),
            UnclaimedRegistration = Of("Unclaimed registration"),
            OneTimeCode = Of("One-time code"),
            ClaimLink = Of("Claim link"),
        };
    }

    private static Located<TimeSpan>? ReadDuration(Reading reading, Lifetime lifetime, Fragment value)
    {
        value = Inlines.Unwrap(value);
        if (!Durations.TryRead(value.ToString(), out var duration))
        {
            reading.Problems.Report(AuthMdRules.UnusableLifetime, value.Span, $"{lifetime.Name} is \"{Problems.Shorten(value.ToString())}\"; expected {Durations.Expected}.");
            return null;
        }

        if (duration == Timeout.InfiniteTimeSpan && !lifetime.MayBeNever)
        {
            reading.Problems.Report(AuthMdRules.UnusableLifetime, value.Span, $"{lifetime.Name} is \"{value}\"; it must expire. Write a duration such as \"10 minutes\".");
            return null;
        }

        if (duration > lifetime.Longest)
        {
            reading.Problems.Report(AuthMdRules.UnusableLifetime, value.Span, $"{lifetime.Name} is \"{value}\"; expected at most {lifetime.Longest.TotalMinutes} minutes. Write a shorter duration.", Problems.Change(value.Span, $"{lifetime.Longest.TotalMinutes} minutes") with { GivesNothing = true });
            return null;
        }

        return new Located<TimeSpan>(duration, value.Span);
    }
}

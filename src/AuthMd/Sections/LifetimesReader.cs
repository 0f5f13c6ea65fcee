using AgentAuth.AuthMd.Text;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads lifetimes: labelled bullets.</summary>
internal sealed class LifetimesReader(MarkdownSource source, Problems problems)
{
    private static readonly TimeSpan s_longestCode = TimeSpan.FromMinutes(10);

    public LifetimeDeclarations Read(List<Section> sections)
    {
        var lifetimes = new LifetimeDeclarations();
        foreach (var bullet in sections.SelectMany(section => section.Blocks).OfType<ListBlock>().SelectMany(MarkdownSource.Items).Select(source.LabelOf).OfType<LabelledValue>())
        {
            lifetimes = Names.Singular(bullet.Name) switch
            {
                "access token" => lifetimes with { AccessToken = Duration(bullet, mayBeNever: false) },
                "api key" => lifetimes with { ApiKey = Duration(bullet, mayBeNever: true) },
                "unclaimed registration" or "registration" => lifetimes with { UnclaimedRegistration = Duration(bullet, mayBeNever: false) },
                "one time code" or "code" or "otp" => lifetimes with { OneTimeCode = Code(bullet) },
                "claim link" or "link" => lifetimes with { ClaimLink = Duration(bullet, mayBeNever: false) },
                _ => lifetimes,
            };
        }

        return lifetimes;
    }

    private Located<TimeSpan>? Code(LabelledValue bullet)
    {
        var code = Duration(bullet, mayBeNever: false);
        if (code is null || code.Value <= s_longestCode)
        {
            return code;
        }

        problems.Error(AuthMdRules.UnusableLifetime, code.Span, "A one-time code may live 10 minutes at most: its six digits are all there is to guess. Write '10 minutes' or less.");
        return null;
    }

    private Located<TimeSpan>? Duration(LabelledValue bullet, bool mayBeNever)
    {
        var value = bullet.Value.Unwrap();
        var duration = Durations.Parse(value.Value);
        if (duration is null)
        {
            problems.Error(AuthMdRules.UnusableLifetime, value.Span, $"'{value.Value}' is not a duration. Write for example '10 minutes', '24 hours', '30 days' or 'PT1H'{(mayBeNever ? ", or 'never'" : "")}.");
            return null;
        }

        if (duration == Timeout.InfiniteTimeSpan && !mayBeNever)
        {
            problems.Error(AuthMdRules.UnusableLifetime, value.Span, $"'{bullet.Label.Value}' must expire. Write for example '1 hour'.");
            return null;
        }

        return new Located<TimeSpan>(duration.Value, value.Span);
    }
}

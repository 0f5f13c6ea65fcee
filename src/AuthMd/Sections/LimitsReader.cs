using System.Collections.Immutable;
using AgentAuth.AuthMd.Text;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads rate limits: labelled bullets with one or two rates.</summary>
internal sealed class LimitsReader(MarkdownSource source, Problems problems)
{
    private static readonly string[] s_operations = ["anonymous", "identity_assertion", "claim", "complete"];

    public ImmutableArray<LimitDeclaration> Read(List<Section> sections)
    {
        var limits = ImmutableArray.CreateBuilder<LimitDeclaration>();
        foreach (var bullet in sections.SelectMany(section => section.Blocks).OfType<ListBlock>().SelectMany(MarkdownSource.Items).Select(source.LabelOf).OfType<LabelledValue>())
        {
            if (!s_operations.Contains(bullet.Name))
            {
                var meant = NearestName.Find(bullet.Name, s_operations);
                problems.Error(AuthMdRules.UnusableLimit, bullet.Label.Span, $"'{bullet.Label.Value}' is not something that can be limited{(meant is null ? "" : $"; did you mean '{meant}'?")}. There are {string.Join(", ", s_operations)}.");
            }
            else if (limits.All(other => other.Operation.Value != bullet.Name))
            {
                limits.Add(Read(bullet));
            }
        }

        return limits.ToImmutable();
    }

    private LimitDeclaration Read(LabelledValue bullet)
    {
        var limit = new LimitDeclaration(new Located<string>(bullet.Name, bullet.Label.Span), null, null);
        foreach (var part in bullet.Value.Split(',', ';').Select(part => part.Unwrap()).Where(part => !part.IsEmpty))
        {
            if (Rates.Parse(part.Value) is not { } rate)
            {
                problems.Error(AuthMdRules.UnusableLimit, part.Span, $"'{part.Value}' is not a rate. Write for example '5 per hour per address' or '100 per hour'.");
            }
            else if (!rate.IsPerAddress && bullet.Name is ("claim" or "complete"))
            {
                problems.Error(AuthMdRules.UnusableLimit, part.Span, $"'{bullet.Name}' is limited per address only. Write for example '30 per hour per address'.");
            }
            else
            {
                limit = rate.IsPerAddress ? limit with { PerAddress = rate.Rate } : limit with { Total = rate.Rate };
            }
        }

        return limit;
    }
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Limits: labelled bullets, or a table of the same.</summary>
internal static class LimitsReader
{
    private static readonly Vocabulary<string> Operations = new()
    {
        { "anonymous", "anonymous" },
        { "verified_email", "verified_email" },
        { "identity_assertion", "identity_assertion" },
        { "claim", "claim" },
        { "complete", "complete" },
    };

    public static ImmutableArray<LimitDeclaration> Read(Reading reading)
    {
        var limits = ImmutableArray.CreateBuilder<LimitDeclaration>();
        foreach (var labelled in reading.Of(SectionKind.Limits).SelectMany(Reading.Labels))
        {
            if (!Operations.TryGet(labelled.Label, out var operation))
            {
                ReportUnknown(reading.Problems, labelled.Label);
                continue;
            }

            var value = Inlines.Unwrap(labelled.Value);
            if (limits.Any(known => known.Operation.Value == operation))
            {
                reading.Problems.Report(AuthMdRules.UnusableFact, labelled.Label.Span, $"The limit of \"{operation}\" is given twice. Keep one of them.");
            }
            else if (!Rates.TryRead(Inlines.Plain(value), out var perAddress, out var total))
            {
                reading.Problems.Report(AuthMdRules.UnusableLimit, value.Span, $"The limit of {operation} is \"{Problems.Shorten(value.ToString())}\"; expected {Rates.Expected}.");
            }
            else if (total is not null && operation is "complete")
            {
                reading.Problems.Report(AuthMdRules.UnusableLimit, value.Span, $"The limit of {operation} is \"{value}\"; it counts per address only. Write it as \"30 per hour per address\".");
            }
            else
            {
                limits.Add(new LimitDeclaration(new Located<string>(operation, labelled.Label.Span), perAddress, total));
            }
        }

        return limits.ToImmutable();
    }

    // An API's own limits are the author's. That nobody here applies them is said: a limit that its author believes in is worse than none.
    private static void ReportUnknown(Problems problems, Fragment label)
    {
        var written = Inlines.Plain(label);
        if (Operations.Nearest(written) is null)
        {
            problems.Report(AuthMdRules.NotUnderstood, label.Span, $"\"{Problems.Shorten(written)}\" names none of {string.Join(", ", Operations)}, so this line is published and limits nothing.");
            return;
        }

        problems.ReportMisspelt(
            AuthMdRules.UnusableLimit,
            label.Span,
            $"\"{written}\" cannot be limited; expected {string.Join(", ", Operations)}.", Operations.Nearest(written));
    }
}

using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Account matching: the items of a list, in order. The last one says what happens when nothing matches.</summary>
internal static class MatchingReader
{
    private static readonly Vocabulary<MatchingStep> Steps = new()
    {
        { MatchingStep.PriorDelegation, "Prior delegation", "delegation" },
        { MatchingStep.VerifiedEmail, "Verified email", "email" },
        {
            MatchingStep.Provision, "Provision a new account", "provision", "provision an account", "create a new account", "create an account",
            "new account"
        },
        { MatchingStep.Reject, "Reject", "refuse" },
    };

    public static ImmutableArray<Located<MatchingStep>> Read(Reading reading)
    {
        var steps = ImmutableArray.CreateBuilder<Located<MatchingStep>>();
        var isAnyUnknown = false;
        foreach (var item in reading.Of(SectionKind.AccountMatching).SelectMany(section => section.Items))
        {
            var name = Inlines.Unwrap(Head(item.Text));
            if (!Steps.TryGet(name, out var step))
            {
                isAnyUnknown = true;
                ReportUnknown(reading.Problems, name);
            }
            else if (steps.Any(known => known.Value == step))
            {
                reading.Problems.Report(AuthMdRules.AccountMatching, name.Span, $"The step \"{name}\" is given twice. Keep one of them.");
            }
            else if (steps.Count > 0 && IsFinal(steps[steps.Count - 1]))
            {
                reading.Problems.Report(AuthMdRules.AccountMatching, name.Span, $"The step \"{name}\" comes after the final one and would never be reached. Move it up, or remove it.");
            }
            else
            {
                steps.Add(new Located<MatchingStep>(step, name.Span));
            }
        }

        if (!isAnyUnknown && steps.Count > 0 && steps[steps.Count - 1] is var last && !IsFinal(last))
        {
            reading.Problems.Report(AuthMdRules.AccountMatching, last.Span, "Account matching does not say what happens when nothing matches. End it with \"Provision a new account\" or \"Reject\".");
        }

        return steps.ToImmutable();
    }

    private static bool IsFinal(Located<MatchingStep> step) => step.Value is MatchingStep.Provision or MatchingStep.Reject;

    private static void ReportUnknown(Problems problems, Fragment name)
    {
        var written = Inlines.Plain(name);
        problems.ReportMisspelt(
            AuthMdRules.AccountMatching,
            name.Span,
            $"\"{Problems.Shorten(written)}\" is not a step of account matching; expected \"Prior delegation\", \"Verified email\", \"Provision a new account\" or \"Reject\".", Steps.Nearest(written));
    }

    // "Verified email — the account's owner confirms first": what stands behind the dash, colon or full stop explains.
    private static Fragment Head(Fragment item)
    {
        var end = 0;
        while (end < item.Length && item[end] is not ('—' or '–' or ':' or '.' or '(' or ',' or '\r' or '\n'))
        {
            end++;
        }

        return item.Slice(0, end);
    }
}

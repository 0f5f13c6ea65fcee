using System.Collections.Immutable;
using AgentAuth.AuthMd.Text;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads the steps of account matching: a list, in its order.</summary>
internal sealed class MatchingReader(MarkdownSource source, Problems problems)
{
    public ImmutableArray<Located<MatchingStep>> Read(List<Section> sections)
    {
        var steps = ImmutableArray.CreateBuilder<Located<MatchingStep>>();
        foreach (var item in sections.SelectMany(section => section.Blocks).OfType<ListBlock>().SelectMany(MarkdownSource.Items))
        {
            var text = source.ContentOf(item).Trim();
            if (Of(Names.Normalize(text.Value)) is not { } step)
            {
                problems.Error(AuthMdRules.AccountMatching, text.Span, $"'{text.Value}' is not a step of account matching. There are 'Prior delegation', 'Verified email', and at the end 'Provision a new account' or 'Reject'.");
            }
            else if (steps.Count > 0 && steps[steps.Count - 1].Value is MatchingStep.Provision or MatchingStep.Reject)
            {
                problems.Error(AuthMdRules.AccountMatching, text.Span, "No step comes after the final one. Move it up, or remove it.");
            }
            else
            {
                steps.Add(new Located<MatchingStep>(step, text.Span));
            }
        }

        if (steps.Count > 0 && steps[steps.Count - 1] is { Value: not (MatchingStep.Provision or MatchingStep.Reject) } last)
        {
            problems.Error(AuthMdRules.AccountMatching, last.Span, "Account matching must say what happens when nothing matches. End it with 'Provision a new account' or 'Reject'.");
        }

        return steps.ToImmutable();
    }

    private static MatchingStep? Of(string step) => step switch
    {
        "prior delegation" or "delegation" => MatchingStep.PriorDelegation,
        "verified email" or "email" => MatchingStep.VerifiedEmail,
        "provision a new account" or "provision" or "new account" or "create a new account" => MatchingStep.Provision,
        "reject" or "refuse" => MatchingStep.Reject,
        _ => null,
    };
}

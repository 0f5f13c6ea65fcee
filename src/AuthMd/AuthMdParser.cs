using System.Collections.Immutable;
using AgentAuth.AuthMd.Checks;
using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Markdown;
using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd;

/// <summary>What came out of an auth.md.</summary>
/// <param name="Document">The facts that could be read, also when there are errors.</param>
/// <param name="Problems">What is wrong, in the order of the text.</param>
public sealed record AuthMdParseResult(AuthDocument Document, ImmutableArray<AuthMdProblem> Problems);

/// <summary>Reads the auth.md language.</summary>
public static class AuthMdParser
{
    /// <summary>Parses an auth.md. Never throws on any text.</summary>
    /// <param name="text">The whole file.</param>
    /// <returns>The document and its problems.</returns>
    public static AuthMdParseResult Parse(string text)
    {
        var problems = new Problems(text);
        if (MarkdownReader.TryRead(text) is not { } markdown)
        {
            problems.Report(AuthMdRules.Unreadable, default, "Lists or quotes are nested too deeply to be read. Flatten them.");
            return new AuthMdParseResult(new AuthDocument(), problems.InOrder());
        }

        var reading = new Reading(markdown, MachineBlocks.Read(markdown, problems), problems);
        var matching = MatchingReader.Read(reading);
        var document = TitleReader.Read(reading, new AuthDocument()) with { Scopes = ScopesReader.Read(reading) };
        var (methods, code) = MethodsReader.Read(reading);
        document = document with
        {
            Methods = methods,
            AuthorizationCode = code,
            TrustedProviders = ProvidersReader.Read(reading, matching.IsEmpty || matching.Any(step => step.Value == MatchingStep.VerifiedEmail)),
            AccountMatching = matching,
            Lifetimes = LifetimesReader.Read(reading),
            Limits = LimitsReader.Read(reading),
            Endpoints = EndpointsReader.Read(reading, !methods.IsEmpty || code is not null),
            WrittenSteps = [.. markdown.Sections.Select(SectionKinds.StepOf).OfType<StepKind>().Distinct().OrderBy(step => step)],
        };
        document = DirectivesReader.Read(reading, document);
        Check(reading, document);
        return new AuthMdParseResult(document, problems.InOrder());
    }

    private static void Check(Reading reading, AuthDocument document)
    {
        HeadingChecks.Check(reading);
        MethodChecks.Check(reading, document);
        EndpointChecks.Check(reading, document);
        ProviderChecks.Check(reading, document);
        ScopeUses.Check(reading, document);
        MachineChecks.Check(reading, document);
        ExampleChecks.Check(reading, document);
        LifecycleChecks.Check(reading, document);
        WrittenStepChecks.Check(reading, document);
        Placeholders.Check(reading);
        Secrets.Check(reading);
    }
}

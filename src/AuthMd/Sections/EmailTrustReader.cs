using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Whether a provider is trusted with mail addresses: <c>trusted</c>, <c>not trusted</c>, or <c>trusted for example.com, example.org</c>.</summary>
internal static class EmailTrustReader
{
    private const string Expected = "\"trusted\", \"not trusted\" or \"trusted for example.com, example.org\"";

    private const string WithoutEffect =
        "This has no effect: account matching has no step \"Verified email\", so no address opens an account, whoever vouches for it.";

    private static readonly Vocabulary<bool> Words = new()
    {
        { true, "trusted" },
        { false, "not trusted" },
        { false, "untrusted", "confirm", "ask", "no" },
    };

    private static readonly Vocabulary<bool> ForDomains = new() { { true, "trusted for", "trusted only for", "trusted for the domains", "trusted for addresses at" } };

    public static (bool IsTrusted, ImmutableArray<Located<string>> Domains) Read(Fragment written, Reading reading, bool doAddressesOpen)
    {
        written = written.Trim();
        var cell = Inlines.Unwrap(written);
        if (Words.TryGet(cell, out var isTrusted))
        {
            if (isTrusted)
            {
                ReportLinks(
                    doAddressesOpen
                        ? "Accounts are linked on this provider's word: an assertion with a verified email opens the account of that address without asking its owner."
                        : WithoutEffect,
                    written,
                    reading.Problems);
            }

            return (isTrusted, []);
        }

        if (!LeadingLabel.TryTake(cell, ForDomains, out _, out var rest))
        {
            ReportUnknown(cell, reading.Problems);
            return (false, []);
        }

        // With none left, "trusted for nothing" must not become "trusted".
        var domains = ReadDomains(cell, rest, reading.Problems);
        if (!domains.IsEmpty)
        {
            ReportLinks(
                doAddressesOpen
                    ? $"Accounts with an address at {List(domains)} are linked on this provider's word: an assertion with such a verified email opens the account without asking its owner."
                    : WithoutEffect,
                written,
                reading.Problems);
        }

        return (!domains.IsEmpty, domains);
    }

    private static ImmutableArray<Located<string>> ReadDomains(Fragment cell, Fragment list, Problems problems)
    {
        var domains = ImmutableArray.CreateBuilder<Located<string>>();
        var isAny = false;
        foreach (var domain in Inlines.Parts(list).Where(part => !Inlines.IsNothing(part)).Select(Inlines.Unwrap))
        {
            isAny = true;
            var name = domain.ToString();
            if (MailDomains.Fault(name) is { } fault)
            {
                problems.Report(
                    AuthMdRules.DuplicateProvider,
                    domain.Span,
                    $"\"{Problems.Shorten(name)}\" {fault}. No address would ever match it.",
                    name.Length > 1 && MailDomains.Fault(name.Substring(1)) is null ? Problems.Remove("the @", new SourceSpan(domain.Start, 1)) : null);
            }
            else if (MailDomains.Normalize(name) is var normal && !domains.Any(known => known.Value == normal))
            {
                domains.Add(new Located<string>(normal, domain.Span));
            }
        }

        if (!isAny)
        {
            problems.Report(AuthMdRules.UnusableFact, cell.Span, $"\"{Problems.Shorten(cell.ToString())}\" names no domain; expected {Expected}.");
        }

        return domains.ToImmutable();
    }

    // No guess at "trusted for": "untrusted for" is as near to it as "trusted fro".
    private static void ReportUnknown(Fragment cell, Problems problems)
    {
        var written = Inlines.Plain(cell);
        problems.ReportMisspelt(
            AuthMdRules.UnusableFact, cell.Span, $"Email is \"{Problems.Shorten(written)}\"; expected {Expected}.", Words.Nearest(written));
    }

    private static string List(ImmutableArray<Located<string>> domains)
    {
        const int Most = 3;
        var named = string.Join(", ", domains.Take(Most).Select(domain => domain.Value));
        return domains.Length > Most ? $"{named} and {domains.Length - Most} more" : named;
    }

    private static void ReportLinks(string message, Fragment cell, Problems problems) => problems.Report(
        AuthMdRules.LinksOnProvidersWord,
        cell.Span,
        message + (message == WithoutEffect ? " Write \"not trusted\", or add the step." : " Write \"not trusted\" to have the owner asked."),
        Problems.Change(Inlines.Unwrap(cell).Span, "not trusted") with { GivesNothing = true });
}

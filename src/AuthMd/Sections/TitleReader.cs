using System.Collections.Immutable;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>The heading of level 1, the first paragraph under it and its labelled bullets.</summary>
internal static class TitleReader
{
    private const string FileName = "auth.md";

    private enum Link
    {
        Resource,
        AuthorizationServer,
        Logo,
        Documentation,
        Terms,
        Privacy,
        Contact,
    }

    private static readonly Vocabulary<string> Protocols = new() { { "v0.1", "v0.1" }, { "v0.7", "v0.7", "newest", "reveal" }, { "oauth", "oauth" } };

    private static readonly Vocabulary<Link> Links = new()
    {
        { Link.Resource, "Resource", "resource identifier", "resource ID", "protected resource" },
        { Link.AuthorizationServer, "Authorization server", "Auth server", "Issuer" },
        { Link.Logo, "Logo" },
        { Link.Documentation, "Documentation", "Docs" },
        { Link.Terms, "Terms", "Terms of service" },
        { Link.Privacy, "Privacy", "Privacy policy" },
        { Link.Contact, "Contact", "Support" },
    };

    public static AuthDocument Read(Reading reading, AuthDocument document)
    {
        if (reading.Title is not { } title)
        {
            reading.Problems.Report(AuthMdRules.MissingPart, default, "There is no heading of level 1. Start with the service's name, such as \"# TicketDesk auth.md\".");
            return document;
        }

        return ReadLinks(reading, title, document with
        {
            Protocols = ReadProtocols(reading, title),
            Name = ReadName(reading, title),
            Summary = title.Contents.OfType<ParagraphContent>().Select(paragraph => Inlines.Plain(paragraph.Text)).FirstOrDefault(text => text.Length > 0),
        });
    }

    // "- **Protocols:** v0.1, v0.7, oauth"
    private static ImmutableArray<Located<string>> ReadProtocols(Reading reading, Section title)
    {
        var protocols = ImmutableArray.CreateBuilder<Located<string>>();
        foreach (var value in title.Items.Select(item => Labelled.Read(item.Text)).OfType<Labelled>().Where(labelled => Words.Normalize(Inlines.Plain(labelled.Label)) == "protocol").SelectMany(labelled => labelled.Values))
        {
            var name = Inlines.Unwrap(value);
            if (!Protocols.TryGet(name, out var protocol))
            {
                reading.Problems.ReportMisspelt(
                    AuthMdRules.UnusableFact, name.Span, $"\"{Problems.Shorten(name.ToString())}\" is no generation of the protocol; expected v0.1, v0.7 or oauth.", Protocols.Nearest(name.ToString()));
                continue;
            }

            protocols.Add(new Located<string>(protocol, name.Span));
            if (protocol != "v0.1")
            {
                reading.Problems.Report(AuthMdRules.NotServed, name.Span, $"{protocol} is read and not served: this service speaks v0.1.");
            }
        }

        return protocols.ToImmutable();
    }

    private static Located<string>? ReadName(Reading reading, Section title)
    {
        var name = WithoutFileName(WithoutComment(title.Title));
        if (Inlines.Plain(name) is { Length: > 0 } plain)
        {
            return new Located<string>(plain, name.Span);
        }

        var written = title.Title.IsEmpty ? "is empty" : $"says only \"{title.Title}\"";
        reading.Problems.Report(AuthMdRules.MissingPart, title.Title.Span, $"The first heading {written}. Put the service's name into it, such as \"# TicketDesk auth.md\".");
        return null;
    }

    private static Fragment WithoutComment(Fragment title)
    {
        var comment = title.ToString().IndexOf("<!--", StringComparison.Ordinal);
        return comment < 0 ? title : title.Slice(0, comment).Trim();
    }

    // "TicketDesk auth.md", "auth.md for TicketDesk", "auth.md — TicketDesk", "`auth.md`: TicketDesk".
    private static Fragment WithoutFileName(Fragment title)
    {
        var text = title.ToString();
        var index = text.IndexOf(FileName, StringComparison.OrdinalIgnoreCase);
        if (index < 0)
        {
            return title;
        }

        var before = TrimSeparators(title.Slice(0, index));
        if (!before.IsEmpty)
        {
            return before;
        }

        var after = TrimSeparators(title.From(index + FileName.Length));
        return after.ToString().StartsWith("for ", StringComparison.OrdinalIgnoreCase) ? after.From(4).Trim() : after;
    }

    private static Fragment TrimSeparators(Fragment text)
    {
        var start = text.Start;
        var end = text.End;
        while (start < end && IsSeparator(text.Text[start]))
        {
            start++;
        }

        while (end > start && IsSeparator(text.Text[end - 1]))
        {
            end--;
        }

        return new Fragment(text.Text, start, end);
    }

    private static bool IsSeparator(char c) => char.IsWhiteSpace(c) || c is '-' or '–' or '—' or ':' or '·' or '|' or '/' or '(' or ')' or '`' or '*' or '_';

    private static AuthDocument ReadLinks(Reading reading, Section title, AuthDocument document)
    {
        var links = new Dictionary<Link, Located<string>>();
        var isResourceGiven = false;
        foreach (var labelled in title.Items.Select(item => Labelled.Read(item.Text)).OfType<Labelled>())
        {
            if (!Links.TryGet(labelled.Label, out var link))
            {
                reading.ReportIfMisspelt(labelled, Links);
                continue;
            }

            // "Protected resources: `/api/*`" is a remark, not an identifier.
            if (link == Link.Resource && Words.Normalize(Inlines.Plain(labelled.Label)) == "protected resource" && Inlines.Unwrap(labelled.Value).ToString().IndexOf("://", StringComparison.Ordinal) < 0)
            {
                continue;
            }

            isResourceGiven |= link == Link.Resource;
            var label = Inlines.Plain(labelled.Label);
            links.TryGetValue(link, out var fact);
            reading.Keep(ref fact, ReadLink(reading, link, labelled.Value, label), label);
            if (fact is not null)
            {
                links[link] = fact;
            }
        }

        FillFromMachine(reading, links, ref isResourceGiven);
        if (!isResourceGiven)
        {
            reading.Problems.Report(AuthMdRules.MissingPart, title.Title.Span, "No resource is given. Add \"- **Resource:** https://…\", the API's identifier, under the first heading.");
        }

        Located<string>? Of(Link link) => links.TryGetValue(link, out var found) ? found : null;
        return document with
        {
            Resource = Of(Link.Resource),
            AuthorizationServer = Of(Link.AuthorizationServer),
            Logo = Of(Link.Logo),
            Documentation = Of(Link.Documentation),
            Terms = Of(Link.Terms),
            Privacy = Of(Link.Privacy),
            Contact = Of(Link.Contact),
        };
    }

    // Metadata written as JSON may say what the Markdown does not: PRM both, authorization-server metadata the issuer.
    private static void FillFromMachine(Reading reading, Dictionary<Link, Located<string>> links, ref bool isResourceGiven)
    {
        if (!isResourceGiven && reading.Machine.All.Select(block => block.Root.Text("resource")).FirstOrDefault(text => text is not null) is { } resource)
        {
            isResourceGiven = true;
            Add(Link.Resource, resource, "resource");
        }

        var issuers = reading.Machine.All.Select(block => block.Root.Text("issuer") ?? block.Root.List("authorization_servers").FirstOrDefault());
        if (!links.ContainsKey(Link.AuthorizationServer) && issuers.FirstOrDefault(text => text is not null) is { } issuer)
        {
            Add(Link.AuthorizationServer, issuer, "issuer");
        }

        void Add(Link link, Located<string> text, string label)
        {
            if (WebAddresses.Read(new Fragment(reading.Document.Text, text.Span.Start, text.Span.End), label, reading.Problems) is { } fact)
            {
                links[link] = fact;
            }
        }
    }

    private static Located<string>? ReadLink(Reading reading, Link link, Fragment value, string label) =>
        link == Link.Contact ? ReadContact(reading, value, label) : WebAddresses.Read(value, label, reading.Problems);

    private static Located<string>? ReadContact(Reading reading, Fragment value, string label)
    {
        const string MailScheme = "mailto:";
        var contact = Inlines.Unwrap(value);
        if (contact.ToString().StartsWith(MailScheme, StringComparison.OrdinalIgnoreCase))
        {
            contact = contact.From(MailScheme.Length);
        }

        var text = contact.ToString();
        var at = text.IndexOf('@');
        var isMail = at > 0 && at < text.Length - 1 && text.IndexOf("://", StringComparison.Ordinal) < 0 && !text.Any(char.IsWhiteSpace);
        return isMail ? new Located<string>(text, contact.Span) : WebAddresses.Read(contact, label, reading.Problems);
    }
}

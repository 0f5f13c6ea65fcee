using AgentAuth.AuthMd.Text;
using Markdig.Syntax;

namespace AgentAuth.AuthMd.Sections;

/// <summary>Reads the title and the labelled bullets under it.</summary>
internal sealed class HeadReader(MarkdownSource source, Problems problems)
{
    private const string AuthMd = "auth.md";

    public AuthDocument Read(HeadingBlock? title, List<Block> blocks)
    {
        var document = new AuthDocument
        {
            Name = title is null ? null : NameOf(title),
            Summary = blocks.OfType<ParagraphBlock>().Select(MarkdownSource.PlainTextOf).FirstOrDefault(text => text.Length > 0),
        };
        foreach (var bullet in blocks.OfType<ListBlock>().SelectMany(MarkdownSource.Items).Select(source.LabelOf).OfType<LabelledValue>())
        {
            document = Read(document, bullet);
        }

        return document;
    }

    private AuthDocument Read(AuthDocument document, LabelledValue bullet)
    {
        var value = bullet.Value.Unwrap();
        if (value.IsEmpty)
        {
            return document;
        }

        return bullet.Name switch
        {
            "resource" or "api" or "resource server" => document with { Resource = document.Resource ?? Url(value, "resource") },
            "authorization server" or "issuer" or "authorization server issuer" => document with
            {
                AuthorizationServer = document.AuthorizationServer ?? Url(value, "authorization server"),
            },
            "logo" => document with { Logo = document.Logo ?? Url(value, "logo") },
            "documentation" or "docs" => document with { Documentation = document.Documentation ?? Url(value, "documentation") },
            "terms" or "terms of service" => document with { Terms = document.Terms ?? Url(value, "terms") },
            "privacy" or "privacy policy" => document with { Privacy = document.Privacy ?? Url(value, "privacy policy") },
            "contact" => document with { Contact = document.Contact ?? value.Located },
            _ => document,
        };
    }

    private Located<string> Url(Fragment value, string what)
    {
        Urls.Check(value, what, problems);
        return value.Located;
    }

    // "TicketDesk auth.md", "auth.md — TicketDesk", "auth.md for TicketDesk".
    private Located<string>? NameOf(HeadingBlock title)
    {
        var content = source.ContentOf(title).Trim();
        var mention = content.Value.IndexOf(AuthMd, StringComparison.OrdinalIgnoreCase);
        if (mention < 0)
        {
            return content.IsEmpty ? null : content.Located;
        }

        var before = Strip(content.To(content.Start + mention));
        var name = before.IsEmpty ? Strip(content.From(content.Start + mention + AuthMd.Length)) : before;
        return name.IsEmpty ? null : name.Located;
    }

    private static Fragment Strip(Fragment name)
    {
        name = name.Trim();
        while (!name.IsEmpty && IsSeparator(name.Value[0]))
        {
            name = name.From(name.Start + 1).Trim();
        }

        while (!name.IsEmpty && IsSeparator(name.Value[name.Value.Length - 1]))
        {
            name = name.To(name.End - 1).Trim();
        }

        return name.Value.StartsWith("for ", StringComparison.OrdinalIgnoreCase) ? name.From(name.Start + 4).Trim() : name;
    }

    private static bool IsSeparator(char c) => c is '—' or '–' or '-' or ':' or '|' or '·' or '`' or '(' or ')' or '*';
}

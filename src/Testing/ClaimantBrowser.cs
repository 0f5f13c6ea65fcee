using System.Net;
using System.Text.RegularExpressions;

namespace AgentAuth.Testing;

/// <summary>
/// Plays the person who got a claim mail, in a browser without scripts: opens the link, and presses one of the page's two buttons.
/// </summary>
/// <param name="http">Carries the requests. It stays the caller's.</param>
public sealed partial class ClaimantBrowser(HttpClient http)
{
    /// <summary>Opens the link and presses "show the code".</summary>
    /// <param name="link">The link in the mail.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The one-time code, without the space in its middle.</returns>
    /// <exception cref="InvalidOperationException">The page, its button or the code is missing. The message says what was there instead.</exception>
    public async Task<string> ShowCodeAsync(Uri link, CancellationToken cancellationToken = default)
    {
        var answer = await PressAsync(link, showsCode: true, cancellationToken).ConfigureAwait(false);
        return CaughtMail.FindCode(TextOf(answer)) ?? throw new InvalidOperationException($"The page shows no code: {TextOf(answer)}");
    }

    /// <summary>Opens the link and presses "this wasn't me".</summary>
    /// <param name="link">The link in the mail.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>What the page says then, as text.</returns>
    /// <exception cref="InvalidOperationException">The page or its button is missing. The message says what was there instead.</exception>
    public async Task<string> DeclineAsync(Uri link, CancellationToken cancellationToken = default) =>
        TextOf(await PressAsync(link, showsCode: false, cancellationToken).ConfigureAwait(false));

    /// <summary>Opens the link and presses nothing, as a mail scanner does.</summary>
    /// <param name="link">The link in the mail.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The page as HTML.</returns>
    /// <exception cref="InvalidOperationException">The link does not lead to a page.</exception>
    public async Task<string> OpenAsync(Uri link, CancellationToken cancellationToken = default)
    {
        using var answer = await http.GetAsync(link, cancellationToken).ConfigureAwait(false);
        return await ReadPageAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The buttons that a page's forms have, with what they would send. Visible to tests.</summary>
    /// <param name="html">The page.</param>
    /// <param name="page">Its URL.</param>
    internal static IReadOnlyList<PageButton> FindButtons(string html, Uri page)
    {
        var buttons = new List<PageButton>();
        foreach (Match form in FormPattern().Matches(html))
        {
            var inner = form.Groups["inner"].Value;
            var hidden = InputPattern().Matches(inner)
                .Select(input => input.Value)
                .Where(input => Attribute(input, "type") == "hidden" && Attribute(input, "name") is not null)
                .Select(input => KeyValuePair.Create(Attribute(input, "name")!, Attribute(input, "value") ?? ""))
                .ToList();
            foreach (Match button in ButtonPattern().Matches(inner))
            {
                var action = Attribute(button.Value, "formaction") ?? Attribute(form.Value, "action") ?? "";
                var fields = Attribute(button.Value, "name") is { } name
                    ? [.. hidden, KeyValuePair.Create(name, Attribute(button.Value, "value") ?? "")]
                    : hidden;
                buttons.Add(new PageButton(new Uri(page, action), fields));
            }
        }

        return buttons;
    }

    private async Task<string> PressAsync(Uri link, bool showsCode, CancellationToken cancellationToken)
    {
        var html = await OpenAsync(link, cancellationToken).ConfigureAwait(false);
        var button = FindButtons(html, link).FirstOrDefault(button => button.ShowsCode == showsCode)
            ?? throw new InvalidOperationException($"The page has no such button: {TextOf(html)}");
        using var request = new HttpRequestMessage(HttpMethod.Post, button.Action);
        request.Headers.Add("Origin", link.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Accept", "text/html");
        request.Content = new FormUrlEncodedContent(button.Fields);
        using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadPageAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> ReadPageAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var html = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return answer.IsSuccessStatusCode
            ? html
            : throw new InvalidOperationException($"The page answered {(int)answer.StatusCode}: {TextOf(html)}");
    }

    private static string? Attribute(string element, string name) =>
        AttributePattern().Matches(element[..(element.IndexOf('>', StringComparison.Ordinal) + 1)])
            .Where(match => match.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(match => WebUtility.HtmlDecode(match.Groups["value"].Value))
            .FirstOrDefault();

    private static string TextOf(string html) =>
        SpacePattern().Replace(WebUtility.HtmlDecode(TagPattern().Replace(InvisiblePattern().Replace(html, " "), "")), " ").Trim();

    [GeneratedRegex("<form\\b[^>]*>(?<inner>.*?)</form>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex FormPattern();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex InputPattern();

    [GeneratedRegex("<(button\\b|input\\b[^>]*type=\"submit\")[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex ButtonPattern();

    [GeneratedRegex("(?<name>[a-zA-Z-]+)\\s*=\\s*\"(?<value>[^\"]*)\"")]
    private static partial Regex AttributePattern();

    [GeneratedRegex("<(head|style|script)\\b.*?</\\1>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex InvisiblePattern();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex TagPattern();

    [GeneratedRegex("\\s+")]
    private static partial Regex SpacePattern();
}

/// <summary>A button of a page.</summary>
/// <param name="Action">Where it posts.</param>
/// <param name="Fields">What it posts.</param>
internal sealed record PageButton(Uri Action, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>The protocol names where a code is shown; the page's other button declines.</summary>
    public bool ShowsCode => Action.AbsolutePath.EndsWith("/attempt/challenge", StringComparison.Ordinal);
}

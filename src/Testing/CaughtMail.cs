using System.Text.RegularExpressions;

namespace AgentAuth.Testing;

/// <summary>A mail that a service under test has sent.</summary>
/// <param name="To">The recipient, as the header has it.</param>
/// <param name="From">The sender, as the header has it.</param>
/// <param name="Subject">The subject, decoded.</param>
/// <param name="Body">The text.</param>
public sealed partial record CaughtMail(string To, string From, string Subject, string Body)
{
    /// <summary>The links in the text, in its order.</summary>
    public IReadOnlyList<Uri> Links { get; } =
        [.. LinkPattern().Matches(Body).Select(match => new Uri(match.Value.TrimEnd('.', ',', ';', ':', '!', '?', ')', '>')))];

    /// <summary>The one-time code in the text: six or eight digits, perhaps with a space or a hyphen in their middle; null when there is none.</summary>
    public string? Code { get; } = FindCode(LinkPattern().Replace(Body, " "));

    /// <summary>The first six or eight digits in a row that stand alone; null when there are none.</summary>
    internal static string? FindCode(string text) =>
        CodePattern().Match(text) is { Success: true } match ? match.Groups["half"].Value + match.Groups["other"].Value : null;

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"(?<![\d-])(?:(?<half>\d{3})[ -]?(?<other>\d{3})|(?<half>\d{4})[ -]?(?<other>\d{4}))(?![\d-])")]
    private static partial Regex CodePattern();
}

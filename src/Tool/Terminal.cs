namespace AgentAuth.Tool;

/// <summary>What a piece of text means; a terminal shows it by its colour.</summary>
internal enum Tone
{
    /// <summary>An error.</summary>
    Error,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>The frame around what is shown.</summary>
    Frame,
}

/// <summary>A place to write lines to.</summary>
/// <param name="Writer">The place.</param>
/// <param name="IsColored">Whether it understands colours, and its user wants them.</param>
internal sealed record Terminal(TextWriter Writer, bool IsColored)
{
    private const string Reset = "\e[0m";

    /// <summary>The text, coloured when this place is.</summary>
    /// <param name="tone">What it means.</param>
    /// <param name="text">The text.</param>
    public string Paint(Tone tone, string text) => IsColored ? Start(tone) + text + Reset : text;

    private static string Start(Tone tone) => tone switch
    {
        Tone.Error => "\e[1;31m",
        Tone.Warning => "\e[1;33m",
        Tone.Info => "\e[1;36m",
        _ => "\e[34m",
    };
}

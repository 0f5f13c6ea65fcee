namespace AgentAuth.AuthMd.Markdown;

/// <summary>Cuts a text into its sentences. What is in code ends none.</summary>
internal static class Sentences
{
    /// <summary>The sentences, without the marks that end them.</summary>
    public static IEnumerable<Fragment> Of(Fragment text)
    {
        var start = 0;
        var runs = new BacktickRuns(text);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '`')
            {
                i = runs.TryClose(i, out var code) ? code.End + runs.Length(i) - text.Start : i + runs.Length(i);
                continue;
            }

            if (text[i] is '.' or '!' or '?' or ';' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1])))
            {
                yield return text.Slice(start, i - start);
                start = i + 1;
            }

            i++;
        }

        if (start < text.Length)
        {
            yield return text.From(start);
        }
    }
}

namespace AgentAuth.AuthMd.Markdown;

/// <summary>Pipe tables, as GitHub reads them, except that a line without a pipe is no row: prose never declares.</summary>
internal static class Tables
{
    /// <summary>The prose that opens a paragraph and the table that fills the rest; one of them may be missing.</summary>
    public static List<Content> Split(Fragment paragraph)
    {
        var lines = LinesOf(paragraph);
        var contents = new List<Content>();
        var delimiter = lines.FindIndex(IsDelimiter);
        if (delimiter < 1 || Cells(lines[delimiter - 1]) is not { } header || header.Count != Cells(lines[delimiter]).Count)
        {
            AddProse(contents, lines, lines.Count);
            return contents;
        }

        AddProse(contents, lines, delimiter - 1);
        contents.Add(new TableContent(header, [.. lines.Skip(delimiter + 1).Where(line => line.IndexOf('|') >= 0).Select(Cells)]));
        return contents;
    }

    private static void AddProse(List<Content> contents, List<Fragment> lines, int count)
    {
        if (count > 0)
        {
            contents.Add(new ParagraphContent(new Fragment(lines[0].Text, lines[0].Start, lines[count - 1].End)));
        }
    }

    private static List<Fragment> LinesOf(Fragment paragraph)
    {
        var lines = new List<Fragment>();
        var start = 0;
        for (var i = 0; i <= paragraph.Length; i++)
        {
            if (i == paragraph.Length || paragraph[i] is '\r' or '\n')
            {
                var line = paragraph.Slice(start, i - start).Trim();
                if (!line.IsEmpty)
                {
                    lines.Add(line);
                }

                start = i + 1;
            }
        }

        return lines;
    }

    private static bool IsDelimiter(Fragment line)
    {
        if (line.IndexOf('|') < 0 || line.IndexOf('-') < 0)
        {
            return false;
        }

        foreach (var cell in Cells(line))
        {
            var dashes = 0;
            for (var i = 0; i < cell.Length; i++)
            {
                if (cell[i] == '-')
                {
                    dashes++;
                }
                else if (cell[i] != ':' || (i > 0 && i < cell.Length - 1))
                {
                    return false;
                }
            }

            if (dashes == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static List<Fragment> Cells(Fragment line) => [.. PaddedCells(line).Select(cell => cell.Trim())];

    /// <summary>
    /// What stands between the pipes of a line, spaces included. A pipe that is escaped does not end a cell. GitHub splits before it looks for code
    /// spans, so a pipe in code must be escaped too.
    /// </summary>
    public static List<Fragment> PaddedCells(Fragment line)
    {
        var cells = new List<Fragment>();
        var start = line.StartsWith("|") ? 1 : 0;
        for (var i = start; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] == '|')
            {
                cells.Add(line.Slice(start, i - start));
                start = i + 1;
            }
        }

        if (start < line.Length)
        {
            cells.Add(line.From(start));
        }

        return cells;
    }
}

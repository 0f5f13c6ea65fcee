namespace AgentAuth.AuthMd.Markdown;

/// <summary>Pipe tables, as GitHub reads them, except that a line without a pipe ends a table: prose never declares.</summary>
internal static class Tables
{
    /// <summary>The tables of a paragraph and the prose around them, in order.</summary>
    public static List<Content> Split(Fragment paragraph)
    {
        var lines = LinesOf(paragraph);
        var contents = new List<Content>();
        var prose = 0;
        for (var i = 1; i < lines.Count; i++)
        {
            if (!IsDelimiter(lines[i]) || i - 1 < prose)
            {
                continue;
            }

            var header = Cells(lines[i - 1]);
            if (header.Count != Cells(lines[i]).Count)
            {
                continue;
            }

            AddProse(contents, lines, prose, i - 1);
            var rows = new List<IReadOnlyList<Fragment>>();
            for (i++; i < lines.Count && lines[i].IndexOf('|') >= 0; i++)
            {
                rows.Add(Cells(lines[i]));
            }

            contents.Add(new TableContent(header, rows));
            prose = i;
        }

        AddProse(contents, lines, prose, lines.Count);
        return contents;
    }

    private static void AddProse(List<Content> contents, List<Fragment> lines, int from, int to)
    {
        if (from < to)
        {
            contents.Add(new ParagraphContent(new Fragment(lines[from].Text, lines[from].Start, lines[to - 1].End)));
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

    // A pipe that is escaped does not end a cell. GitHub splits before it looks for code spans, so a pipe in code must be escaped too.
    private static List<Fragment> Cells(Fragment line)
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
                cells.Add(line.Slice(start, i - start).Trim());
                start = i + 1;
            }
        }

        if (start < line.Length)
        {
            cells.Add(line.From(start).Trim());
        }

        return cells;
    }
}

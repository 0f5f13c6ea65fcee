using AgentAuth.AuthMd.Machine;
using AgentAuth.AuthMd.Markdown;

namespace AgentAuth.AuthMd.Sections;

/// <summary>What all section readers share: the document's sections and where problems go.</summary>
/// <param name="Document">The text and its sections.</param>
/// <param name="Machine">Its machine-readable blocks, which may fill what the Markdown leaves out.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record Reading(MarkdownText Document, MachineBlocks Machine, Problems Problems)
{
    private IReadOnlyList<Request>? _requests;
    private int[]? _firstRequests;

    private readonly Dictionary<SectionKind, List<Section>> _kinds = Document.Sections
        .Select(section => (section, kind: SectionKinds.Of(section)))
        .Where(pair => pair.kind is not null)
        .GroupBy(pair => pair.kind!.Value, pair => pair.section)
        .ToDictionary(group => group.Key, group => group.ToList());

    public IReadOnlyList<Section> Sections => Document.Sections;

    /// <summary>The heading of level 1 that names the service; null when there is none.</summary>
    public Section? Title { get; } = Document.Sections.FirstOrDefault(section => section.Level == 1);

    /// <summary>The sections of a kind, in the order of the text.</summary>
    public IReadOnlyList<Section> Of(SectionKind kind) => _kinds.TryGetValue(kind, out var sections) ? sections : [];

    /// <summary>The sections right below a section: of the highest level that its sub-headings have, which need not be the next.</summary>
    public IEnumerable<Section> ChildrenOf(Section section)
    {
        var until = 0;
        for (var i = section.Index + 1; i < Sections.Count && Sections[i].Start < section.End; i++)
        {
            if (Sections[i].Start >= until)
            {
                until = Sections[i].End;
                yield return Sections[i];
            }
        }
    }

    /// <summary>The requests that the document shows or names, in the order of the text.</summary>
    public IReadOnlyList<Request> Requests => _requests ??= RequestsReader.Read(this);

    /// <summary>The requests in a section and those below it.</summary>
    public IEnumerable<Request> RequestsIn(Section section)
    {
        if (_firstRequests is null)
        {
            _firstRequests = new int[Sections.Count];
            for (int i = 0, next = 0; i < Sections.Count; i++)
            {
                _firstRequests[i] = next;
                while (next < Requests.Count && Requests[next].Section.Index == i)
                {
                    next++;
                }
            }
        }

        for (var i = _firstRequests[section.Index]; i < Requests.Count && (Requests[i].Section == section || Requests[i].Section.Start < section.End); i++)
        {
            yield return Requests[i];
        }
    }

    /// <summary>A section and those below it.</summary>
    public IEnumerable<Section> WithChildren(Section section)
    {
        for (var i = section.Index; i < Sections.Count && Sections[i].Start < section.End; i++)
        {
            yield return Sections[i];
        }
    }

    /// <summary>The labelled bullets and the two-column rows of a section.</summary>
    public static IEnumerable<Labelled> Labels(Section section)
    {
        foreach (var content in section.Contents)
        {
            if (content is ItemContent item && Labelled.Read(item.Text) is { } labelled)
            {
                yield return labelled with { Nested = item.Nested };
            }
            else if (content is TableContent table)
            {
                foreach (var row in table.Rows.Where(row => row.Count >= 2))
                {
                    yield return new Labelled(Inlines.Unwrap(row[0]), row[1]);
                }
            }
        }
    }

    /// <summary>Keeps the first of several equal facts and reports the others.</summary>
    public void Keep<T>(ref Located<T>? fact, Located<T>? found, string label)
    {
        if (found is null)
        {
            return;
        }

        if (fact is null)
        {
            fact = found;
            return;
        }

        Problems.Report(AuthMdRules.UnusableFact, found.Span, $"\"{label}\" is given twice: first \"{fact.Value}\", here \"{found.Value}\". Keep one of them.");
    }

    /// <summary>Reports a label that nearly is one of the section's. Other labels are the author's own.</summary>
    public void ReportIfMisspelt<T>(Labelled labelled, Vocabulary<T> labels)
    {
        var written = Inlines.Plain(labelled.Label);
        if (labels.Nearest(written) is { } meant)
        {
            Problems.ReportMisspelt(AuthMdRules.UnusableFact, labelled.Label.Span, $"\"{written}\" is not a label of this section, so it would have no effect.", meant);
        }
    }

    /// <summary>Reads a value that is one of a few words; anything else is an error, because a guess could grant something.</summary>
    public bool TryWord(Fragment value, Vocabulary<bool> words, string what, out bool meaning)
    {
        if (Inlines.IsNothing(value))
        {
            meaning = false;
            return false;
        }

        if (words.TryGet(value, out meaning))
        {
            return true;
        }

        var written = Inlines.Plain(value);
        var expected = string.Join(" or ", words.Take(2).Select(word => $"\"{word}\""));
        Problems.ReportMisspelt(AuthMdRules.UnusableFact, value.Trim().Span, $"{what} is \"{written}\"; expected {expected}.", words.Nearest(written));
        return false;
    }
}

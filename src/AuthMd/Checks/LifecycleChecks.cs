using AgentAuth.AuthMd.Sections;

namespace AgentAuth.AuthMd.Checks;

/// <summary>Where the author wants no generated sections, what an agent must know has to be written by hand.</summary>
internal static class LifecycleChecks
{
    public static void Check(Reading reading, AuthDocument document)
    {
        if (document.NoStepsMarker is not { } marker || document.Methods.IsEmpty)
        {
            return;
        }

        var missing = new List<string>();
        AddUnless(document.WrittenSteps.Contains(StepKind.Errors), "\"## Errors\"");
        AddUnless(document.WrittenSteps.Contains(StepKind.Revocation), "\"## Revocation\"");
        AddUnless(document.Contact is not null || reading.Of(SectionKind.Contact).Count > 0, "\"- **Contact:** …\" under the first heading");
        if (missing.Count > 0)
        {
            reading.Problems.Report(
                AuthMdRules.UndescribedLifecycle,
                marker,
                $"Generated sections are off, and the document issues credentials without saying all that an agent must know. Add {string.Join(", ", missing)}, or remove this comment.");
        }

        void AddUnless(bool isWritten, string what)
        {
            if (!isWritten)
            {
                missing.Add(what);
            }
        }
    }
}

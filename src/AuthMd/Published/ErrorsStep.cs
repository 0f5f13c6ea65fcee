using System.Globalization;

namespace AgentAuth.AuthMd.Published;

/// <summary>What each error means, of those that this service answers.</summary>
internal static class ErrorsStep
{
    public static void Write(StepsWriter writer, PublishedService service)
    {
        writer.Paragraph("## Errors");
        writer.Paragraph("Every error is JSON: `error` is one of these, `message` (and `error_description`, the same) says what to do.");
        writer.Line("| `error` | Status | What to do |");
        writer.Line("| --- | --- | --- |");
        foreach (var error in service.Errors())
        {
            writer.Line($"| `{error.Code}` | {error.Status.ToString(CultureInfo.InvariantCulture)} | {error.Advice} |");
        }

        writer.Line();
        writer.Paragraph("A wrong method is 405, a body over 64 KiB 413, a wrong content type 415. Do not repeat a request unchanged, unless the table says to wait.");
    }
}

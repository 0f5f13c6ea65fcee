using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentAuth.Tool.Reports;

/// <summary>What is understood of a document, for people and for machines.</summary>
internal static class FactsReport
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The facts and the problems as JSON.</summary>
    /// <param name="document">The document.</param>
    /// <param name="facts">Its facts.</param>
    public static string Json(CheckedDocument document, ReadFacts facts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            WriteOptional(json, "name", facts.Document.Name?.Value);
            WriteOptional(json, "resource", facts.Document.Resource?.Value);
            WriteAll(json, "scopes", facts.Document.Scopes, scope =>
            {
                WriteOptional(json, "name", scope.Name.Value);
                json.WriteString("granted", ReadFacts.Granted(scope));
                WriteOptional(json, "description", scope.Description);
            });
            WriteTexts(json, "methods", facts.Methods);
            json.WriteStartObject("endpoints");
            foreach (var (name, url) in facts.Endpoints)
            {
                WriteOptional(json, name, url);
            }

            json.WriteEndObject();
            WriteAll(json, "providers", facts.Document.TrustedProviders, provider =>
            {
                WriteOptional(json, "issuer", provider.Issuer.Value);
                WriteOptional(json, "name", provider.Name);
                WriteOptional(json, "keys", provider.Keys?.Value);
                WriteTexts(json, "requires", provider.Requires.Select(method => method.Value));
                json.WriteBoolean("trustsEmail", provider.TrustsEmail);
            });
            WriteAll(json, "problems", document.Problems, problem =>
            {
                var position = document.Lines.PositionOf(problem.Span.Start);
                json.WriteString("id", problem.Id);
                json.WriteString("severity", problem.Severity.ToString().ToLowerInvariant());
                json.WriteNumber("line", position.Line);
                json.WriteNumber("column", position.Column);
                WriteOptional(json, "message", problem.Message);
            });
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) + "\n";
    }

    /// <summary>The facts for people, a line each.</summary>
    /// <param name="facts">The facts.</param>
    public static string Text(ReadFacts facts)
    {
        var text = new StringBuilder();
        Line("Name", facts.Document.Name?.Value);
        Line("Resource", facts.Document.Resource?.Value);
        foreach (var scope in facts.Document.Scopes)
        {
            Line("Scope", $"{scope.Name.Value} ({ReadFacts.Granted(scope)}){(scope.Description.Length > 0 ? " " + scope.Description : "")}");
        }

        Line("Methods", facts.Methods.Count > 0 ? string.Join(", ", facts.Methods) : null);
        foreach (var (name, url) in facts.Endpoints.Where(endpoint => endpoint.Url is not null))
        {
            Line("Endpoint", $"{name} {url}");
        }

        foreach (var provider in facts.Document.TrustedProviders)
        {
            Line("Provider", provider.Issuer.Value);
        }

        return text.Append('\n').ToString();

        void Line(string label, string? value) => text.Append(label).Append(": ").Append(value is null ? "(not said)" : Printable.Line(value)).Append('\n');
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, text);
        }
    }
}

using System.Text;
using Microsoft.Extensions.Logging;

namespace AgentAuth;

/// <summary>Keeps every line that was logged, with its scopes and exceptions.</summary>
internal sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Append("Scope", state.ToString(), null);
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Append(logLevel.ToString(), formatter(state, exception), exception);

    public void Dispose()
    {
    }

    private void Append(string kind, string? message, Exception? exception)
    {
        lock (_lock)
        {
            _text.Append(kind).Append(": ").AppendLine(message).AppendLine(exception?.ToString());
        }
    }
}

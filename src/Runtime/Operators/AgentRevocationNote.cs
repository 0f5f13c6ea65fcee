using System.Net;
using AgentAuth.Text;

namespace AgentAuth;

/// <summary>Who ends access and why, for the audit trail.</summary>
public sealed record AgentRevocationNote
{
    /// <summary>The most characters of <see cref="By"/>.</summary>
    public const int MaxByLength = 200;

    /// <summary>The most characters of <see cref="Reason"/>.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>Makes a note.</summary>
    /// <param name="by">Who does it: a name or an identifier of the signed-in person, never one that the request brings along.</param>
    /// <param name="reason">Why, in a sentence; null: nobody said.</param>
    /// <exception cref="ArgumentException">One is empty, too long, or has control characters, line breaks or marks that turn the direction of writing.</exception>
    public AgentRevocationNote(string by, string? reason = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        By = PlainText.Checked(by, MaxByLength, "by");
        Reason = reason is null ? null : PlainText.Checked(reason, MaxReasonLength, "reason");
    }

    /// <summary>Who does it.</summary>
    public string By { get; }

    /// <summary>Why; null: nobody said.</summary>
    public string? Reason { get; }

    /// <summary>Remote address of the request; null: there was none, or it is unknown.</summary>
    public IPAddress? RemoteAddress { get; init; }
}

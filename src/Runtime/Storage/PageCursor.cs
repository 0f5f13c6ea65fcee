using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentAuth.Storage;

/// <summary>Where a page ends: instant and identifier of its last registration, so that it is found again when that one has been swept away.</summary>
/// <param name="CreatedAt">When the registration was created, to the millisecond.</param>
/// <param name="Id">Its identifier.</param>
internal sealed record PageCursor(DateTimeOffset CreatedAt, string Id)
{
    private static readonly long s_last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static bool TryParse(string text, [NotNullWhen(true)] out PageCursor? cursor)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        cursor = dot > 0 && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= s_last
            ? new PageCursor(DateTimeOffset.FromUnixTimeMilliseconds(at), text[(dot + 1)..])
            : null;
        return cursor is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.ToUnixTimeMilliseconds()}.{Id}");
}

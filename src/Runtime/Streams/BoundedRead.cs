using System.Buffers;

namespace AgentAuth.Streams;

/// <summary>
/// Reads what others send, up to a limit, into a buffer that grows with what has arrived: whoever opens a thousand connections and sends a byte on
/// each must not be given a thousand buffers for what may follow. How slowly it may come is the server's to say (Kestrel's
/// <c>MinRequestBodyDataRate</c>), or the caller's token.
/// </summary>
internal static class BoundedRead
{
    /// <summary>What a reader holds until more than this has arrived.</summary>
    public const int FirstBuffer = 512;

    /// <summary>Reads to the end; null when there is more than the limit allows.</summary>
    /// <param name="stream">What is read.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async ValueTask<byte[]?> ToEndAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var length = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBuffer, limit + 1));
        try
        {
            while (true)
            {
                // One byte beyond the limit tells that there is more.
                var read = await stream.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, limit + 1) - length), cancellationToken).ConfigureAwait(false);
                length += read;
                if (read == 0 || length > limit)
                {
                    return length > limit ? null : buffer.AsSpan(0, length).ToArray();
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Min(length * 2, limit + 1));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    Return(buffer);
                    buffer = larger;
                }
            }
        }
        finally
        {
            Return(buffer);
        }
    }

    // Bodies hold claim tokens and assertions.
    private static void Return(byte[] buffer) => ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
}

using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace AgentAuth.Streams;

public sealed class BoundedReadTests
{
    private const int Limit = 64 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5000)]
    [InlineData(Limit - 1)]
    [InlineData(Limit)]
    public async Task What_is_within_the_limit_is_read_whole(int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);

        Assert.Equal(bytes, await BoundedRead.ToEndAsync(new Drip(bytes, 700), Limit, TestContext.Current.CancellationToken));
        Assert.Equal(bytes, await BoundedRead.ToEndAsync(new Drip(bytes, int.MaxValue), Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(Limit, Limit + 1)]
    [InlineData(Limit, Limit * 3)]
    [InlineData(3, 4)]
    public async Task What_is_more_is_not_read_further(int limit, int size)
    {
        var stream = new Drip(new byte[size], int.MaxValue);

        Assert.Null(await BoundedRead.ToEndAsync(stream, limit, TestContext.Current.CancellationToken));
        Assert.Equal(limit + 1, stream.Given);
    }

    [Finding("G23", "a connection that sends one byte of a body and waits", "512 bytes are held for it, and never more than twice what has arrived")]
    [Fact]
    public async Task G23_the_buffer_grows_with_what_arrives()
    {
        var stream = new Drip(new byte[Limit], 100);

        await BoundedRead.ToEndAsync(stream, Limit, TestContext.Current.CancellationToken);

        Assert.All(stream.Asked, asked => Assert.InRange(asked.Room, 1, Math.Max(BoundedRead.FirstBuffer, asked.Before)));
        Assert.Equal(BoundedRead.FirstBuffer, stream.Asked[0].Room);
    }

    /// <summary>Bodies hold claim tokens and assertions, and whoever rents a buffer next may be anybody.</summary>
    [Theory]
    [InlineData(100, BoundedRead.FirstBuffer)]
    [InlineData(BoundedRead.FirstBuffer + 1, BoundedRead.FirstBuffer)]
    [InlineData(BoundedRead.FirstBuffer + 1, BoundedRead.FirstBuffer * 2)]
    public async Task Nothing_of_what_was_read_is_left_in_a_buffer(int size, int rented)
    {
        var secret = RandomNumberGenerator.GetBytes(size);

        Assert.True((await BoundedRead.ToEndAsync(new Drip(secret, int.MaxValue), Limit, TestContext.Current.CancellationToken)).AsSpan().SequenceEqual(secret));

        var buffer = ArrayPool<byte>.Shared.Rent(rented);
        Assert.True(buffer.AsSpan().IndexOf(secret.AsSpan(0, 50)) < 0);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    [Finding("G23", "210 connections that declare 64 KiB and send one byte each, of JSON, of a form and of a logout token", "others get `200`")]
    [Fact]
    public async Task G23_others_are_served_beside_many_open_bodies()
    {
        await using var service = await TestService.StartAsync();
        (await service.RegisterAnonymouslyAsync()).Is(HttpStatusCode.OK);
        List<TcpClient> open = [];
        try
        {
            foreach (var (path, type) in new[] { ("/agent/auth", "application/json"), ("/agent/auth/revoke", "application/logout+jwt"), ("/agent/auth/claim/attempt/challenge", "application/x-www-form-urlencoded") })
            {
                for (var i = 0; i < 70; i++)
                {
                    var client = new TcpClient();
                    open.Add(client);
                    await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
                    await client.GetStream().WriteAsync(
                        Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: {type}\r\nContent-Length: 65536\r\n\r\n{{"), TestContext.Current.CancellationToken);
                }
            }

            (await service.RegisterAnonymouslyAsync()).Is(HttpStatusCode.OK);
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Gives its bytes in pieces, and notes how much room it was offered.</summary>
    private sealed class Drip(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public List<(long Before, int Room)> Asked { get; } = [];

        public long Given => Position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Asked.Add((Position, buffer.Length));
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
        }
    }
}

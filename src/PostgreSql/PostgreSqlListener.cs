using System.Security.Cryptography;
using AgentAuth.Storage;
using Npgsql;

namespace AgentAuth.PostgreSql;

/// <summary>
/// Hears, on a connection of its own, of the credentials that other replicas change. When the connection breaks nothing that was read before counts, and there is no
/// answer from memory until it is there again.
/// </summary>
internal sealed class PostgreSqlListener : IAsyncDisposable
{
    private const string Channel = "agentauth_credentials";

    // A notification has at most 8000 bytes, and a hash 44 characters in Base64.
    private const int MostHashes = 150;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    // Tells our own notifications from those of others.
    private readonly string _self = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly Action<IReadOnlyCollection<SecretHash>?> _changed;

    private Task _listening = Task.CompletedTask;
    private volatile bool _isListening;

    public PostgreSqlListener(NpgsqlDataSource source, TimeProvider time, Action<IReadOnlyCollection<SecretHash>?> changed) =>
        (_source, _time, _changed) = (source, time, changed);

    /// <summary>True while changes of other replicas are heard of.</summary>
    public bool IsListening => _isListening;

    /// <summary>Begins to listen; the first connection must work.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        _isListening = true;
        _listening = ListenAsync(connection);
    }

    /// <summary>Tells other replicas of credentials, when the transaction is committed.</summary>
    public async ValueTask TellOthersAsync(StoreSession session, IReadOnlyCollection<SecretHash> hashes)
    {
        var changed = hashes.Count > MostHashes ? "" : string.Join(' ', hashes.Select(hash => Convert.ToBase64String(hash.ToArray())));
        _ = await session.AllAsync("SELECT pg_notify(@channel, @payload)::text", row => row.GetString(0), ("@channel", Channel), ("@payload", $"{_self} {changed}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            connection.Notification += (_, notification) => Heard(notification.Payload);
            await using var command = new NpgsqlCommand("LISTEN " + Channel, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task ListenAsync(NpgsqlConnection? connection)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (connection is null)
                {
                    connection = await ConnectAsync(_stop.Token);
                    _isListening = true;

                    // Whatever happened meanwhile.
                    _changed(null);
                }

                await connection.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
            {
                _isListening = false;
                _changed(null);
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                    connection = null;
                }

                await Task.Delay(s_pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private void Heard(string payload)
    {
        var parts = payload.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && parts[0] == _self)
        {
            return;
        }

        // Whoever may notify may say anything: what is no hash may mean any credential.
        var hashes = new List<SecretHash>();
        var bytes = new byte[SecretHash.Length];
        foreach (var part in parts.Skip(1))
        {
            if (!Convert.TryFromBase64String(part, bytes, out var length) || length != SecretHash.Length)
            {
                hashes.Clear();
                break;
            }

            hashes.Add(new SecretHash(bytes));
        }

        _changed(hashes.Count == 0 ? null : hashes);
    }
}

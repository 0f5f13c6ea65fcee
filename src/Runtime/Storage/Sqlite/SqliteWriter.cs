using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace AgentAuth.Storage.Sqlite;

/// <summary>
/// Makes changes on a thread of its own, in the order in which they come. Those that wait share one transaction, and so one wait for the disk; each is
/// answered when that is durable. Where one of them fails, all are rolled back and made again one by one, so that none suffers for another.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    // So many at the most, so that nobody waits for a batch that never ends.
    private const int MostTogether = 256;

    // The longest wait for those who are on their way, however slow the disk is.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(5);

    private readonly BlockingCollection<SqliteChange> _waiting = [];
    private readonly SqliteSession _session;
    private readonly SemaphoreSlim _turn;
    private readonly Action<SqliteTransaction> _begun;
    private readonly string _path;
    private readonly Thread _thread;

    private int _lastTogether;
    private TimeSpan _lastCommit;

    /// <summary>Starts the thread.</summary>
    /// <param name="session">The connection that writes; used by this thread only, and under <paramref name="turn"/>.</param>
    /// <param name="turn">Is held while the connection is used.</param>
    /// <param name="begun">Is told of each transaction when it has begun.</param>
    /// <param name="path">The database, for messages.</param>
    public SqliteWriter(SqliteSession session, SemaphoreSlim turn, Action<SqliteTransaction> begun, string path)
    {
        (_session, _turn, _begun, _path) = (session, turn, begun, path);
        _thread = new Thread(Work) { IsBackground = true, Name = "AgentAuth SQLite" };
        _thread.Start();
    }

    /// <summary>How many transactions were committed, each with one wait for the disk.</summary>
    public long Commits { get; private set; }

    /// <summary>Makes a change; its result, once it is durable.</summary>
    public ValueTask<T> ChangeAsync<T>(Func<StoreSession, ValueTask<T>> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new SqliteChange<T>(change);
        try
        {
            _waiting.Add(waiting, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw SqliteEngine.NotOpen();
        }

        return waiting.AnswerAsync(cancellationToken);
    }

    /// <summary>Makes what waits, and ends the thread.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    private void Work()
    {
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            _turn.Wait();
            try
            {
                MakeWith(first);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private void MakeWith(SqliteChange first)
    {
        if (!first.TryTake())
        {
            return;
        }

        List<SqliteChange> together = [first];
        if (Try(() => RunTogether(together)) is not { } failure)
        {
            together.ForEach(change => change.Complete());
        }
        else if (together.Count == 1)
        {
            first.Fail(failure);
        }
        else
        {
            foreach (var change in together)
            {
                if (Try(() => InTransaction(() => change.Run(_session))) is { } own)
                {
                    change.Fail(own);
                }
                else
                {
                    change.Complete();
                }
            }
        }
    }

    private void RunTogether(List<SqliteChange> together) => InTransaction(() =>
    {
        together[0].Run(_session);
        var began = Stopwatch.GetTimestamp();
        while (together.Count < MostTogether && TryNext(together.Count, began, out var next))
        {
            if (next.TryTake())
            {
                together.Add(next);
                next.Run(_session);
            }
        }

        _lastTogether = together.Count;
    });

    /// <summary>
    /// The next one that waits. Those that were answered together come back together: while most of them are still on their way, they are waited for,
    /// though not longer than the wait for the disk that this saves.
    /// </summary>
    private bool TryNext(int count, long began, out SqliteChange next)
    {
        if (_waiting.TryTake(out next!))
        {
            return true;
        }

        var patience = (_lastCommit < s_longestWait ? _lastCommit : s_longestWait) - Stopwatch.GetElapsedTime(began);
        return count < _lastTogether / 2 && patience > TimeSpan.Zero && _waiting.TryTake(out next!, patience);
    }

    private void InTransaction(Action run)
    {
        try
        {
            using var transaction = _session.Connection.BeginTransaction(deferred: false);
            _session.Transaction = transaction;
            _begun(transaction);
            run();
            var asked = Stopwatch.GetTimestamp();
            transaction.Commit();
            _lastCommit = Stopwatch.GetElapsedTime(asked);
            Commits++;
        }
        finally
        {
            _session.Transaction = null;
        }
    }

    /// <summary>Why it failed; null when it did not. Whatever it was, whoever waits is told.</summary>
    private Exception? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (SqliteException e)
        {
            return new AgentAuthStorageException($"The database '{_path}' refused a change. Nothing of it was kept.", e);
        }
        catch (Exception e)
        {
            return e;
        }
    }
}

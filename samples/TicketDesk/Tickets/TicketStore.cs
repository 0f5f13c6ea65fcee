using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TicketDesk.Tickets;

/// <summary>Tickets and customers in an SQLite file of their own.</summary>
internal sealed class TicketStore
{
    private readonly string _connectionString;
    private readonly TimeProvider _time;

    public TicketStore(IConfiguration configuration, IHostEnvironment environment, TimeProvider time)
    {
        var path = Path.GetFullPath(configuration["TicketDesk:Database"] ?? "App_Data/tickets.db", environment.ContentRootPath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        _time = time;
        Seed();
    }

    public IReadOnlyList<Ticket> List() => Read("SELECT id, title, body, status, created_at, created_by FROM tickets ORDER BY id DESC LIMIT 100", ReadTicket);

    public Ticket? Find(long id) =>
        Read("SELECT id, title, body, status, created_at, created_by FROM tickets WHERE id = $id", ReadTicket, ("$id", id)).FirstOrDefault();

    public IReadOnlyList<Customer> Customers() =>
        Read("SELECT id, name, plan FROM customers ORDER BY id", row => new Customer(row.GetInt64(0), row.GetString(1), row.GetString(2)));

    public Ticket Create(string title, string body, string createdBy) =>
        Read(
            """
            INSERT INTO tickets (title, body, status, created_at, created_by) VALUES ($title, $body, 'open', $now, $by)
            RETURNING id, title, body, status, created_at, created_by
            """,
            ReadTicket,
            ("$title", title),
            ("$body", body),
            ("$now", _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)),
            ("$by", createdBy))[0];

    private static Ticket ReadTicket(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        DateTimeOffset.Parse(row.GetString(4), CultureInfo.InvariantCulture),
        row.GetString(5));

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private void Seed() => Read(
        """
        CREATE TABLE IF NOT EXISTS tickets (
            id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, plan TEXT NOT NULL) STRICT;
        INSERT INTO tickets VALUES
            (1, 'Printer prints in Klingon', 'Since this morning. Restarting did not help.', 'open', '2026-11-20T09:12:00Z', 'grace'),
            (2, 'Invoice 4711 arrived twice', 'Please cancel one of the two.', 'open', '2026-11-21T14:03:00Z', 'alan'),
            (3, 'Cannot sign in from the train', 'Works at home.', 'closed', '2026-11-22T18:45:00Z', 'ada')
            ON CONFLICT DO NOTHING;
        INSERT INTO customers VALUES (1, 'Analytical Engines Ltd', 'business'), (2, 'Bletchley Bakery', 'starter'), (3, 'Compiler & Sons', 'business')
            ON CONFLICT DO NOTHING;
        """,
        row => row.FieldCount);
}

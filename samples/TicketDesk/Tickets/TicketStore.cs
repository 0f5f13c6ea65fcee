using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TicketDesk.Tickets;

/// <summary>The tickets, in an SQLite file of their own (setting <c>TicketDesk:Database</c>). A new file gets a few to look at.</summary>
public sealed class TicketStore
{
    private const int ForeignKeyViolation = 787; // SQLITE_CONSTRAINT_FOREIGNKEY

    private readonly string _connectionString;

    /// <summary>Opens the file, and makes it when there is none.</summary>
    public TicketStore(IConfiguration configuration, IHostEnvironment environment)
    {
        var path = Path.GetFullPath(configuration["TicketDesk:Database"] ?? "App_Data/tickets.db", environment.ContentRootPath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        CreateSchema();
    }

    /// <summary>All tickets, newest first.</summary>
    public IReadOnlyList<Ticket> List()
    {
        using var connection = Open();
        using var command = Command(connection, "SELECT id, title, status, customer_id, created_at FROM tickets ORDER BY id DESC");
        return Read(command, ReadTicket);
    }

    /// <summary>One ticket with its comments; null when there is none.</summary>
    public TicketDetails? Find(long id)
    {
        using var connection = Open();
        using var ticket = Command(connection, "SELECT id, title, status, customer_id, created_at FROM tickets WHERE id = $id", ("$id", id));
        using var comments = Command(connection, "SELECT author, text, at FROM comments WHERE ticket_id = $id ORDER BY id", ("$id", id));
        return Read(ticket, ReadTicket) is [var found]
            ? new TicketDetails(found, Read(comments, row => new TicketComment(row.GetString(0), row.GetString(1), row.GetDateTimeOffset(2))))
            : null;
    }

    /// <summary>All customers, by name.</summary>
    public IReadOnlyList<Customer> ListCustomers()
    {
        using var connection = Open();
        using var command = Command(connection, "SELECT id, name, email FROM customers ORDER BY name");
        return Read(command, row => new Customer(row.GetInt64(0), row.GetString(1), row.GetString(2)));
    }

    /// <summary>Creates an open ticket; null when there is no such customer.</summary>
    public Ticket? Create(string title, long? customerId, DateTimeOffset now)
    {
        using var connection = Open();
        using var command = Command(
            connection,
            """
            INSERT INTO tickets (title, status, customer_id, created_at) VALUES ($title, 'Open', $customer, $now)
            RETURNING id, title, status, customer_id, created_at
            """,
            ("$title", title),
            ("$customer", customerId),
            ("$now", now.ToString("O", CultureInfo.InvariantCulture)));
        try
        {
            return Read(command, ReadTicket)[0];
        }
        catch (SqliteException refused) when (refused.SqliteExtendedErrorCode == ForeignKeyViolation)
        {
            return null;
        }
    }

    private void CreateSchema()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        using var version = Command(connection, "PRAGMA user_version");
        if (version.ExecuteScalar() is not 0L)
        {
            return;
        }

        using var create = Command(
            connection,
            """
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
            CREATE TABLE tickets (
                id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, status TEXT NOT NULL,
                customer_id INTEGER REFERENCES customers (id), created_at TEXT NOT NULL);
            CREATE TABLE comments (
                id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL REFERENCES tickets (id),
                author TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL);
            INSERT INTO customers (id, name, email) VALUES
                (1, 'Ada Lovelace', 'ada@customers.example'), (2, 'Grace Hopper', 'grace@customers.example');
            INSERT INTO tickets (id, title, status, customer_id, created_at) VALUES
                (1, 'The printer prints backwards', 'Open', 1, '2026-11-20T09:12:00Z'),
                (2, 'Please reset my password', 'Closed', 2, '2026-11-21T14:03:00Z'),
                (3, 'Invoice 1042 was charged twice', 'Open', 1, '2026-11-22T18:45:00Z');
            INSERT INTO comments (ticket_id, author, text, at) VALUES
                (1, 'Support', 'Does it do so on plain paper, too?', '2026-11-20T09:30:00Z'),
                (1, 'Ada Lovelace', 'On any paper.', '2026-11-20T09:41:00Z');
            PRAGMA user_version = 1;
            """);
        create.ExecuteNonQuery();
        transaction.Commit();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private static List<T> Read<T>(SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        using var row = command.ExecuteReader();
        var rows = new List<T>();
        while (row.Read())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private static Ticket ReadTicket(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        Enum.Parse<TicketStatus>(row.GetString(2)),
        row.IsDBNull(3) ? null : row.GetInt64(3),
        row.GetDateTimeOffset(4));
}

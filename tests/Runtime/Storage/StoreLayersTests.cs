using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentAuth.Storage;

/// <summary>Decisions are made once, over any engine: what is SQLite's own decides nothing, and what decides knows nothing of SQLite.</summary>
public sealed partial class StoreLayersTests
{
    private static readonly string s_storage = Path.Combine(Repository.Root, "src", "Runtime", "Storage");

    [Fact]
    public void Decisions_and_their_SQL_name_nothing_of_SQLite()
    {
        var files = Directory.GetFiles(s_storage, "*.cs").Where(file => !file.EndsWith("IStoreEngine.cs", StringComparison.Ordinal)).ToList();

        Assert.True(files.Count > 10);
        Assert.All(files, file => Assert.DoesNotMatch(OfSqlite(), Comments().Replace(File.ReadAllText(file), "")));
    }

    [Fact]
    public void The_engine_returns_no_outcome_and_knows_no_statement_of_ours()
    {
        var types = typeof(AgentAuthStore).Assembly.GetTypes().Where(type => type.Namespace == "AgentAuth.Storage.Sqlite").ToList();
        var returned = types
            .SelectMany(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .SelectMany(method => method.ReturnType.GenericTypeArguments.Prepend(method.ReturnType))
            .Where(type => type.Namespace == "AgentAuth.Storage" && type.Name.EndsWith("Outcome", StringComparison.Ordinal));

        Assert.Contains(types, type => type.Name == "SqliteEngine");
        Assert.Empty(returned);
        Assert.All(Directory.GetFiles(Path.Combine(s_storage, "Sqlite"), "*.cs"), file => Assert.DoesNotMatch(Statement(), File.ReadAllText(file)));
    }

    [Fact]
    public void A_dialect_has_less_than_a_hundred_lines() =>
        Assert.True(File.ReadLines(Path.Combine(s_storage, "StoreDialect.cs")).Count() < 100);

    [GeneratedRegex("(?i)sqlite|PRAGMA|INDEXED BY")]
    private static partial Regex OfSqlite();

    [GeneratedRegex("//.*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) ")]
    private static partial Regex Statement();
}

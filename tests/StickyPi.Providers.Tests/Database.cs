using Microsoft.Data.Sqlite;

namespace StickyPi.Tests;

/// <summary>Plain SQL on the database of a store, as any other program would run it.</summary>
public static class Database
{
    public static void Execute(string store, string sql) => Use(store, sql, command => command.ExecuteNonQuery());

    public static object? Scalar(string store, string sql) => Use(store, sql, command => command.ExecuteScalar());

    private static T Use<T>(string store, string sql, Func<SqliteCommand, T> run)
    {
        string file = Directory.Exists(store) ? Path.Combine(store, "database.db") : store;
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return run(command);
    }
}

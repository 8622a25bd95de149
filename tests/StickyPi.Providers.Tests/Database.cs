using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Tests;

/// <summary>Plain SQL on the database of a store, as any other program would run it.</summary>
public static class Database
{
    public static void Execute(string store, string sql, bool doubleQuotedTexts = false) => Use(store, sql, command =>
    {
        if (doubleQuotedTexts)
        {
            // As SQLite was until 2019, and as most systems still build it.
            foreach (int option in (int[])[raw.SQLITE_DBCONFIG_DQS_DML, raw.SQLITE_DBCONFIG_DQS_DDL])
            {
                Assert.Equal(raw.SQLITE_OK, raw.sqlite3_db_config(command.Connection!.Handle, option, 1, out _));
            }
        }

        return command.ExecuteNonQuery();
    });

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

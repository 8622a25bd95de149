using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core.Users;

namespace StickyPi.Providers.Sqlite;

/// <summary>Reads rows of the table <c>users</c>.</summary>
internal static class UserRows
{
    private const string All =
        "SELECT id, username, email, password_hash, is_admin, can_write, datetime_created, api_version, api_user FROM users";

    /// <summary>Reads all users.</summary>
    /// <param name="connection">A connection within a transaction.</param>
    /// <returns>The users.</returns>
    public static List<UserRow> Read(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = All;
        using SqliteDataReader reader = command.ExecuteReader();
        List<UserRow> users = [];
        while (reader.Read())
        {
            users.Add(Read(reader.Handle!));
        }

        return users;
    }

    // The Python client leaves null what it was not told, which means the default.
    private static UserRow Read(sqlite3_stmt row) => new(
        new StickyUser
        {
            Id = raw.sqlite3_column_int64(row, 0),
            UserName = SqliteColumns.Text(row, 1) ?? "",
            Email = SqliteColumns.Text(row, 2),
            IsAdmin = (SqliteColumns.Number(row, 4) ?? 0) != 0,
            CanWrite = (SqliteColumns.Number(row, 5) ?? 1) != 0,
            CreatedAt = SqliteColumns.Time(row, 6),
            ApiVersion = SqliteColumns.Text(row, 7),
            ApiUser = SqliteColumns.Text(row, 8),
        },
        SqliteColumns.Text(row, 3) ?? "");
}

using Microsoft.Data.Sqlite;
using StickyPi.Core.Users;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Reads users, of whom there are few.</summary>
internal static class UserFinder
{
    /// <summary>Reads all users.</summary>
    /// <param name="connection">A connection within a transaction.</param>
    /// <returns>The users.</returns>
    public static List<UserRow> ReadAll(SqliteConnection connection)
    {
        using SqliteStatement statement = new(connection, UserRows.All);
        List<UserRow> users = [];
        while (statement.Step())
        {
            users.Add(UserRows.Read(statement.Row));
        }

        return users;
    }
}

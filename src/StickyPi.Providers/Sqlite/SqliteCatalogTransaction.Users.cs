using Microsoft.Data.Sqlite;
using StickyPi.Core.Users;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    private RowInserter? _users;

    public IReadOnlyList<UserRow> GetUsers() => Guard(() => UserFinder.ReadAll(connection));

    public StickyUser AddUser(NewUser user, string passwordHash) => Guard(() =>
    {
        _users ??= Inserter(CatalogTable.Users);
        long id = _users.Insert(user.UserName, user.Email, passwordHash, user.IsAdmin, user.CanWrite);
        return FindUser(id);
    });

    public StickyUser UpdateUser(
        long id, string? email = null, bool? isAdmin = null, bool? canWrite = null, string? passwordHash = null) => Guard(() =>
    {
        Set("email", email?.Length == 0 ? DBNull.Value : email);
        Set("is_admin", isAdmin);
        Set("can_write", canWrite);
        Set("password_hash", passwordHash);
        return FindUser(id);

        void Set(string column, object? value)
        {
            if (value is not null)
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = UserRows.Update(column);
                _ = command.Parameters.AddWithValue("@value", value);
                _ = command.Parameters.AddWithValue("@id", id);
                _ = command.ExecuteNonQuery();
            }
        }
    });

    public void RemoveUser(long id) => _ = Guard(() =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = UserRows.Delete;
        _ = command.Parameters.AddWithValue("@id", id);
        return command.ExecuteNonQuery();
    });

    private StickyUser FindUser(long id) =>
        UserFinder.ReadAll(connection).SingleOrDefault(row => row.User.Id == id)?.User ?? throw RowErrors.NotKept("users");
}

using StickyPi.Core.Users;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalogTransaction
{
    public IReadOnlyList<UserRow> GetUsers() => Query(UserRows.All, UserRows.Read);

    public StickyUser AddUser(NewUser user, string passwordHash) => Insert(
        CatalogTable.Users, UserRows.Columns, UserRows.Read, user.UserName, user.Email, passwordHash, user.IsAdmin, user.CanWrite).User;

    public StickyUser UpdateUser(long id, string? email = null, bool? isAdmin = null, bool? canWrite = null, string? passwordHash = null)
    {
        Set("email", email, email?.Length == 0 ? null : email);
        Set("is_admin", isAdmin, isAdmin);
        Set("can_write", canWrite, canWrite);
        Set("password_hash", passwordHash, passwordHash);
        return GetUsers().Single(row => row.User.Id == id).User;

        void Set(string column, object? wanted, object? value)
        {
            if (wanted is not null)
            {
                _ = Run(UserRows.Update(column), ("@value", value), ("@id", id));
            }
        }
    }

    public void RemoveUser(long id) => _ = Run(UserRows.Delete, ("@id", id));
}

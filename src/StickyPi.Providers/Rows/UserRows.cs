using StickyPi.Core.Users;

namespace StickyPi.Providers.Rows;

/// <summary>Reads rows of the table <c>users</c>.</summary>
internal static class UserRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns = "id, username, email, password_hash, is_admin, can_write, datetime_created, api_version, api_user";

    /// <summary>How many columns these are.</summary>
    public const int Count = 9;

    /// <summary>Reads all users.</summary>
    public const string All = $"SELECT {Columns} FROM users";

    /// <summary>Removes one user.</summary>
    public const string Delete = "DELETE FROM users WHERE id = @id";

    /// <summary>Changes one column of one user.</summary>
    /// <param name="column">The name of the column.</param>
    /// <returns>The statement.</returns>
    public static string Update(string column) => $"UPDATE users SET {column} = @value WHERE id = @id";

    /// <summary>Reads a row. The Python client leaves null what it was not told, which means the default.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The user.</returns>
    public static UserRow Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow => new(
        new StickyUser
        {
            Id = row.Int64(0),
            UserName = row.Text(1) ?? "",
            Email = row.Text(2),
            IsAdmin = row.Boolean(4) ?? false,
            CanWrite = row.Boolean(5) ?? true,
            CreatedAt = row.Time(6),
            ApiVersion = row.Text(7),
            ApiUser = row.Text(8),
        },
        row.Text(3) ?? "");
}

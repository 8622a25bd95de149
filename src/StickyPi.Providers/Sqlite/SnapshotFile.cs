using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>The SQLite file that a snapshot of a catalog becomes.</summary>
internal static class SnapshotFile
{
    // Whoever is killed leaves a file that nobody opens, so a journal on the disk, and flushing, would be for nothing.
    private const string Settings = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF";

    /// <summary>Makes the file, empty and for the owner alone: for a while it may hold what only the store may know.</summary>
    /// <param name="path">Its path, at which there is nothing.</param>
    public static void Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }

    /// <summary>Opens the file to write to it.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The connection, which nobody else uses.</returns>
    public static SqliteConnection Open(string path)
    {
        SqliteLibrary.EnsureLoaded();
        SqliteConnection connection = SqliteConnections.Open(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Run(Settings);
        return connection;
    }

    /// <summary>Removes users, tokens and secrets from a copy of a catalog, and whatever other programs keep in it.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>How many pictures it tells of.</returns>
    public static long RemoveWhatIsNotPublic(SqliteConnection copy, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stop = cancellationToken.Register(() => raw.sqlite3_interrupt(copy.Handle));
        foreach ((string type, string name) in List(copy))
        {
            copy.Run($"DROP {type} IF EXISTS \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        // What was removed stays in the free pages of a file until it is written anew. A file that others write to by WAL would need theirs.
        copy.Run("DELETE FROM users; PRAGMA journal_mode = DELETE; VACUUM");
        return Finish(copy);
    }

    /// <summary>Whether a catalog is a snapshot.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <returns>Whether it is.</returns>
    public static bool Is(SqliteConnection catalog)
    {
        using SqliteCommand command = catalog.CreateCommand();
        command.CommandText = "PRAGMA application_id";
        return (long)command.ExecuteScalar()! == SavedCatalog.ApplicationId;
    }

    /// <summary>Marks a snapshot as one, and counts its pictures.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <returns>How many it tells of.</returns>
    public static long Finish(SqliteConnection snapshot)
    {
        snapshot.Run($"PRAGMA application_id = {SavedCatalog.ApplicationId}");
        using SqliteCommand command = snapshot.CreateCommand();
        command.CommandText = "SELECT count(*) FROM images";
        return (long)command.ExecuteScalar()!;
    }

    // Views and triggers first, since they need tables.
    private static List<(string Type, string Name)> List(SqliteConnection copy)
    {
        using SqliteCommand command = copy.CreateCommand();
        command.CommandText =
            $"""
            SELECT type, name FROM sqlite_master
            WHERE type IN ('view', 'trigger')
                OR (type = 'table' AND name NOT LIKE 'sqlite_%' AND lower(name) NOT IN ({string.Join(", ", CatalogTable.Public.Append(CatalogTable.Users).Select(table => $"'{table.Name}'"))}))
            ORDER BY type = 'table', type DESC
            """;
        using SqliteDataReader reader = command.ExecuteReader();
        List<(string, string)> found = [];
        while (reader.Read())
        {
            found.Add((reader.GetString(0).ToUpperInvariant(), reader.GetString(1)));
        }

        return found;
    }
}

using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    // Between two pieces it is looked whether the copying shall stop.
    private const int PagesPerStep = 4096;

    public ValueTask<long> SaveSnapshotAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SnapshotFile.Create(path);
        try
        {
            using SqliteConnection copy = SnapshotFile.Open(path);

            // Page by page, which is the fastest there is: nobody can commit meanwhile. What must not stay is removed when they can again.
            _ = Use(connection => CopyPages(connection, copy, cancellationToken), cancellationToken);
            return new(SnapshotFile.RemoveWhatIsNotPublic(copy, cancellationToken));
        }
        catch (SqliteException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SqliteErrors.ToStickyException(e, path);
        }
    }

    private static bool CopyPages(SqliteConnection from, SqliteConnection to, CancellationToken cancellationToken)
    {
        using sqlite3_backup backup = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main");
        if (backup.IsInvalid)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(to.Handle), to.Handle);
        }

        int code;
        while ((code = raw.sqlite3_backup_step(backup, PagesPerStep)) == raw.SQLITE_OK)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        SqliteException.ThrowExceptionForRC(code == raw.SQLITE_DONE ? raw.SQLITE_OK : code, to.Handle);
        return true;
    }
}

using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    // Between two pieces it is looked whether the copying shall stop.
    private const int PagesPerStep = 4096;

    public bool IsSnapshot { get; private set; }

    public async ValueTask<long> SaveSnapshotAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SnapshotFile.Create(path);
        try
        {
            using SqliteConnection copy = SnapshotFile.Open(path);
            await CopyPagesAsync(copy, cancellationToken).ConfigureAwait(false);
            return SnapshotFile.RemoveWhatIsNotPublic(copy, cancellationToken);
        }
        catch (SqliteException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SqliteErrors.ToStickyException(e, path);
        }
    }

    // Page by page, which is the fastest there is: nobody can commit meanwhile. Writers of this process wait before they begin, not at
    // their commit, where all who want to read would wait behind them. What must not stay is removed when they can again.
    private async ValueTask CopyPagesAsync(SqliteConnection copy, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _ = await UseAsync(connection => CopyPages(connection, copy, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = _writing.Release();
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

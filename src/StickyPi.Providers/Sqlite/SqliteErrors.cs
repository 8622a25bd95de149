using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core;

namespace StickyPi.Providers.Sqlite;

/// <summary>Turns what SQLite reports into errors that a user can act on.</summary>
internal static class SqliteErrors
{
    /// <summary>The error that a failed operation on a catalog means.</summary>
    /// <param name="error">What SQLite reported.</param>
    /// <param name="path">The file of the catalog.</param>
    /// <returns>The error.</returns>
    public static StickyException ToStickyException(SqliteException error, string path)
    {
        return error.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => StickyException.StorageFull(path, error),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Unavailable(
                "is kept locked by another program", "Wait for the other program to finish, or close it, and try again."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => Unavailable("may not be written to", "Check your rights to the file and its folder."),
            raw.SQLITE_CANTOPEN => Unavailable("cannot be opened", "Check your rights to the file and its folder."),
            raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => new(
                "NotAStore",
                StickyErrorKind.StoreUnavailable,
                $"'{path}' is damaged, or is no SQLite database: {OneLine.Quote(error)}.",
                path,
                "Restore the file from a backup, or name another folder.",
                error),
            _ => Unavailable(
                $"failed ({OneLine.Quote(error)})",
                "If this persists, check the disk and the file with 'sqlite3 <file> \"PRAGMA integrity_check\"'."),
        };

        StickyException Unavailable(string what, string action) =>
            new("StoreUnavailable", StickyErrorKind.StoreUnavailable, $"The catalog '{path}' {what}.", path, action, error);
    }
}

using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core;

namespace StickyPi.Providers.Sqlite;

/// <summary>Turns what SQLite reports into errors that a user can act on.</summary>
internal static class SqliteErrors
{
    private static readonly TimeSpan WorthAnotherTry = TimeSpan.FromSeconds(5);

    /// <summary>The error that a failed operation on a catalog means.</summary>
    /// <param name="error">What SQLite reported.</param>
    /// <param name="path">The file of the catalog.</param>
    /// <returns>The error.</returns>
    public static StickyException ToStickyException(SqliteException error, string path)
    {
        return error.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => StickyException.StorageFull(path, error),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Locked(path, error),
            raw.SQLITE_CANTOPEN when !File.Exists(path) => Unavailable("is not there any more", "Put the file back, or mount its disk again."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => StickyException.StoreReadOnly(
                $"The catalog '{path}'", path, "Check your rights to the file and its folder.", error),
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

    /// <summary>The error for a catalog that another program keeps locked.</summary>
    /// <param name="path">The file of the catalog.</param>
    /// <param name="cause">What SQLite reported, or null.</param>
    /// <returns>The error <c>StoreUnavailable</c>.</returns>
    public static StickyException Locked(string path, SqliteException? cause) => new(
        "StoreUnavailable",
        StickyErrorKind.StoreUnavailable,
        $"The catalog '{path}' is kept locked by another program.",
        path,
        "Wait for the other program to finish, or close it, and try again.",
        cause)
    {
        RetryAfter = WorthAnotherTry,
    };
}

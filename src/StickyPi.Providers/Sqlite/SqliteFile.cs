using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// The file of a catalog, and how connections to it are opened: for writing; as what nobody changes where nothing may be written beside it; and
/// anew where another file came in its place.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="check">Makes sure that it is a catalog, within a transaction that has read already; returns whether it has all tables.</param>
internal sealed partial class SqliteFile(string path, Func<SqliteConnection, bool> check)
{
    // Of sqlite3.h: whether the file that is open is another one than that of its path.
    private const int HasMoved = 20;

    private readonly string _writable = Pooled(path, SqliteOpenMode.ReadWrite);
    private readonly string _immutable = Pooled($"file:{UriPathOf(path)}?immutable=1", SqliteOpenMode.ReadOnly);

    // What the file was when it was opened as one that nobody changes; null where it was not.
    private volatile Stamp? _unchanged;

    private string ConnectionString => _unchanged is null ? _writable : _immutable;

    /// <summary>Opens the file for the first time, and waits on this thread while another program is in the way.</summary>
    /// <param name="create">Whether it may be made, and its tables.</param>
    /// <param name="patience">How long to wait.</param>
    /// <exception cref="StickyException"><c>StoreUnavailable</c>: the other program did not give way.</exception>
    public void Begin(bool create, TimeSpan patience)
    {
        // The pool belongs to the process, and may hold connections to a file that was deleted and that this one replaces.
        Close();
        string first = create && !File.Exists(path)
            ? new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, Pooling = false }.ToString()
            : _writable;
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            using SqliteConnection? connection = Open(first, out bool isWhole);
            if (connection is not null)
            {
                if (create && !isWhole && _unchanged is null)
                {
                    Schema.Create(connection, patience);
                }

                return;
            }

            if (Environment.TickCount64 >= deadline)
            {
                throw SqliteErrors.Locked(path, cause: null);
            }

            SqliteConnections.Wait();
        }
    }

    /// <summary>Opens a connection, or takes one from the pool; to the file that is there now, which is checked where it came in the place of another.</summary>
    /// <returns>The connection, outside of any transaction; null while another program keeps a file locked that must be checked first.</returns>
    public SqliteConnection? Connect()
    {
        if (_unchanged is not null && !IsUnchanged())
        {
            Close();
            return Open(_writable, out _);
        }

        SqliteConnection connection = SqliteConnections.Open(ConnectionString);
        if (!IsElsewhere(connection))
        {
            return connection;
        }

        connection.Release();
        Close();
        return Open(_writable, out _);
    }

    /// <summary>Checks, after a read, that a file which was taken for one that nobody changes is still the same.</summary>
    /// <exception cref="StickyException"><c>StoreUnavailable</c>: somebody has changed it meanwhile.</exception>
    public void ThrowIfChanged()
    {
        if (_unchanged is not null && !IsUnchanged())
        {
            throw new StickyException(
                "StoreUnavailable", StickyErrorKind.StoreUnavailable, $"The catalog '{path}' was changed while it was read.", path, "Try again.");
        }
    }

    /// <summary>Closes the connections that wait in the pool, and those that are in use as soon as they are released.</summary>
    public void Close()
    {
        SqliteConnections.ClearPool(_writable);
        SqliteConnections.ClearPool(_immutable);
    }

    private SqliteConnection? Open(string writable, out bool isWhole)
    {
        _unchanged = null;
        try
        {
            return OpenAs(writable, out isWhole);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY && IsWriteAheadLogged())
        {
            // Before the look at the other file: whatever a writer does from here on changes one of the two.
            Stamp? stamp = Stamp.Of(path);

            // SQLite must write beside such a file to read it, unless nobody changes it.
            if (HasChangesBeside())
            {
                throw new StickyException(
                    "StoreUnavailable",
                    StickyErrorKind.StoreUnavailable,
                    $"The catalog '{path}' has changes in the file '{Path.GetFileName(path)}-wal' beside it, which can be read only where files may be "
                        + "written.",
                    path,
                    "Copy the catalog with that file to a folder that you may write to, and open it there.",
                    e);
            }

            _unchanged = stamp;
            SqliteConnection? connection = OpenAs(_immutable, out isWhole);
            if (IsUnchanged())
            {
                return connection;
            }

            // A writer came while it was opened: once more, then.
            connection?.Release();
            Close();
            _unchanged = null;
            return null;
        }
    }

    // Checked within a transaction that has got its lock: Microsoft.Data.Sqlite would wait for one on this thread, for half a minute.
    private SqliteConnection? OpenAs(string connectionString, out bool isWhole)
    {
        SqliteConnection connection = SqliteConnections.Open(connectionString);
        try
        {
            isWhole = false;
            connection.Run("BEGIN");
            bool isFree = connection.TryRun(SqliteConnections.AnyRead);
            if (isFree)
            {
                isWhole = check(connection);
            }

            connection.Run("ROLLBACK");
            if (isFree)
            {
                return connection;
            }

            connection.Release();
            return null;
        }
        catch
        {
            connection.Release();
            throw;
        }
    }

    private bool HasChangesBeside() => new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };

    private bool IsUnchanged() => !HasChangesBeside() && Stamp.Of(path) == _unchanged;

    private static bool IsElsewhere(SqliteConnection connection) =>
        FileControl(connection.Handle!.DangerousGetHandle(), "main", HasMoved, out int moved) == raw.SQLITE_OK && moved != 0;

    // The versions that may write and read, in the header: 2 is WAL.
    private bool IsWriteAheadLogged()
    {
        const int Versions = 18;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> header = stackalloc byte[Versions + 2];
            return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
                && header[Versions] == 2
                && header[Versions + 1] == 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string UriPathOf(string path)
    {
        string escaped = string.Join('/', Path.GetFullPath(path).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
        return escaped.StartsWith('/') ? escaped : "/" + escaped;
    }

    private static string Pooled(string source, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, ForeignKeys = true, Pooling = true }.ToString();

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(nint database, string name, int operation, out int result);

    private sealed record Stamp(long Size, DateTime Time)
    {
        public static Stamp? Of(string path) => new FileInfo(path) is { Exists: true } file ? new(file.Length, file.LastWriteTimeUtc) : null;
    }
}

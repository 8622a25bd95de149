using System.Net.Sockets;
using Npgsql;
using StickyPi.Core;

namespace StickyPi.Providers.Postgres;

/// <summary>Turns what PostgreSQL and the way to it report into errors that a user can act on. No message holds a connection string.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an error means that the connection is gone, while a new one may be had.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsBrokenConnection(Exception error) => error switch
    {
        PostgresException answer => answer.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        NpgsqlException way => way.InnerException is IOException or SocketException,
        _ => false,
    };

    /// <summary>The error that a failed operation on a catalog means.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="place">The database and its server, for messages.</param>
    /// <returns>The error, or null where the cause is none of the database or of the way to it.</returns>
    public static StickyException? From(Exception error, string place) => error switch
    {
        PostgresException answer => FromAnswer(answer, place),
        NpgsqlException or SocketException or TimeoutException or IOException => FromWay(error, place),
        _ => null,
    };

    /// <summary>The error for a database that is no catalog.</summary>
    /// <param name="place">The database and its server.</param>
    /// <param name="reason">Why it is none, as the end of a sentence.</param>
    /// <param name="cause">What was thrown, or null.</param>
    /// <returns>The error <c>NotAStore</c>.</returns>
    public static StickyException NotAStore(string place, string reason, Exception? cause = null) => new(
        "NotAStore",
        StickyErrorKind.StoreUnavailable,
        $"{place} is not the catalog of a Sticky Pi store: {reason}.",
        place,
        "Name the database of a store, or an empty one to make it in; 'createdb' makes one.",
        cause);

    private static StickyException FromAnswer(PostgresException error, string place)
    {
        return error.SqlState switch
        {
            PostgresErrorCodes.DiskFull => new(
                "StorageFull",
                StickyErrorKind.StorageFull,
                $"The disk of {place} is full.",
                place,
                "Free some space on the database server and run the same command again: what is there already is skipped.",
                error)
            { Service = Service() },
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Error(
                "CredentialRefused", StickyErrorKind.AccessDenied, "does not accept the user or the password",
                "Check both, and what the server's pg_hba.conf allows this machine."),
            PostgresErrorCodes.InvalidCatalogName => Error(
                "DatabaseNotFound", StickyErrorKind.NotFound, "does not exist", "Check the name of the database, or make it with 'createdb'."),
            PostgresErrorCodes.InsufficientPrivilege => Error(
                "AccessDenied", StickyErrorKind.AccessDenied, $"does not let the user do this ({OneLine.Quote(error.MessageText)})",
                "Let the user own the database, or grant it all rights on the schema and its tables."),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn => NotAStore(
                place, OneLine.Quote(error.MessageText), error),
            PostgresErrorCodes.LockNotAvailable => Unavailable(
                "is kept locked by another program", "Wait for the other program to finish, or close it, and try again."),
            PostgresErrorCodes.ReadOnlySqlTransaction => StickyException.StoreReadOnly(
                place, place, "It is a standby, or set to read only: name the primary server, or make it writable.", error, Service()),
            PostgresErrorCodes.TooManyConnections => Unavailable(
                "has no connection left", "Lower 'Maximum Pool Size' in the connection string, or raise max_connections of the server."),
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => Unavailable(
                $"is not available ({OneLine.Quote(error.MessageText)})", "Run the same command again when the server has started."),
            PostgresErrorCodes.QueryCanceled => Unavailable(
                "took too long to answer", "Try again, and look at the load of the server if this persists."),
            _ => Unavailable(
                $"failed ({error.SqlState}: {OneLine.Quote(error.MessageText)})",
                "If this persists, look into the log of the database server."),
        };

        StickyException Unavailable(string what, string action) => Error("StoreUnavailable", StickyErrorKind.StoreUnavailable, what, action);

        StickyException Error(string errorId, StickyErrorKind kind, string what, string action) =>
            new(errorId, kind, $"{place} {what}.", place, action, error) { Service = Service() };

        ServiceError Service() => new("PostgreSQL", error.SqlState, null, null);
    }

    private static StickyException FromWay(Exception error, string place)
    {
        Exception cause = error is NpgsqlException { InnerException: Exception inner } ? inner : error;
        (string what, string action) = cause is TimeoutException
            ? ("did not answer in time", "Check that the server runs and is not overloaded, and that nothing between here and there keeps it from answering.")
            : ($"cannot be reached ({OneLine.Quote(cause)})",
                "Check the host and the port, that the server runs, and that it listens there.");
        return new StickyException("StoreUnavailable", StickyErrorKind.StoreUnavailable, $"{place} {what}.", place, action, error);
    }
}

using Npgsql;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>
/// A real PostgreSQL server for tests: the one that the environment names, else one that <c>tests/start-postgres.sh</c> starts once for the
/// whole process. Tests that use it are skipped where neither can be had.
/// </summary>
public sealed class PostgresServer
{
    private const string Variable = "STICKYPI_TEST_POSTGRES";

    private static readonly Lazy<Task<(PostgresServer? Server, string? WhyNot)>> Shared = new(FindAsync);

    private readonly NpgsqlConnectionStringBuilder _options;

    private PostgresServer(string connectionString) =>
        _options = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };

    /// <summary>How a user that may make databases reaches it.</summary>
    public string ConnectionString => _options.ToString();

    /// <summary>The server; skips the test, with the reason, where there is none. Takes a <c>[SkippableFact]</c>.</summary>
    public static async Task<PostgresServer> GetAsync()
    {
        (PostgresServer? server, string? whyNot) = await Shared.Value;
        Skip.If(server is null, whyNot);
        return server!;
    }

    /// <summary>Makes an empty database that goes when it is disposed of.</summary>
    public static async Task<PostgresDatabase> CreateDatabaseAsync(string settings = "")
    {
        PostgresServer server = await GetAsync();
        PostgresDatabase database = new(server, "test_" + Guid.NewGuid().ToString("N"));
        await server.ExecuteAsync($"CREATE DATABASE {database.Name} {settings}");
        return database;
    }

    /// <summary>Tells a child process of the server, so that it needs none of its own.</summary>
    public void AddTo(IDictionary<string, string?> environment) => environment[Variable] = ConnectionString;

    /// <summary>Runs plain SQL in the database that the server came with.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }

    internal string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, Pooling = true }.ToString();

    private static async Task<(PostgresServer? Server, string? WhyNot)> FindAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } connectionString)
        {
            return (new PostgresServer(connectionString), null);
        }

        if (!OperatingSystem.IsLinux())
        {
            return (null, $"There is no PostgreSQL server: set {Variable} to run the tests that need one.");
        }

        (IReadOnlyDictionary<string, string>? values, string? whyNot) = await ServerScript.StartAsync("start-postgres.sh", Variable);
        return (values is null ? null : new PostgresServer(values[Variable]), whyNot);
    }
}

/// <summary>A database of one test.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;

    internal PostgresDatabase(PostgresServer server, string name)
    {
        _server = server;
        Name = name;
    }

    public string Name { get; }

    /// <summary>How it is reached, with the password.</summary>
    public string ConnectionString => _server.ConnectionStringOf(Name);

    /// <summary>The same, as a store is opened with it.</summary>
    public Secret Secret => new(ConnectionString);

    /// <summary>Runs plain SQL, past the code under test.</summary>
    public Task ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString(), sql);

    /// <summary>The first column of the first row of a query, past the code under test.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    // Whoever is still connected, as a test that failed may be, is thrown out.
    public async ValueTask DisposeAsync() => await _server.ExecuteAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
}

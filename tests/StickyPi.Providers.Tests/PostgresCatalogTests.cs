using System.Globalization;
using Npgsql;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>The contract of catalogs on a real PostgreSQL, and what is its own.</summary>
public sealed class PostgresCatalogTests : CatalogContract
{
    private PostgresDatabase? _database;

    [SkippableFact]
    public async Task Several_servers_may_find_a_new_database_at_once()
    {
        await using PostgresDatabase empty = await PostgresServer.CreateDatabaseAsync();

        ICatalog[] catalogs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () => await OpenAsync(empty.ConnectionString))));

        Assert.Equal(9L, await empty.ScalarAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        foreach (ICatalog catalog in catalogs)
        {
            Assert.Empty(await catalog.GetDeviceNamesAsync(default));
            await catalog.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Opening_without_making_writes_nothing_and_reading_tells_what_is_missing()
    {
        await using PostgresDatabase empty = await PostgresServer.CreateDatabaseAsync();
        await using ICatalog catalog = await OpenAsync(empty.ConnectionString, create: false);

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await catalog.GetDeviceNamesAsync(default));

        Assert.Equal("NotAStore", error.ErrorId);
        Assert.Equal(0L, await empty.ScalarAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [SkippableTheory]
    [InlineData("CREATE TABLE customers (id int); CREATE VIEW orders AS SELECT 1", "customers, orders")]
    [InlineData("CREATE TABLE images (id int, device text)", "datetime")]
    public async Task The_database_of_another_program_is_refused_and_left_alone(string sql, string reason)
    {
        await using PostgresDatabase other = await PostgresServer.CreateDatabaseAsync();
        await other.ExecuteAsync(sql);

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => OpenAsync(other.ConnectionString));

        Assert.Equal(("NotAStore", StickyErrorKind.StoreUnavailable), (error.ErrorId, error.Kind));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await other.ScalarAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [SkippableFact]
    public async Task A_database_in_which_not_every_text_can_be_kept_is_refused()
    {
        await using PostgresDatabase latin = await PostgresServer.CreateDatabaseAsync("ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => OpenAsync(latin.ConnectionString));

        Assert.Equal("NotAStore", error.ErrorId);
        Assert.Contains("SQL_ASCII", error.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("Password=wrong", "CredentialRefused", StickyErrorKind.AccessDenied)]
    [InlineData("Username=nobody", "CredentialRefused", StickyErrorKind.AccessDenied)]
    [InlineData("Database=absent", "DatabaseNotFound", StickyErrorKind.NotFound)]
    [InlineData("Port=1", "StoreUnavailable", StickyErrorKind.StoreUnavailable)]
    [InlineData("Host=absent.invalid", "StoreUnavailable", StickyErrorKind.StoreUnavailable)]
    [InlineData("Port=none", "InvalidConnectionString", StickyErrorKind.InvalidData)]
    [InlineData("Nonsense=1", "InvalidConnectionString", StickyErrorKind.InvalidData)]
    [InlineData("Password=a;b", "InvalidConnectionString", StickyErrorKind.InvalidData)]
    [InlineData("Host=", "InvalidConnectionString", StickyErrorKind.InvalidData)]
    public async Task What_is_wrong_with_a_connection_string_is_told_without_its_password(string wrong, string errorId, StickyErrorKind kind)
    {
        string connectionString = _database!.ConnectionString + ";" + wrong;
        string password = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Password!;

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => OpenAsync(connectionString));

        Assert.Equal((errorId, kind), (error.ErrorId, error.Kind));
        Assert.NotNull(error.RecommendedAction);
        Assert.DoesNotContain(password, error.ToString() + error.RecommendedAction + error.Target, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.ToString() + error.RecommendedAction, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_user_without_rights_is_told_so()
    {
        string user = "u" + Guid.NewGuid().ToString("N");
        await _database!.ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD 'p'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}");
        await using (ICatalog catalog = await OpenAsync(_database.ConnectionString + $";Username={user};Password=p"))
        {
            Assert.Empty(await catalog.GetDeviceNamesAsync(default));
            await using ICatalogTransaction rows = await catalog.BeginWriteAsync(null, default);

            StickyException error = Assert.Throws<StickyException>(() => rows.AddImage(Picture()));

            Assert.Equal(("AccessDenied", StickyErrorKind.AccessDenied, "42501"), (error.ErrorId, error.Kind, error.Service?.Code));
        }

        await _database.ExecuteAsync($"DROP OWNED BY {user}; DROP ROLE {user}");
    }

    [SkippableTheory]
    [InlineData("53100", "StorageFull", StickyErrorKind.StorageFull)]
    [InlineData("25006", "StoreReadOnly", StickyErrorKind.StoreUnavailable)]
    [InlineData("XX000", "StoreUnavailable", StickyErrorKind.StoreUnavailable)]
    public async Task What_the_server_reports_while_writing_becomes_an_error_to_act_on(string code, string errorId, StickyErrorKind kind)
    {
        await ExecuteAsync(
            $"""
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '{code}'; END $$;
            CREATE TRIGGER fail BEFORE INSERT ON images FOR EACH ROW EXECUTE FUNCTION fail();
            """);
        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            StickyException error = Assert.Throws<StickyException>(() => rows.AddImage(Picture()));
            Assert.Equal((errorId, kind, code), (error.ErrorId, error.Kind, error.Service?.Code));
            Assert.Contains(_database!.Name, error.Message, StringComparison.Ordinal);
        }

        await ExecuteAsync("DROP TRIGGER fail ON images");
        await WriteAsync(rows => rows.AddImage(Picture()));
    }

    [SkippableFact]
    public async Task A_server_that_was_started_anew_is_found_again_without_an_error()
    {
        await WriteAsync(rows => rows.AddImage(Picture()));
        _ = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Catalog.GetDeviceNamesAsync(default).AsTask()));

        await ThrowOutAsync();
        Assert.Equal([Device], await Catalog.GetDeviceNamesAsync(default));

        await ThrowOutAsync();
        await WriteAsync(rows => rows.AddImage(Picture(Device, 1)));
        Assert.Equal(2, await Catalog.CountImagesAsync(Always(Device), default));
    }

    [SkippableFact]
    public async Task A_writer_that_lost_its_connection_is_told_and_leaves_nothing_and_nobody_waiting()
    {
        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            _ = rows.AddImage(Picture());
            await ThrowOutAsync();

            Assert.Equal("StoreUnavailable", Assert.Throws<StickyException>(() => rows.Commit(default)).ErrorId);
        }

        Assert.Empty(await Catalog.GetDeviceNamesAsync(default));
        await WriteAsync(rows => rows.AddImage(Picture()));
    }

    [SkippableFact]
    public async Task Texts_are_ordered_by_their_bytes_whatever_the_language_of_the_database()
    {
        await using PostgresDatabase german = await PostgresServer.CreateDatabaseAsync("LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' TEMPLATE template0");
        await using ICatalog catalog = await OpenAsync(german.ConnectionString);
        await using (ICatalogTransaction rows = await catalog.BeginWriteAsync(null, default))
        {
            Assert.All(["a", "B", "ä", "b", "A"], device => rows.AddImage(Picture(device)));
            rows.Commit(default);
        }

        Assert.Equal(["A", "B", "a", "b", "ä"], await catalog.GetDeviceNamesAsync(default));
    }

    [SkippableFact]
    public async Task The_version_of_a_catalog_is_another_one_after_each_change_whoever_made_it()
    {
        await using ICatalog other = await OpenAsync();
        List<string?> versions = [await Catalog.GetVersionAsync(default)];

        await WriteAsync(rows => rows.AddImage(Picture()));
        versions.Add(await other.GetVersionAsync(default));
        await ExecuteAsync("UPDATE images SET width = 65");
        versions.Add(await Catalog.GetVersionAsync(default));
        await WriteAsync(rows => rows.RemoveImage(new ImageReference(Device, Time)));
        versions.Add(await other.GetVersionAsync(default));

        Assert.DoesNotContain(null, versions);
        Assert.Distinct(versions);
    }

    protected override async Task StartAsync() => _database = await PostgresServer.CreateDatabaseAsync();

    protected override async Task EndAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    protected override Task<ICatalog> OpenAsync() => OpenAsync(_database!.ConnectionString);

    protected override Task ExecuteAsync(string sql) => _database!.ExecuteAsync(sql);

    protected override Task<object?> ScalarAsync(string sql) => _database!.ScalarAsync(sql);

    // Foreign keys are always on; the next picture gets another number.
    protected override Task RemoveImagePastEverythingAsync() => ExecuteAsync("DELETE FROM images");

    private static async Task<ICatalog> OpenAsync(string connectionString, bool create = true)
    {
        using Secret secret = new(connectionString);
        return await Pictures.Providers.OpenDatabaseAsync(secret, create, default);
    }

    private Task ThrowOutAsync() => ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database!.Name}' AND pid <> pg_backend_pid()"));
}

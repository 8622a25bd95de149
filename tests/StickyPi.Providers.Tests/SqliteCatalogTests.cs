using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

/// <summary>The contract of catalogs on SQLite, and what is its own.</summary>
public sealed class SqliteCatalogTests : CatalogContract
{
    private string File => Folder["database.db"];

    [Fact]
    public async Task A_store_without_properties_and_tokens_has_no_tables_for_them()
    {
        await WriteAsync(rows =>
        {
            _ = rows.AddImage(Picture());
            rows.SetProperties(new(Core.Properties.StickyPropertyKind.Bundle, "a"), null);
        });
        _ = await Catalog.IsTokenRevokedAsync("t", default);
        _ = await Catalog.GetTokenFactsAsync("t", default);
        _ = await Catalog.GetPropertyPageAsync(Core.Properties.StickyPropertyKind.Image, "", 10, default);

        Assert.Equal(6L, await ScalarAsync("SELECT count(*) FROM sqlite_master WHERE type = 'table'"));
    }

    [Fact]
    public async Task What_was_made_for_properties_is_taken_back_with_them()
    {
        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            rows.SetProperties(new(Core.Properties.StickyPropertyKind.Bundle, "a"), "{}"u8.ToArray());
        }

        Assert.Equal(6L, await ScalarAsync("SELECT count(*) FROM sqlite_master WHERE type = 'table'"));
    }

    [Theory]
    [InlineData("images", "DELETE FROM images WHERE id = new.id")]
    [InlineData("images", "UPDATE images SET device = 'ffffffff' WHERE id = new.id")]
    [InlineData("users", "DELETE FROM users WHERE id = new.id")]
    public async Task A_trigger_that_takes_a_row_away_is_an_error_that_says_so(string table, string does)
    {
        await ExecuteAsync($"CREATE TRIGGER hostile AFTER INSERT ON {table} BEGIN {does}; END");

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => WriteAsync(rows =>
        {
            _ = table == "images" ? (object)rows.AddImage(Picture()) : rows.AddUser(new() { UserName = "ada" }, "x");
        }));

        Assert.Equal(("RowNotKept", table), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task Whoever_waits_for_another_program_takes_no_thread_and_is_told_soon()
    {
        const int Waiting = 60;
        await using ICatalog catalog = Pictures.Providers.OpenCatalog(File, create: true, TimeSpan.FromMilliseconds(300));
        using Microsoft.Data.Sqlite.SqliteConnection other = new($"Data Source={File};Pooling=False");
        Lock(other);

        // Were one of them to wait on this thread, the next would not be asked before it ended.
        long started = Environment.TickCount64;
        Task[] asked =
        [
            .. Enumerable.Range(0, Waiting).Select(i => i % 4 == 0 ? BeginAsync(catalog) : catalog.GetUsersAsync(default).AsTask()),
        ];
        Assert.DoesNotContain(asked, task => task.IsCompletedSuccessfully);

        await AssertToldSoonAsync(asked, started);
        other.Close();
        Assert.Empty(await catalog.GetUsersAsync(default));
    }

    [SkippableFact]
    public async Task Whoever_finds_another_catalog_in_its_place_that_is_locked_takes_no_thread_and_is_told_soon()
    {
        Skip.If(OperatingSystem.IsWindows(), "An open file cannot be replaced there.");
        await using ICatalog catalog = Pictures.Providers.OpenCatalog(File, create: true, TimeSpan.FromMilliseconds(300));
        System.IO.File.Copy(File, Folder["other.db"]);
        using Microsoft.Data.Sqlite.SqliteConnection other = new($"Data Source={Folder["other.db"]};Pooling=False");
        Lock(other);
        System.IO.File.Move(Folder["other.db"], File, overwrite: true);

        long started = Environment.TickCount64;
        Task[] asked = [BeginAsync(catalog), catalog.GetUsersAsync(default).AsTask(), catalog.GetDeviceNamesAsync(default).AsTask()];
        Assert.DoesNotContain(asked, task => task.IsCompleted);
        Assert.InRange(Environment.TickCount64 - started, 0, 250);
        await AssertToldSoonAsync(asked, started);
        other.Close();
        Assert.Empty(await catalog.GetUsersAsync(default));
    }

    [Fact]
    public async Task A_snapshot_leaves_out_whatever_other_programs_keep_in_the_file()
    {
        await ExecuteAsync(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE "other's ""notes" (text); INSERT INTO "other's ""notes" VALUES ('findme');
            CREATE VIEW peek AS SELECT * FROM users; CREATE TRIGGER log AFTER DELETE ON users BEGIN INSERT INTO "other's ""notes" VALUES (old.username); END;
            """);
        await WriteAsync(rows => rows.AddUser(new() { UserName = "findme" }, "x"));

        _ = await Catalog.SaveSnapshotAsync(Folder["copy.db"], default);

        Assert.Equal(-1, (await System.IO.File.ReadAllBytesAsync(Folder["copy.db"])).AsSpan().IndexOf("findme"u8));
        Assert.Equal(6L, Database.Scalar(Folder["copy.db"], "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view', 'trigger')"));
        Assert.Equal("delete", Database.Scalar(Folder["copy.db"], "PRAGMA journal_mode"));
        Assert.Equal("wal", await ScalarAsync("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task A_catalog_that_was_saved_over_itself_would_be_lost_and_is_refused()
    {
        await using Store store = Store.OpenLocal(Folder.Path, Pictures.Providers);
        await WriteAsync(rows => rows.AddUser(new() { UserName = "ada" }, "x"));

        foreach (string path in (string[])[File, Path.Combine(Folder.Path, ".", "database.db")])
        {
            Assert.Equal("FileNotWritten", (await Assert.ThrowsAsync<StickyException>(async () => await store.SaveCatalogAsync(path))).ErrorId);
        }

        _ = Assert.Single(await Catalog.GetUsersAsync(default));
    }

    [SkippableTheory]
    [InlineData("a read")]
    [InlineData("a change")]
    public async Task What_begins_after_the_catalog_was_closed_leaves_the_file_closed(string what)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux lists the open files of a process.");
        await Catalog.DisposeAsync();
        Assert.False(IsFileOpen());

        if (what == "a read")
        {
            Assert.Empty(await Catalog.GetDeviceNamesAsync(default));
        }
        else
        {
            await WriteAsync(rows => rows.AddImage(Picture()));
        }

        Assert.False(IsFileOpen());
    }

    [SkippableFact]
    public async Task A_change_that_ends_after_the_catalog_was_closed_leaves_the_file_closed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux lists the open files of a process.");
        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            await Catalog.DisposeAsync();
            Assert.True(IsFileOpen());
        }

        Assert.False(IsFileOpen());
    }

    private bool IsFileOpen() => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Any(open => open.LinkTarget == File);

    protected override Task StartAsync() => Task.CompletedTask;

    protected override Task EndAsync() => Task.CompletedTask;

    protected override Task<ICatalog> OpenAsync() => Task.FromResult(Pictures.Providers.OpenCatalog(File, create: true));

    protected override Task ExecuteAsync(string sql)
    {
        Database.Execute(File, sql);
        return Task.CompletedTask;
    }

    protected override Task<object?> ScalarAsync(string sql) => Task.FromResult(Database.Scalar(File, sql));

    // As the sqlite3 program does, which leaves foreign keys off; the next picture gets the same number.
    protected override Task RemoveImagePastEverythingAsync() => ExecuteAsync("PRAGMA foreign_keys = OFF; DELETE FROM images");

    private static void Lock(Microsoft.Data.Sqlite.SqliteConnection program)
    {
        program.Open();
        using Microsoft.Data.Sqlite.SqliteCommand hold = program.CreateCommand();
        hold.CommandText = "BEGIN EXCLUSIVE";
        _ = hold.ExecuteNonQuery();
    }

    private static async Task BeginAsync(ICatalog catalog) => await (await catalog.BeginWriteAsync(null, default)).DisposeAsync();

    private static async Task AssertToldSoonAsync(IEnumerable<Task> asked, long started)
    {
        foreach (Task task in asked)
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(() => task);
            Assert.Equal("StoreUnavailable", error.ErrorId);
            Assert.NotNull(error.RetryAfter);
        }

        Assert.InRange(Environment.TickCount64 - started, 300, 10_000);
    }
}

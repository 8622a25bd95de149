using System.Diagnostics;
using Microsoft.Data.Sqlite;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>The file that both programs open: ours read with the sqlite3 program, and one made by plain SQL read with ours.</summary>
public class CatalogFileTests
{
    private const string OneRowOfEach =
        "INSERT INTO users (id, datetime_created, username, password_hash) VALUES (1, '2021-06-01 00:00:00', 'ada', 'x'); "
        + "INSERT INTO tuboid_series (id, datetime_created, device, start_datetime, end_datetime, n_images, n_tuboids, algo_name, algo_version) "
        + "VALUES (1, '2021-06-01 00:00:00', '5c173ff2', '2021-06-01 00:00:00.000000', '2021-06-02 00:00:00.000000', 1, 1, 'a', 'b'); "
        + "INSERT INTO tiled_tuboids (id, datetime_created, parent_series_id, tuboid_id, id_in_series, start_datetime, end_datetime, n_shots) "
        + "VALUES (1, '2021-06-01 00:00:00', 1, 't', 1, '2021-06-01 00:00:00', '2021-06-01 00:00:00', 1); "
        + "INSERT INTO itc_labels (id, datetime_created, parent_tuboid_id, algo_name, algo_version, label, pattern, type) "
        + "VALUES (1, '2021-06-01 00:00:00', 1, 'a', 'b', 1, 'p', 't'); "
        + "INSERT INTO uid_annotations (id, datetime_created, parent_image_id, algo_name, algo_version, n_objects, json) "
        + "VALUES (1, '2021-06-01 00:00:00', 1, 'a', 'b', 1, '{}')";

    // As SQLAlchemy writes it for the existing Python client, with a row of that client.
    private const string PythonStore =
        """
        CREATE TABLE images (datetime_created DATETIME NOT NULL, api_version VARCHAR(8), api_user VARCHAR(32), id INTEGER NOT NULL,
            device VARCHAR(8) NOT NULL, datetime DATETIME NOT NULL, md5 VARCHAR(32) NOT NULL, device_version VARCHAR(8),
            width SMALLINT NOT NULL, height SMALLINT NOT NULL, alt SMALLINT, lat DECIMAL(9, 6), lng DECIMAL(9, 6), temp FLOAT, hum FLOAT,
            no_flash_shutter_speed FLOAT NOT NULL, no_flash_exposure_time FLOAT NOT NULL, no_flash_bv FLOAT NOT NULL,
            no_flash_iso FLOAT NOT NULL, PRIMARY KEY (id), CONSTRAINT image_id UNIQUE (device, datetime));
        CREATE INDEX image_uid ON images (device, datetime);
        CREATE TABLE uid_annotations (datetime_created DATETIME NOT NULL, api_version VARCHAR(8), api_user VARCHAR(32), id INTEGER NOT NULL,
            parent_image_id INTEGER NOT NULL, algo_name VARCHAR(64) NOT NULL, algo_version VARCHAR(46) NOT NULL, n_objects INTEGER NOT NULL,
            json TEXT NOT NULL, PRIMARY KEY (id), CONSTRAINT annotation_id UNIQUE (parent_image_id, algo_name, algo_version),
            FOREIGN KEY(parent_image_id) REFERENCES images (id) ON DELETE CASCADE);
        INSERT INTO images VALUES ('2021-01-01 10:00:00.123456', '0.0.1', NULL, 7, '5c173ff2', '2020-06-20 21:33:24.000000',
            '9e6e908d9c29d332b511f8d5121857f8', NULL, 2592, 1944, NULL, NULL, NULL, 21.899999618530273, 76.80000305175781,
            5.40226, 0.023646, 2.36, 100.0);
        INSERT INTO images VALUES ('2021-01-01 10:00:01.000000', '0.0.1', 'lab', 8, '1b74105a', '2020-07-05 10:07:16.000000',
            '5513ae90c2f07d4bf09cbb7454f023eb', '2.1', 2592, 1944, 22, -121.7552, 49.243553, 10.3, 97.6, 0, 0, 0, 0);
        """;

    [SkippableFact]
    public async Task A_new_store_reads_back_with_the_sqlite3_program_as_the_schema_says()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start, 21.5));
        _ = await store.SendAsync(QuickStart.SampleCamera.Write(
            store.Card, new ImageReference("0a5bb6f4", Pictures.Start), Pictures.Camera.TakeSecondGeneration(Pictures.Start, 18.5)));
        await store.Store.DisposeAsync();

        Assert.Equal("ok", Sqlite3(store.Folder, "PRAGMA integrity_check"));
        Assert.Equal("delete", Sqlite3(store.Folder, "PRAGMA journal_mode"));
        Assert.Equal(
            "images itc_labels properties tiled_tuboids tuboid_series uid_annotations users",
            Sqlite3(store.Folder, "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name)"));
        Assert.Equal(
            "datetime_created DATETIME 1|api_version VARCHAR(8) 0|api_user VARCHAR(32) 0|id INTEGER 1|device VARCHAR(8) 1|datetime DATETIME 1|"
            + "md5 VARCHAR(32) 1|device_version VARCHAR(8) 0|width SMALLINT 1|height SMALLINT 1|alt SMALLINT 0|lat DECIMAL(9, 6) 0|"
            + "lng DECIMAL(9, 6) 0|temp FLOAT 0|hum FLOAT 0|no_flash_shutter_speed FLOAT 1|no_flash_exposure_time FLOAT 1|"
            + "no_flash_bv FLOAT 1|no_flash_iso FLOAT 1",
            Columns(store.Folder, "images"));
        const string common = "datetime_created DATETIME 1|api_version VARCHAR(8) 0|api_user VARCHAR(32) 0|id INTEGER 1|";
        Assert.Equal(
            common + "parent_image_id INTEGER 1|algo_name VARCHAR(64) 1|algo_version VARCHAR(46) 1|n_objects INTEGER 1|json TEXT 1",
            Columns(store.Folder, "uid_annotations"));
        Assert.Equal(
            common + "username VARCHAR(32) 1|email VARCHAR(64) 0|password_hash VARCHAR(128) 1|is_admin BOOLEAN 0|can_write BOOLEAN 0",
            Columns(store.Folder, "users"));
        Assert.Equal(
            common + "device VARCHAR(8) 1|start_datetime DATETIME 1|end_datetime DATETIME 1|n_images INTEGER 1|n_tuboids INTEGER 1|"
            + "algo_name VARCHAR(64) 1|algo_version VARCHAR(46) 1",
            Columns(store.Folder, "tuboid_series"));
        Assert.Equal(
            common + "parent_series_id INTEGER 1|tuboid_id VARCHAR(100) 1|id_in_series INTEGER 1|start_datetime DATETIME 1|end_datetime DATETIME 1|n_shots INTEGER 1",
            Columns(store.Folder, "tiled_tuboids"));
        Assert.Equal(
            common + "parent_tuboid_id INTEGER 1|algo_name VARCHAR(32) 1|algo_version VARCHAR(46) 1|label INTEGER 1|pattern VARCHAR(128) 1|"
            + "type VARCHAR(32) 1|order VARCHAR(32) 0|family VARCHAR(32) 0|genus VARCHAR(32) 0|species VARCHAR(32) 0",
            Columns(store.Folder, "itc_labels"));
        foreach (string index in (string[])["image_uid", "ix_users_username", "ix_users_email"])
        {
            Assert.Equal("1", Sqlite3(store.Folder, $"SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = '{index}'"));
        }

        Assert.Equal(
            $"5c173ff2|2021-06-01 00:00:00.000000|text|{LocalStore.Md5Of(Path.Combine(store.Folder, "raw_images", "5c173ff2", "5c173ff2.2021-06-01_00-00-00.jpg"))}||64|48|3|2.5|1.5|21.5|50.0|0.75|0.25|0.5|100.0",
            Sqlite3(store.Folder, "SELECT device, datetime, typeof(datetime), md5, device_version, width, height, alt, lat, lng, temp, hum, "
                + "no_flash_shutter_speed, no_flash_exposure_time, no_flash_bv, no_flash_iso FROM images WHERE id = 1"));
        Assert.Equal(
            "0a5bb6f4|3.1.0|0.0|0.0|0.0|0.0",
            Sqlite3(store.Folder, "SELECT device, device_version, no_flash_shutter_speed, no_flash_exposure_time, no_flash_bv, no_flash_iso FROM images WHERE id = 2"));
        Assert.Matches(
            @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$", Sqlite3(store.Folder, "SELECT datetime_created FROM images WHERE id = 1"));
    }

    [Fact]
    public async Task A_store_of_the_python_client_opens_lists_and_takes_new_pictures()
    {
        await using LocalStore store = new();
        await store.Store.DisposeAsync();
        File.Delete(Path.Combine(store.Folder, "database.db"));
        Database.Execute(store.Folder, PythonStore);
        await store.ReopenAsync();

        List<StickyImage> images = await store.AllAsync(ImageContent.Image);
        Assert.Equal(["1b74105a", "5c173ff2"], images.Select(image => image.Device));
        Assert.Equal((8L, "2.1", "lab", 22.0), (images[0].Id, images[0].DeviceVersion, images[0].ApiUser, images[0].Altitude));
        Assert.Equal((49.243553, -121.7552, true), (images[0].Position!.Latitude, images[0].Position!.Longitude, images[0].Position!.Swapped));
        Assert.Null(images[0].NoFlashIso);
        Assert.Equal(new DateTime(2021, 1, 1, 10, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456), images[1].CreatedAt);
        Assert.Equal((5.40226, 0.023646, 2.36, 100.0), (images[1].NoFlashShutterSpeed, images[1].NoFlashExposureTime, images[1].NoFlashBrightness, images[1].NoFlashIso));
        Assert.Equal(Path.Combine(store.Folder, "raw_images", "5c173ff2", "5c173ff2.2020-06-20_21-33-24.jpg"), images[1].Url);

        Outcome<SendImageResult> outcome = Assert.Single(await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start)));
        Assert.Equal((SendImageStatus.Added, 9L), (outcome.Value!.Status, outcome.Value.Image.Id));
        Assert.Equal(2, (await store.Store.GetDevicesAsync([]).ToListAsync()).Count);
    }

    [SkippableFact]
    public async Task A_picture_that_the_python_client_stored_is_skipped()
    {
        SampleData.SkipIfAbsent();
        await using LocalStore store = new();
        await store.Store.DisposeAsync();
        File.Delete(Path.Combine(store.Folder, "database.db"));
        Database.Execute(store.Folder, PythonStore);
        await store.ReopenAsync();

        List<Outcome<SendImageResult>> outcomes = await store.SendAsync(SampleData.Pictures);

        Assert.Equal(2, outcomes.Count(outcome => outcome.Value!.Status == SendImageStatus.Skipped));
        Assert.Equal(3, outcomes.Count(outcome => outcome.Value!.Status == SendImageStatus.Added));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        using TestFolder folder = new();
        File.WriteAllText(folder["database.db"], "no database, but somebody's notes, longer than the header of one would be if it were");

        StickyException error = Assert.Throws<StickyException>(() => Store.OpenLocal(folder.Path, Pictures.Providers));

        Assert.Equal("NotAStore", error.ErrorId);
        Assert.StartsWith("no database", File.ReadAllText(folder["database.db"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_database_of_another_program_is_refused_and_left_alone()
    {
        using TestFolder folder = new();
        Database.Execute(folder.Path, "CREATE TABLE recipes (id INTEGER)");

        StickyException error = Assert.Throws<StickyException>(() => Store.OpenLocal(folder.Path, Pictures.Providers));

        Assert.Equal("NotAStore", error.ErrorId);
        Assert.Contains("recipes", error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, Database.Scalar(folder.Path, "SELECT count(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task Opening_a_store_without_making_anything_writes_not_a_byte()
    {
        await using LocalStore store = new();
        await store.Store.DisposeAsync();
        string database = Path.Combine(store.Folder, "database.db");
        File.Delete(database);
        Database.Execute(store.Folder, PythonStore);
        byte[] before = await File.ReadAllBytesAsync(database);

        await using (Store opened = Store.OpenLocal(store.Folder, Pictures.Providers, create: false))
        {
            Assert.Equal(2, await opened.CountImageSeriesAsync(new ImageSeriesQuery()));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(database));
    }

    // SQLite long took "text" for 'text' where no column has that name, and other programs' SQLite may still do.
    [Theory]
    [InlineData("CREATE TABLE log (what TEXT); CREATE TRIGGER added AFTER INSERT ON images BEGIN INSERT INTO log VALUES (\"added\"); END")]
    [InlineData("CREATE TRIGGER keep BEFORE DELETE ON images WHEN old.md5 = \"kept\" BEGIN SELECT RAISE(ABORT, \"kept\"); END")]
    [InlineData("CREATE VIEW found AS SELECT * FROM images WHERE device = \"5c173ff2\"")]
    [InlineData("CREATE INDEX untested ON images (md5) WHERE device <> \"test\"")]
    [InlineData("CREATE INDEX shown ON images (device || \" at \" || datetime)")]
    [InlineData("ALTER TABLE images ADD COLUMN note TEXT DEFAULT \"none\" CHECK (note <> \"\")")]
    [InlineData("ALTER TABLE images ADD COLUMN shown TEXT AS (device || \" \" || md5)")]
    public async Task A_store_works_although_another_program_wrote_texts_in_double_quotes_into_its_schema(string schema)
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        Database.Execute(store.Folder, schema, doubleQuotedTexts: true);
        await store.ReopenAsync();

        string next = Pictures.Write(store.Card, "5c173ff2", Pictures.Start.AddMinutes(20));
        Outcome<SendImageResult> sent = Assert.Single(await store.SendAsync(next));
        Assert.Equal(SendImageStatus.Added, sent.Value?.Status);
        Assert.Equal(2, (await store.AllAsync()).Count);
        Assert.Equal(2, (await store.Store.SaveCatalogAsync(store["copy.db"])).ImageCount);
        Assert.True(Assert.Single(await store.Store.RemoveImagesAsync([new("5c173ff2", Pictures.Start)])).Succeeded);
    }

    [SkippableFact]
    public async Task A_store_that_is_made_anew_where_one_was_deleted_gets_its_own_file()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows deletes no file that is open.");
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        Directory.Delete(store.Folder, recursive: true);

        // The old store is still open, as one that somebody forgot to disconnect from.
        await using (Store made = store.Open())
        {
            Assert.Empty(await made.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync());
            Outcome<SendImageResult> sent = await made.SendImagesAsync(
                new[] { Pictures.Write(store.Card, "5c173ff2", Pictures.Start) }.ToAsyncEnumerable(), new SendImageOptions()).SingleAsync();
            Assert.Equal(SendImageStatus.Added, sent.Value?.Status);
        }

        Assert.Equal(1L, Database.Scalar(store.Folder, "SELECT count(*) FROM images"));
    }

    [Fact]
    public async Task Whoever_waits_for_another_program_can_stop_waiting()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        using SqliteConnection other = new($"Data Source={Path.Combine(store.Folder, "database.db")};Pooling=False");
        other.Open();
        using SqliteCommand hold = other.CreateCommand();
        hold.CommandText = "BEGIN EXCLUSIVE";
        _ = hold.ExecuteNonQuery();
        long started = Environment.TickCount64;

        using CancellationTokenSource stop = new(200);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => store.Store.GetImageSeriesAsync(new ImageSeriesQuery(), stop.Token).CountAsync(stop.Token).AsTask()));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => store.Store.RemoveImagesAsync([new("5c173ff2", Pictures.Start)], stop.Token).AsTask()));

        Assert.InRange(Environment.TickCount64 - started, 0, 10_000); // not the 30 and 60 s that the waiting itself may last
    }

    [Fact]
    public async Task Removing_while_another_program_reads_can_be_stopped_and_has_changed_nothing()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        using SqliteConnection other = new($"Data Source={Path.Combine(store.Folder, "database.db")};Pooling=False");
        other.Open();
        using SqliteCommand read = other.CreateCommand();
        read.CommandText = "BEGIN; SELECT count(*) FROM images";
        _ = read.ExecuteScalar();

        using CancellationTokenSource stop = new(200);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => store.Store.RemoveImagesAsync([new("5c173ff2", Pictures.Start)], stop.Token).AsTask()));
        other.Close();

        _ = Assert.Single(await store.AllAsync());
        await LocalStore.AssertWholeAsync(store.Store);
    }

    [SkippableFact]
    public async Task A_wal_catalog_beside_which_nothing_can_be_written_is_read_until_somebody_changes_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "What is in the way there is another thing.");
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.WriteSeries(store.Card, "5c173ff2", 3));
        await store.Store.DisposeAsync();
        Database.Execute(store.Folder, "PRAGMA journal_mode = WAL");
        string wal = Path.Combine(store.Folder, "database.db-wal");

        // Rights do not keep root from writing; a folder of this name does.
        _ = Directory.CreateDirectory(wal);
        await using Store read = store.Open();
        Assert.Equal(3, await read.CountImageSeriesAsync(new ImageSeriesQuery()));
        StickyException refused = await Assert.ThrowsAsync<StickyException>(async () => await read.RemoveImagesAsync([new("5c173ff2", Pictures.Start)]));
        Assert.Equal("StoreUnavailable", refused.ErrorId);

        Directory.Delete(wal);
        using SqliteConnection other = new($"Data Source={Path.Combine(store.Folder, "database.db")};Pooling=False");
        other.Open();
        using SqliteCommand change = other.CreateCommand();
        change.CommandText = "DELETE FROM images WHERE id = 1";
        _ = change.ExecuteNonQuery();
        Assert.Equal(2, await read.CountImageSeriesAsync(new ImageSeriesQuery()));
    }

    [Theory]
    [InlineData("UTF-16le")]
    [InlineData("UTF-16be")]
    public void A_catalog_whose_texts_are_not_utf_8_is_refused(string encoding)
    {
        using TestFolder folder = new();
        Database.Execute(folder.Path, $"PRAGMA encoding = '{encoding}'; CREATE TABLE images (id INTEGER)");

        StickyException error = Assert.Throws<StickyException>(() => Store.OpenLocal(folder.Path, Pictures.Providers));

        Assert.Equal("NotAStore", error.ErrorId);
        Assert.Contains(encoding, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raw_images")]
    [InlineData("tiled_tuboids")]
    [InlineData("ml")]
    public async Task An_empty_catalog_beside_files_that_it_should_tell_of_becomes_no_new_store(string name)
    {
        using TestFolder folder = new();
        await File.WriteAllBytesAsync(folder["database.db"], []);
        _ = Directory.CreateDirectory(folder[name]);
        await Store.OpenLocal(folder.Path, Pictures.Providers).DisposeAsync();
        await File.WriteAllBytesAsync(folder["database.db"], []);
        await File.WriteAllTextAsync(folder[name + "/picture"], "picture");

        StickyException error = Assert.Throws<StickyException>(() => Store.OpenLocal(folder.Path, Pictures.Providers));

        Assert.Equal("NotAStore", error.ErrorId);
        Assert.Equal(0, new FileInfo(folder["database.db"]).Length);
    }

    [SkippableFact]
    public async Task A_catalog_that_was_put_in_the_place_of_another_is_read_anew()
    {
        Skip.If(OperatingSystem.IsWindows(), "An open file cannot be replaced there.");
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.WriteSeries(store.Card, "5c173ff2", 3));
        string path = Path.Combine(store.Folder, "database.db");
        File.Copy(path, path + "-kept");
        Assert.Equal(3, await CountAsync());

        File.Delete(path);
        Assert.Equal("StoreUnavailable", (await Assert.ThrowsAsync<StickyException>(() => CountAsync())).ErrorId);
        Assert.False(File.Exists(path));
        await File.WriteAllTextAsync(path + ".new", new string('x', 10_000));
        File.Move(path + ".new", path);
        Assert.Equal("NotAStore", (await Assert.ThrowsAsync<StickyException>(() => CountAsync())).ErrorId);
        File.Move(path + "-kept", path, overwrite: true);
        Assert.Equal(3, await CountAsync());
        Assert.True((await store.Store.RemoveImagesAsync([new("5c173ff2", Pictures.Start)]))[0].Succeeded);
        Assert.Equal(2L, Database.Scalar(store.Folder, "SELECT count(*) FROM images"));

        async Task<long> CountAsync() => await store.Store.CountImageSeriesAsync(new ImageSeriesQuery());
    }

    [Fact]
    public void A_table_that_lacks_columns_is_refused_with_their_names()
    {
        using TestFolder folder = new();
        Database.Execute(folder.Path, "CREATE TABLE images (id INTEGER, device VARCHAR(8), datetime DATETIME)");

        StickyException error = Assert.Throws<StickyException>(() => Store.OpenLocal(folder.Path, Pictures.Providers));

        Assert.Contains("md5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_with_a_broken_time_is_an_error_that_says_so()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        Database.Execute(store.Folder, "UPDATE images SET datetime_created = 'yesterday'");

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => store.AllAsync());

        Assert.Equal("InvalidRow", error.ErrorId);
        Assert.Contains("yesterday", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_for_no_measurement_in_a_row_of_the_python_client_is_null_and_its_api_keeps_it()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.WriteSeries(store.Card, "5c173ff2", 3));
        Database.Execute(
            store.Folder,
            "UPDATE images SET temp = -300.0, hum = -1.0, lat = 0, lng = 0, alt = 0 WHERE id = 2; "
                + "UPDATE images SET temp = 9e999, hum = '', lat = 120, lng = 130, alt = ' ' WHERE id = 3");

        StickyImage[] images = [.. (await store.AllAsync()).OrderBy(image => image.Id)];
        Assert.All(images.Skip(1), image => Assert.Equal((null, null, null, null), (image.Temperature, image.Humidity, image.Latitude, image.Longitude)));
        Assert.Equal((null, null, null), (images[1].RecordedLatitude, images[1].RecordedLongitude, images[1].Altitude));
        Assert.Equal((120, 130, null), (images[2].RecordedLatitude, images[2].RecordedLongitude, images[2].Altitude));
        ExistingImage old = ExistingImage.From(images[1], withUrl: false);
        Assert.Equal((-300, -1, 0, 0, 0), (old.Temp, old.Hum, old.Lat, old.Lng, old.Alt));
        StickyDevice device = Assert.Single(await store.Store.GetDevicesAsync([]).ToListAsync());
        Assert.Equal((images[0].Temperature, images[0].Position), (device.LastTemperature, device.LastPosition));
    }

    [Fact]
    public async Task Pictures_and_users_of_a_catalog_whose_columns_are_all_texts_are_read()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.WriteSeries(store.Card, "5c173ff2", 2));
        StickyImage[] before = [.. await store.AllAsync()];
        Database.Execute(
            store.Folder,
            "INSERT INTO users (id, datetime_created, username, password_hash, is_admin, can_write) "
                + "VALUES (7, '2021-06-01 00:00:00', 'ada', 'x', 1, 0)");
        MakeTexts(store.Folder, "images");
        MakeTexts(store.Folder, "users");
        Database.Execute(store.Folder, "UPDATE images SET alt = '', hum = '12.5', no_flash_iso = '1600'");

        Assert.Equal(
            before.Select(image => (image.Id, image.Width, image.Height, image.Temperature, image.RecordedLatitude, (double?)12.5, (double?)null, (double?)1600)),
            (await store.AllAsync()).Select(image =>
                (image.Id, image.Width, image.Height, image.Temperature, image.RecordedLatitude, image.Humidity, image.Altitude, image.NoFlashIso)));
        StickyUser user = Assert.Single(await store.Store.GetUsersAsync(new UserQuery()));
        Assert.Equal((7, true, false), (user.Id, user.IsAdmin, user.CanWrite));
    }

    [Theory]
    [InlineData("images", "width", "")]
    [InlineData("images", "width", " 1600")]
    [InlineData("images", "width", "1600.0")]
    [InlineData("images", "width", "01600")]
    [InlineData("images", "temp", " 1")]
    [InlineData("images", "temp", "1,000")]
    [InlineData("users", "id", "")]
    [InlineData("users", "is_admin", "")]
    [InlineData("users", "is_admin", "1.0")]
    [InlineData("users", "is_admin", "1e0")]
    [InlineData("users", "can_write", "true")]
    [InlineData("tiled_tuboids", "id", "10")]
    public async Task A_text_that_is_not_exactly_a_number_is_an_error_also_in_a_column_of_texts(string table, string column, string value)
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        Database.Execute(store.Folder, OneRowOfEach);
        MakeTexts(store.Folder, table);
        Database.Execute(store.Folder, $"PRAGMA foreign_keys = OFF; UPDATE {table} SET {column} = '{value}'");

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => ReadAsync(store, table));

        Assert.Equal("InvalidRow", error.ErrorId);
        Assert.Contains($"The catalog holds '{value}' as ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("images", "temp", "'n/a'")]
    [InlineData("images", "hum", "'12,5'")]
    [InlineData("images", "alt", "x'00'")]
    [InlineData("images", "alt", "x'31'")]
    [InlineData("images", "lat", "x'31'")]
    [InlineData("images", "no_flash_iso", "x'31'")]
    [InlineData("images", "width", "x'31'")]
    [InlineData("images", "width", "'n/a'")]
    [InlineData("images", "height", "''")]
    [InlineData("images", "width", "1.5")]
    [InlineData("images", "width", "99999999999")]
    [InlineData("images", "no_flash_iso", "'auto'")]
    [InlineData("users", "is_admin", "'yes'")]
    [InlineData("users", "is_admin", "0.5")]
    [InlineData("users", "is_admin", "2")]
    [InlineData("users", "is_admin", "x'31'")]
    [InlineData("users", "can_write", "'n/a'")]
    [InlineData("users", "can_write", "''")]
    [InlineData("users", "can_write", "9e999")]
    [InlineData("users", "can_write", "-1")]
    [InlineData("tuboid_series", "n_images", "'n/a'")]
    [InlineData("tuboid_series", "n_tuboids", "''")]
    [InlineData("tiled_tuboids", "n_shots", "'many'")]
    [InlineData("tiled_tuboids", "start_datetime", "''")]
    [InlineData("itc_labels", "label", "'moth'")]
    [InlineData("uid_annotations", "n_objects", "'n/a'")]
    public async Task A_text_in_a_column_of_numbers_is_an_error_that_says_so(string table, string column, string value)
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        Database.Execute(store.Folder, $"{OneRowOfEach}; UPDATE {table} SET {column} = {value}");

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => ReadAsync(store, table));

        Assert.Equal("InvalidRow", error.ErrorId);
        Assert.Contains($" as {column} of row 1 of {table}, where a ", error.Message, StringComparison.Ordinal);
    }

    // SQLite compares times as texts.
    [Fact]
    public async Task A_picture_whose_time_has_another_shape_is_a_damaged_row_however_it_is_looked_for()
    {
        string[] times =
        [
            "'2021-06-01T12:20:00.000000'", "'2021-06-01T12:20:00Z'", "'2021-06-01 12:20:00'", "'2021-06-01 12:20'", "'2021-06-01 12:20:00+00:00'",
            "1622550000", "2459367.01389", "'1622550000'", "''", "'01.06.2021 12:20:00'", "'21.06.2021 12:20:00'", "'20/06/2021 12:20:00'",
            "'30/06/2021 12:20:00'", "'June 1, 2021'", "CAST('2021-06-01 12:20:00.000000' AS BLOB)",
        ];

        // Told of by every list that comes near them.
        string[] ofOtherClocks = ["'2021-06-02 02:20:00+14:00'", "'2021-06-01 00:20:00-12:00'", "'2021-06-02T02:20:00+14:00'"];
        await using LocalStore store = new();
        DateTime taken = Pictures.Start.AddHours(12).AddMinutes(20);
        string[] paths = [Pictures.Write(store.Card, "5c173ff2", taken.AddMonths(-1)), Pictures.Write(store.Card, "5c173ff2", taken)];
        _ = await store.SendAsync([.. paths, Pictures.Write(store.Card, "0a5bb6f4", taken)]);
        object id = Database.Scalar(store.Folder, "SELECT id FROM images WHERE device = '5c173ff2' AND datetime LIKE '2021-06-01%'")!;
        ImageSeriesQuery near = new() { Devices = ["5c173ff2"], StartTime = taken, EndTime = taken.AddMinutes(1) };
        ImageSeriesQuery earlier = near with { StartTime = taken.AddDays(-40), EndTime = taken.AddDays(-20) };
        foreach (string time in times.Concat(ofOtherClocks))
        {
            Database.Execute(store.Folder, $"UPDATE images SET datetime = {time} WHERE id = {id}");

            await AssertDamagedAsync(time, async () => await store.AllAsync());
            await AssertDamagedAsync(time, async () => await store.Store.GetImageSeriesAsync(near).ToListAsync());
            await AssertDamagedAsync(time, async () => await store.Store.CountImageSeriesAsync(near));
            await AssertDamagedAsync(time, async () => await store.Store.GetAnnotationSeriesAsync(near, new AnnotationQuery()).ToListAsync());
            if (!ofOtherClocks.Contains(time))
            {
                await AssertDamagedAsync(time, async () => await store.Store.GetImagesAsync([new ImageReference("5c173ff2", taken)]));
                await AssertDamagedAsync(time, async () => await store.SendAsync(paths[1]));
            }

            Assert.Equal(3L, Database.Scalar(store.Folder, "SELECT count(*) FROM images"));
            _ = Assert.Single(await store.Store.GetImageSeriesAsync(near with { Devices = ["0a5bb6f4"] }).ToListAsync());
            _ = time.StartsWith("'2021", StringComparison.Ordinal) ? Assert.Single(await store.Store.GetImageSeriesAsync(earlier).ToListAsync()) : null;
        }

        async Task AssertDamagedAsync(string time, Func<Task> look)
        {
            Exception? error = await Record.ExceptionAsync(look);
            Assert.True(error is StickyException { ErrorId: "InvalidRow" }, $"{time}: {error?.Message ?? "no error"}");
            Assert.Matches($" as datetime of row {id} of images, where a time of the form ", error!.Message);
        }
    }

    [Theory]
    [InlineData("start_datetime", "'2021-06-01T00:00:00Z'")]
    [InlineData("end_datetime", "'2021-06-02 00:00:00'")]
    [InlineData("end_datetime", "1622592000")]
    public async Task A_series_of_tuboids_whose_time_has_another_shape_is_a_damaged_row(string column, string time)
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));
        Database.Execute(store.Folder, $"{OneRowOfEach}; UPDATE tuboid_series SET {column} = {time}");

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.Store
            .GetTuboidsAsync(new TuboidQuery { StartTime = Pictures.Start, EndTime = Pictures.Start.AddDays(1) }).ToListAsync());

        Assert.Equal("InvalidRow", error.ErrorId);
        Assert.Contains($" as {column} of row 1 of tuboid_series, where a time of the form ", error.Message, StringComparison.Ordinal);
    }

    private static async Task ReadAsync(LocalStore store, string table)
    {
        switch (table)
        {
            case "images":
                _ = await store.AllAsync();
                break;
            case "users":
                _ = await store.Store.GetUsersAsync(new UserQuery());
                break;
            case "uid_annotations":
                _ = await store.Store.GetAnnotationSeriesAsync(new ImageSeriesQuery(), new AnnotationQuery()).ToListAsync();
                break;
            default:
                _ = await store.Store.GetTuboidsAsync(new TuboidQuery { IncludeLabels = true }).ToListAsync();
                break;
        }
    }

    // As 'sqlite3 .import' makes a table of a CSV file.
    private static void MakeTexts(string store, string table)
    {
        string columns = (string)Database.Scalar(store, $"SELECT group_concat(name || ' TEXT') FROM pragma_table_info('{table}')")!;
        Database.Execute(
            store,
            $"PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; ALTER TABLE {table} RENAME TO typed; CREATE TABLE {table} ({columns}); "
                + $"INSERT INTO {table} SELECT * FROM typed; DROP TABLE typed");
    }

    private static string Columns(string store, string table) =>
        Sqlite3(store, $"SELECT group_concat(name || ' ' || type || ' ' || \"notnull\", '|') FROM pragma_table_info('{table}')");

    internal static string Sqlite3(string store, string sql)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("sqlite3", [Path.Combine(store, "database.db"), sql])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", error);
            return output.Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new SkipException("The sqlite3 program is not installed.");
        }
    }
}

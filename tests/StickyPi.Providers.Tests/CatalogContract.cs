using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>What every catalog does, whichever database it is in. All of it runs on real SQLite and on a real PostgreSQL.</summary>
public abstract partial class CatalogContract : IAsyncLifetime
{
    protected const string Device = "5c173ff2";
    protected const string Md5 = "9e6e908d9c29d332b511f8d5121857f8";

    /// <summary>Texts that break programs which put them into SQL, into patterns, or through an encoding.</summary>
    private static readonly string[] OddTexts =
    [
        "it's", "\"quoted\"", "'; DROP TABLE images; --", "100%", "a_b", "back\\slash", "$1 @p0 :x {0}", "蝶 🦋", "e\u0301 é", "İıI", " spaces ", "tab\tline\n", "\u0001\u007f", "",
    ];

    /// <summary>Texts that not every program reads back as they were written.</summary>
    private static readonly string[] Unstorable = ["a\0b", "\0", "half \ud83e", "\udd8b half"];

    protected static DateTime Time { get; } = new DateTime(2021, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    protected TestFolder Folder { get; } = new();

    protected ICatalog Catalog { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await StartAsync();
        Catalog = await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        if (Catalog is not null)
        {
            await Catalog.DisposeAsync();
        }

        await EndAsync();
        Folder.Dispose();
    }

    [SkippableFact]
    public async Task An_empty_catalog_has_nothing_and_says_so()
    {
        Assert.Empty(await Catalog.GetDeviceNamesAsync(default));
        Assert.Null(await Catalog.GetDeviceAsync(Device, default));
        Assert.Equal([null], await Catalog.FindImagesAsync([new ImageReference(Device, Time)], default));
        Assert.Empty(await Catalog.FindImagesAsync([], default));
        Assert.Empty(await Catalog.GetImagePageAsync(Always(Device), 0, 10, default));
        Assert.Equal(0, await Catalog.CountImagesAsync(Always(Device), default));
        Assert.Empty(await Catalog.GetUsersAsync(default));
        Assert.Empty(await Catalog.GetLabelPageAsync(0, 10, default));
        Assert.Empty(await Catalog.GetTuboidSeriesAsync(DateTime.MinValue, DateTime.MaxValue, default));
        AnnotationPage page = await Catalog.GetAnnotationPageAsync(Always(Device), new AnnotationQuery(), default);
        Assert.Empty(page.Annotations);
        Assert.Null(page.Next);
    }

    [SkippableFact]
    public async Task A_picture_reads_back_with_every_column_as_it_was_written()
    {
        ImageMetadata metadata = Picture() with
        {
            DateTime = Time.AddMicroseconds(123457),
            Altitude = 3.5,
            RecordedLatitude = 49.265621234567,
            RecordedLongitude = -123.23798,
            Temperature = 21.899999618530273,
            Humidity = 0,
            NoFlashShutterSpeed = 5.40226,
            NoFlashExposureTime = 0.023646,
            NoFlashBrightness = -2.36,
            NoFlashIso = 100,
            DeviceVersion = "3.1.0-and-more",
        };
        DateTime before = DateTime.UtcNow;

        StickyImage added = null!;
        await WriteAsync(rows => added = rows.AddImage(metadata), "somebody");

        StickyImage image = Assert.Single(await Catalog.FindImagesAsync([new ImageReference(Device, metadata.DateTime)], default))!;
        Assert.Equal(added, image);
        Assert.Equal((Device, metadata.DateTime, DateTimeKind.Utc, Md5, "3.1.0-an"), (image.Device, image.DateTime, image.DateTime.Kind, image.Md5, image.DeviceVersion));
        Assert.Equal((64, 48, 3.5, 49.265621234567, -123.23798), (image.Width, image.Height, image.Altitude!.Value, image.Latitude!.Value, image.Longitude!.Value));
        Assert.Equal((21.899999618530273, 0.0), (image.Temperature!.Value, image.Humidity!.Value));
        Assert.Equal(
            (5.40226, 0.023646, -2.36, 100.0),
            (image.NoFlashShutterSpeed!.Value, image.NoFlashExposureTime!.Value, image.NoFlashBrightness!.Value, image.NoFlashIso!.Value));
        Assert.Equal(("somebody", DateTimeKind.Utc), (image.ApiUser, image.CreatedAt.Kind));
        Assert.InRange(image.CreatedAt, before.AddSeconds(-1), DateTime.UtcNow.AddSeconds(1));
        Assert.NotNull(image.ApiVersion);
        Assert.True(image.Id > 0);
    }

    [SkippableFact]
    public async Task What_a_picture_does_not_say_stays_unsaid()
    {
        await WriteAsync(rows => rows.AddImage(Picture()));

        StickyImage image = Assert.Single(await Catalog.GetImagePageAsync(Always(Device), 0, 10, default));
        Assert.Equal(
            (null, null, null, null, null, null, null),
            (image.Altitude, image.Latitude, image.Longitude, image.Temperature, image.Humidity, image.DeviceVersion, image.ApiUser));
        Assert.Equal((null, null, null, null), (image.NoFlashShutterSpeed, image.NoFlashExposureTime, image.NoFlashBrightness, image.NoFlashIso));
    }

    [SkippableFact]
    public async Task Devices_are_ordered_by_their_bytes_and_tell_of_their_pictures()
    {
        string[] devices = ["b0000000", "A0000000", "a0000000", "00000001", "Z", "é", "蝶", "z"];
        await WriteAsync(rows =>
        {
            foreach (string device in devices)
            {
                _ = rows.AddImage(Picture(device, 0));
            }

            _ = rows.AddImage(Picture("Z", 3) with { Temperature = 5, RecordedLatitude = 1.5, RecordedLongitude = 2.5, Altitude = 3 });
            _ = rows.AddImage(Picture("Z", 5) with { Temperature = 7, RecordedLatitude = 0, RecordedLongitude = 0 });
            _ = rows.AddImage(Picture("Z", 7));
        });

        Assert.Equal(["00000001", "A0000000", "Z", "a0000000", "b0000000", "z", "é", "蝶"], await Catalog.GetDeviceNamesAsync(default));
        StickyDevice device = (await Catalog.GetDeviceAsync("Z", default))!;
        Assert.Equal((4L, Time, Time.AddMinutes(7), 7.0), (device.ImageCount, device.FirstImage, device.LastImage, device.LastTemperature!.Value));
        Assert.Equal((DateTimeKind.Utc, 1.5), (device.LastImage.Kind, device.LastPosition!.Latitude));
        Assert.Null(await Catalog.GetDeviceAsync("y", default));
        Assert.Null((await Catalog.GetDeviceAsync("z", default))!.LastPosition);
    }

    [SkippableFact]
    public async Task Pages_are_in_order_of_time_from_the_start_up_to_the_end()
    {
        int[] minutes = [5, 1, 4, 2, 3, 0];
        await WriteAsync(rows =>
        {
            foreach (int minute in minutes)
            {
                _ = rows.AddImage(Picture(Device, minute));
                _ = rows.AddImage(Picture("other", minute));
            }

            _ = rows.AddImage(Picture(Device, 4) with { DateTime = Time.AddMinutes(4).AddMicroseconds(1) });
        });
        DeviceRange range = new(Device, Time.AddMinutes(1), Time.AddMinutes(5));

        Assert.Equal([1, 2, 3, 4, 4], await MinutesAsync(range, 0, 100));
        Assert.Equal([2, 3], await MinutesAsync(range, 1, 2));
        Assert.Equal([4], await MinutesAsync(range, 4, 2));
        Assert.Empty(await Catalog.GetImagePageAsync(range, 5, 2, default));
        Assert.Equal([4], await MinutesAsync(range with { StartTime = Time.AddMinutes(4).AddMicroseconds(1) }, 0, 100));
        Assert.Empty(await Catalog.GetImagePageAsync(range with { EndTime = range.StartTime }, 0, 100, default));
        Assert.Equal(5, await Catalog.CountImagesAsync(range, default));
        Assert.Equal(7, await Catalog.CountImagesAsync(Always(Device), default));

        async Task<IEnumerable<int>> MinutesAsync(DeviceRange part, long skip, int count) =>
            (await Catalog.GetImagePageAsync(part, skip, count, default)).Select(image => image.DateTime.Minute);
    }

    [SkippableFact]
    public async Task Exact_pictures_come_in_the_order_in_which_they_were_asked_for()
    {
        await WriteAsync(rows =>
        {
            _ = rows.AddImage(Picture(Device, 1));
            _ = rows.AddImage(Picture(Device, 2));
        });
        ImageReference[] references =
        [
            new(Device, Time.AddMinutes(2)), new("5C173FF2", Time.AddMinutes(2)), new(Device, Time.AddMinutes(2).AddMicroseconds(1)),
            new(Device, Time.AddMinutes(1)), new(Device, Time.AddMinutes(2)),
        ];

        IReadOnlyList<StickyImage?> images = await Catalog.FindImagesAsync(references, default);

        Assert.Equal([2, null, null, 1, 2], images.Select(image => image?.DateTime.Minute));
    }

    [SkippableFact]
    public async Task A_second_picture_of_a_device_and_time_is_refused()
    {
        await WriteAsync(rows => rows.AddImage(Picture()));

        await using (ICatalogTransaction rows = await Catalog.BeginWriteAsync(null, default))
        {
            Assert.Equal("StoreUnavailable", Assert.Throws<StickyException>(() => rows.AddImage(Picture() with { Md5 = new string('0', 32) })).ErrorId);
        }

        Assert.Equal(Md5, Assert.Single(await Catalog.GetImagePageAsync(Always(Device), 0, 10, default)).Md5);
    }

    [SkippableFact]
    public async Task Removing_a_picture_removes_all_that_hangs_on_it_and_nothing_else()
    {
        await WriteAsync(rows =>
        {
            StickyImage image = rows.AddImage(Picture());
            StickyImage other = rows.AddImage(Picture(Device, 1));
            _ = rows.AddAnnotation(image.Id, Annotation(image), 0, "{}"u8.ToArray());
            _ = rows.AddAnnotation(other.Id, Annotation(other), 0, "{}"u8.ToArray());
        });

        bool removed = false;
        bool again = true;
        await WriteAsync(rows =>
        {
            removed = rows.RemoveImage(new ImageReference(Device, Time));
            again = rows.RemoveImage(new ImageReference(Device, Time));
            Assert.Null(rows.FindImage(new ImageReference(Device, Time)));
        });

        Assert.Equal((true, false), (removed, again));
        Assert.Equal(Time.AddMinutes(1), Assert.Single(await Catalog.GetImagePageAsync(Always(Device), 0, 10, default)).DateTime);
        Assert.Equal(1L, Convert.ToInt64(await ScalarAsync("SELECT count(*) FROM uid_annotations"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [SkippableFact]
    public async Task Users_are_added_changed_and_removed()
    {
        StickyUser ada = null!;
        await WriteAsync(rows =>
        {
            ada = rows.AddUser(new NewUser { UserName = "ada", Email = "ada@example.org", IsAdmin = true, CanWrite = false }, "$6$a");
            _ = rows.AddUser(new NewUser { UserName = "Ada" }, "$6$b");
        });

        Assert.Equal(("ada", "ada@example.org", true, false), (ada.UserName, ada.Email, ada.IsAdmin, ada.CanWrite));
        IReadOnlyList<UserRow> users = await Catalog.GetUsersAsync(default);
        Assert.Equal(["$6$a", "$6$b"], users.OrderBy(row => row.User.Id).Select(row => row.PasswordHash));
        Assert.Equal((null, false, true), users.Where(row => row.User.UserName == "Ada").Select(row => (row.User.Email, row.User.IsAdmin, row.User.CanWrite)).Single());

        StickyUser changed = null!;
        await WriteAsync(rows => changed = rows.UpdateUser(ada.Id, email: "", isAdmin: false, canWrite: true, passwordHash: "$6$c"));
        Assert.Equal((null, false, true), (changed.Email, changed.IsAdmin, changed.CanWrite));
        await WriteAsync(rows => changed = rows.UpdateUser(ada.Id, email: "a@example.org"));
        Assert.Equal(("a@example.org", false, true), (changed.Email, changed.IsAdmin, changed.CanWrite));
        Assert.Equal("$6$c", (await Catalog.GetUsersAsync(default)).Single(row => row.User.Id == ada.Id).PasswordHash);

        await WriteAsync(rows =>
        {
            rows.RemoveUser(ada.Id);
            Assert.Equal("Ada", Assert.Single(rows.GetUsers()).User.UserName);
        });
        Assert.Equal("Ada", Assert.Single(await Catalog.GetUsersAsync(default)).User.UserName);
    }

    [SkippableFact]
    public async Task A_user_of_whom_another_program_left_the_rights_open_has_the_default_ones()
    {
        await ExecuteAsync("INSERT INTO users (datetime_created, username, password_hash, is_admin, can_write) VALUES ('2021-01-01 10:00:00.5', 'old', 'x', NULL, NULL)");

        StickyUser user = Assert.Single(await Catalog.GetUsersAsync(default)).User;

        Assert.Equal((false, true, null), (user.IsAdmin, user.CanWrite, user.ApiVersion));
        Assert.Equal(new DateTime(2021, 1, 1, 10, 0, 0, 500, DateTimeKind.Utc), user.CreatedAt);
    }

    [SkippableFact]
    public async Task Odd_texts_are_kept_letter_for_letter_and_are_only_themselves()
    {
        await WriteAsync(rows =>
        {
            StickyImage image = rows.AddImage(Picture());
            StickyTuboidSeries series = rows.AddTuboidSeries(Series(), 1, 100);
            StickyTuboid tuboid = rows.AddTuboid(series, TuboidId.Parse(Tuboids.Id(1)), Shots());
            foreach (string text in OddTexts)
            {
                _ = rows.AddAnnotation(image.Id, Annotation(image) with { AlgoName = text }, 0, System.Text.Encoding.UTF8.GetBytes($"[{text}]"));
                _ = rows.AddLabel(tuboid.Id, Label(1) with { AlgoName = text, Pattern = text, Genus = text });
                _ = rows.AddUser(new NewUser { UserName = text, Email = text + "@" }, text);
                _ = rows.AddImage(Picture(text + "!"));
            }
        });

        AnnotationQuery query = new() { What = AnnotationContent.Data };
        IReadOnlyList<StickyAnnotation> annotations = await Catalog.FindAnnotationsAsync([new ImageReference(Device, Time)], query, default);
        Assert.Equal(OddTexts.Order(StringComparer.Ordinal), annotations.Select(a => a.AlgoName).Order(StringComparer.Ordinal));
        Assert.All(annotations, annotation => Assert.Equal($"[{annotation.AlgoName}]", annotation.Json));
        IReadOnlyList<StickyLabel> labels = await Catalog.FindLabelsAsync([Tuboids.Id(1)], default);
        Assert.Equal(OddTexts, labels.Select(label => label.AlgoName));
        Assert.Equal(OddTexts, labels.Select(label => label.Pattern));
        Assert.Equal(OddTexts.Select(text => string.IsNullOrWhiteSpace(text) ? null : text), labels.Select(label => label.Genus));
        Assert.Equal(OddTexts, (await Catalog.GetUsersAsync(default)).OrderBy(row => row.User.Id).Select(row => row.User.UserName));
        foreach (string text in OddTexts)
        {
            Assert.Equal(1, await Catalog.CountImagesAsync(Always(text + "!"), default));
            Assert.True((await Catalog.FindAnnotationPlacesAsync([Annotation(annotations[0]) with { AlgoName = text }], default))[0].IsTaken);
        }
    }

    [SkippableFact]
    public async Task A_text_that_not_every_database_keeps_is_refused_and_the_rest_goes_on()
    {
        await WriteAsync(rows =>
        {
            StickyImage image = rows.AddImage(Picture());
            StickyTuboidSeries series = rows.AddTuboidSeries(Series(), 1, 100);
            StickyTuboid tuboid = rows.AddTuboid(series, TuboidId.Parse(Tuboids.Id(1)), Shots());
            foreach (string text in Unstorable)
            {
                Action[] additions =
                [
                    () => rows.AddImage(Picture() with { DeviceVersion = text }),
                    () => rows.AddAnnotation(image.Id, Annotation(image) with { AlgoName = text }, 0, "{}"u8.ToArray()),
                    () => rows.AddLabel(tuboid.Id, Label(1) with { Pattern = text }),
                    () => rows.AddUser(new NewUser { UserName = text }, "x"),
                    () => rows.AddTuboidSeries(Series() with { AlgoName = text }, 1, 1),
                ];
                Assert.All(additions, add => Assert.Equal("InvalidText", Assert.Throws<StickyException>(add).ErrorId));
                Assert.Null(rows.FindImage(new ImageReference(text, Time)));
                Assert.Null(rows.FindTuboid(text));
            }

            _ = rows.AddLabel(tuboid.Id, Label(1));
        });

        Assert.Equal([null], await Catalog.FindImagesAsync([new ImageReference("a\0b", Time)], default));
        Assert.Empty(await Catalog.FindLabelsAsync(["half \ud83e"], default));
        Assert.Equal([null], await Catalog.FindTuboidsAsync(["\0"], default));
        Assert.Equal(0, await Catalog.CountImagesAsync(Always("\0"), default));
        _ = Assert.Single(await Catalog.GetLabelPageAsync(0, 10, default));
    }

    /// <summary>Makes an empty place for a catalog.</summary>
    protected abstract Task StartAsync();

    /// <summary>Removes it.</summary>
    protected abstract Task EndAsync();

    /// <summary>Opens the catalog, as another process would.</summary>
    protected abstract Task<ICatalog> OpenAsync();

    /// <summary>Runs plain SQL past the code under test, as another program would.</summary>
    protected abstract Task ExecuteAsync(string sql);

    /// <summary>The first column of the first row of a query, past the code under test.</summary>
    protected abstract Task<object?> ScalarAsync(string sql);

    protected async Task WriteAsync(Action<ICatalogTransaction> write, string? user = null)
    {
        await using ICatalogTransaction rows = await Catalog.BeginWriteAsync(user, default);
        write(rows);
        rows.Commit(default);
    }

    protected static DeviceRange Always(string device) => new(device, DateTime.MinValue, DateTime.MaxValue);

    protected static ImageMetadata Picture(string device = Device, int minute = 0) => new()
    {
        Path = "/card/picture.jpg",
        FileName = "picture.jpg",
        Device = device,
        DateTime = Time.AddMinutes(minute),
        Md5 = Md5,
        Width = 64,
        Height = 48,
    };

    protected static AnnotationReference Annotation(StickyImage image, string algoName = "uid", string algoVersion = "1-a") =>
        new(new ImageReference(image.Device, image.DateTime), algoName, algoVersion);

    protected static AnnotationReference Annotation(StickyAnnotation annotation) => annotation.GetReference();

    protected static TuboidSeriesReference Series() => new(Tuboids.Device, Tuboids.Start, Tuboids.End, "sim", Tuboids.Version);

    protected static NewLabel Label(int number) => new()
    {
        TuboidId = Tuboids.Id(number),
        AlgoName = "by-hand",
        AlgoVersion = "1-a",
        Label = 3,
        Pattern = "Diptera.*",
        Type = "Insecta",
    };

    private TuboidMetadata Shots()
    {
        string path = Path.Combine(Tuboids.Write(Folder[Guid.NewGuid().ToString("N")], Tuboids.Id(1)), "metadata.txt");
        return TuboidMetadata.Parse(File.ReadAllBytes(path), Tuboids.Device, path);
    }
}

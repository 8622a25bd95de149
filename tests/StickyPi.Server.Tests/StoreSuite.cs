using System.Text.Json.Nodes;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Properties;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>
/// What every store does, wherever its rows and files are: the same commands with the same outcomes, on this machine, in a bucket with a
/// database, and behind a server of each of them.
/// </summary>
public abstract class StoreSuite : IAsyncLifetime
{
    private const string Device = "5c173ff2";
    private const string Other = "1b74105a";
    private const string Detector = "sticky-pi-universal-insect-detector";
    private const string Older = "1598113346-ad2cd78dfaca12821046dfb8994724d5";
    private const string Newer = "1604062778-262624ad1767b977801645a8addefbe6";

    private readonly TestFolder _folder = new();
    private StoreUnderTest? _opened;

    private IStickyStore Store => _opened!.Store;

    private string Card => _folder["card"];

    private string Out => _folder["out"];

    public async Task InitializeAsync() => _opened = await OpenAsync(_folder["store"]);

    public async Task DisposeAsync()
    {
        if (_opened is not null)
        {
            await _opened.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Opens a new, empty store of the kind.</summary>
    protected abstract Task<StoreUnderTest> OpenAsync(string folder);

    [SkippableFact]
    public async Task A_card_that_is_sent_is_listed_in_order_and_comes_out_byte_for_byte()
    {
        string[] files = [.. Pictures.WriteSeries(Card, Device, 30), .. Pictures.WriteSeries(Card, Other, 5)];

        List<Outcome<SendImageResult>> sent = await SendAsync(files);
        List<StickyImage> series = await SeriesAsync();
        List<Outcome<SavedImage>> saved = await SaveAsync(series.Select(image => image.Reference()), new SaveImageOptions { Destination = Out });

        Assert.All(sent, outcome => Assert.Equal(SendImageStatus.Added, outcome.Value?.Status));
        Assert.Equal(files.Order(), sent.Select(outcome => outcome.Value!.Path).Order());
        Assert.Equal(series.OrderBy(image => image.Device, StringComparer.Ordinal).ThenBy(image => image.DateTime), series);
        Assert.Equal(35, series.Count);
        Assert.All(series, image =>
        {
            Assert.Equal((64, 48, DateTimeKind.Utc, DateTimeKind.Utc), (image.Width, image.Height, image.DateTime.Kind, image.CreatedAt.Kind));
            Assert.Equal((2.5, 1.5, 3.0, 50.0), (image.Latitude, image.Longitude, image.Altitude, image.Humidity));
            Assert.Equal((0.25, 0.5, 0.75, 100.0), (image.NoFlashExposureTime, image.NoFlashBrightness, image.NoFlashShutterSpeed, image.NoFlashIso));
            Assert.Equal(_opened!.UserName, image.ApiUser);
        });
        Assert.All(saved, outcome => Assert.Equal(SaveImageStatus.Saved, outcome.Value?.Status));
        Assert.Equal(
            files.Select(file => (Path.GetFileName(file), Md5Of(file))).Order(),
            saved.Select(outcome => (Path.GetFileName(outcome.Value!.Path), Md5Of(outcome.Value.Path))).Order());
    }

    [SkippableFact]
    public async Task What_is_there_is_skipped_what_differs_is_a_conflict_and_force_replaces_it_with_its_annotations()
    {
        string[] files = Pictures.WriteSeries(Card, Device, 3);
        _ = await SendAsync(files);
        StickyImage first = (await SeriesAsync())[0];
        _ = await AddAsync([Element(first)]);
        string other = Pictures.Write(_folder["other card"], Device, Pictures.Start, temperature: 35);

        List<Outcome<SendImageResult>> again = await SendAsync([.. files, other]);
        Assert.Equal(3, again.Count(outcome => outcome.Value?.Status == SendImageStatus.Skipped));
        StickyException conflict = Assert.Single(again, outcome => !outcome.Succeeded).Error!;
        Assert.Equal(("ImageConflict", StickyErrorKind.Conflict, other), (conflict.ErrorId, conflict.Kind, conflict.Target));
        Assert.Equal(first.Md5, (await SeriesAsync())[0].Md5);

        SendImageResult replaced = Assert.Single(await SendAsync([other], new SendImageOptions { Force = true })).Value!;
        Assert.Equal((SendImageStatus.Replaced, Md5Of(other)), (replaced.Status, replaced.Image.Md5));
        Assert.Equal(Md5Of(other), (await SeriesAsync())[0].Md5);
        Assert.Empty(await AnnotationsAsync(new AnnotationQuery()));
        Assert.Equal(File.ReadAllBytes(other), (await Store.ReadImageAsync(first.Reference())).ToArray());
        Assert.Equal(SendImageStatus.Skipped, Assert.Single(await SendAsync([other], new SendImageOptions { Force = true })).Value?.Status);
    }

    [SkippableFact]
    public async Task A_picture_is_never_missing_and_never_mixed_while_others_take_its_place()
    {
        string[] pictures = [Pictures.Write(Card, Device, Pictures.Start, temperature: 10), Pictures.Write(_folder["other card"], Device, Pictures.Start, temperature: 35)];
        StickyImage first = Assert.Single(await SendAsync(pictures[..1])).Value!.Image;
        Task replacing = Task.Run(async () =>
        {
            for (int i = 1; i <= 10; i++)
            {
                Assert.Equal(
                    SendImageStatus.Replaced, Assert.Single(await SendAsync([pictures[i % 2]], new SendImageOptions { Force = true })).Value?.Status);
            }
        });

        while (!replacing.IsCompleted)
        {
            _ = Assert.Single(await SeriesAsync());
            _ = Assert.IsType<StickyImage>((await Store.GetImagesAsync([first.Reference()]))[0]);
            byte[] content = (await Store.ReadImageAsync(first.Reference())).ToArray();
            Assert.Contains(content, pictures.Select(File.ReadAllBytes));
        }

        await replacing;
    }

    [SkippableFact]
    public async Task A_bad_file_never_stops_the_rest_and_each_says_what_is_wrong()
    {
        string good = Pictures.Write(Card, Device, Pictures.Start);
        string truncated = Path.Combine(Card, $"{Device}.2021-06-01_10-00-00.jpg");
        File.WriteAllBytes(truncated, File.ReadAllBytes(good)[..^200]);
        string named = Path.Combine(Card, "holiday.jpg");
        File.Copy(good, named);
        string missing = Path.Combine(Card, $"{Device}.2021-06-01_11-00-00.jpg");

        List<Outcome<SendImageResult>> sent = await SendAsync([truncated, named, missing, good]);

        Assert.Equal(good, Assert.Single(sent, outcome => outcome.Succeeded).Value!.Path);
        Assert.Equal(
            ["FileNotFound", "InvalidFileName", "InvalidImage"],
            sent.Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Error!.ErrorId).Order(StringComparer.Ordinal));
        _ = Assert.Single(await SeriesAsync());
    }

    [SkippableFact]
    public async Task Simulating_sends_nothing_and_says_what_would_be_done()
    {
        string[] files = Pictures.WriteSeries(Card, Device, 3);
        _ = await SendAsync(files[..1]);

        List<Outcome<SendImageResult>> told = await SendAsync(files, new SendImageOptions { Simulate = true, Confirm = (_, _, _) => new(false) });

        Assert.Equal([SendImageStatus.Skipped], told.Select(outcome => outcome.Value!.Status));
        _ = Assert.Single(await SeriesAsync());
    }

    [SkippableFact]
    public async Task A_series_is_half_open_and_takes_patterns_skip_and_first()
    {
        _ = await SendAsync([.. Pictures.WriteSeries(Card, Device, 10), .. Pictures.WriteSeries(Card, Other, 10)]);
        DateTime end = Pictures.Start.AddMinutes(20 * 4);

        ImageSeriesQuery query = new() { Devices = ["5c*"], StartTime = Pictures.Start, EndTime = end };
        Assert.Equal([0, 20, 40, 60], (await SeriesAsync(query)).Select(image => (image.DateTime - Pictures.Start).TotalMinutes));
        Assert.Equal(4, await Store.CountImageSeriesAsync(query));
        Assert.Equal(20, await Store.CountImageSeriesAsync(new ImageSeriesQuery()));
        List<StickyImage> some = await SeriesAsync(new ImageSeriesQuery { Skip = 8, First = 4 });
        Assert.Equal([(Other, 160.0), (Other, 180.0), (Device, 0.0), (Device, 20.0)], some.Select(image => (image.Device, (image.DateTime - Pictures.Start).TotalMinutes)));
        Assert.Empty(await SeriesAsync(new ImageSeriesQuery { Devices = ["nothing*"] }));
        Assert.Equal([Other, Device], (await Store.GetDevicesAsync([]).ToListAsync()).Select(device => device.Device));
        StickyDevice device = Assert.Single(await Store.GetDevicesAsync(["5C1?3ff2"]).ToListAsync());
        Assert.Equal((10, Pictures.Start, Pictures.Start.AddMinutes(180)), (device.ImageCount, device.FirstImage, device.LastImage));
        Assert.Equal([Other, Device], await Store.GetDeviceNamesAsync());
    }

    [SkippableFact]
    public async Task A_long_series_comes_whole_and_may_be_left_in_the_middle()
    {
        // More than the first page of a catalog, which is 128.
        const int count = 140;
        _ = await SendAsync(Pictures.WriteSeries(Card, Device, count));

        Assert.Equal(count, (await SeriesAsync()).DistinctBy(image => image.DateTime).Count());
        Assert.Equal(7, await Store.GetImageSeriesAsync(new ImageSeriesQuery()).Take(7).CountAsync());
        Assert.Equal(count, await Store.CountImageSeriesAsync(new ImageSeriesQuery()));
    }

    [SkippableFact]
    public async Task Exact_pictures_come_in_the_order_of_the_question_with_urls_that_work()
    {
        string[] files = Pictures.WriteSeries(Card, Device, 2);
        _ = await SendAsync(files);
        ImageReference[] references = [new(Device, Pictures.Start.AddMinutes(20)), new(Other, Pictures.Start), new(Device, Pictures.Start)];

        IReadOnlyList<StickyImage?> images = await Store.GetImagesAsync(references, ImageContent.Image);

        Assert.Equal([references[1] == default, true, false], [false, images[1] is null, images[0] is null]);
        Assert.Equal([Md5Of(files[1]), Md5Of(files[0])], [images[0]!.Md5, images[2]!.Md5]);
        Assert.Equal(File.ReadAllBytes(files[1]), await ReadUrlAsync(images[0]!.Url));
        Assert.Equal("", (await Store.GetImagesAsync(references))[0]!.Url);
        byte[] mini = await ReadUrlAsync((await SeriesAsync(new ImageSeriesQuery { What = ImageContent.ThumbnailMini }))[0].Url);
        Assert.True(JpegHeader.Read(mini).Width <= 128);
        Assert.Equal(mini, (await Store.ReadImageAsync(new ImageReference(Device, Pictures.Start), ImageContent.ThumbnailMini)).ToArray());
    }

    [SkippableFact]
    public async Task Copies_are_skipped_when_there_refused_when_different_and_missing_pictures_told()
    {
        _ = await SendAsync(Pictures.WriteSeries(Card, Device, 2));
        ImageReference[] references = [new(Device, Pictures.Start), new(Device, Pictures.Start.AddMinutes(20)), new(Other, Pictures.Start)];
        SaveImageOptions options = new() { Destination = Out, What = [ImageContent.Image, ImageContent.Thumbnail] };

        List<Outcome<SavedImage>> first = await SaveAsync(references, options);
        File.WriteAllText(options.GetPath(references[0], ImageContent.Image), "mine");
        List<Outcome<SavedImage>> second = await SaveAsync(references, options);
        List<Outcome<SavedImage>> forced = await SaveAsync(references, options with { Force = true });

        Assert.Equal(4, first.Count(outcome => outcome.Value?.Status == SaveImageStatus.Saved));
        Assert.Equal("ImageNotFound", Assert.Single(first, outcome => !outcome.Succeeded).Error!.ErrorId);
        Assert.Equal(3, second.Count(outcome => outcome.Value?.Status == SaveImageStatus.Skipped));
        Assert.Equal(["FileExists", "ImageNotFound"], second.Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Error!.ErrorId).Order());
        Assert.Equal(1, forced.Count(outcome => outcome.Value?.Status == SaveImageStatus.Replaced));
    }

    [SkippableFact]
    public async Task Removed_pictures_are_gone_with_their_files_annotations_and_properties()
    {
        _ = await SendAsync(Pictures.WriteSeries(Card, Device, 2));
        StickyImage first = (await SeriesAsync())[0];
        _ = await AddAsync([Element(first)]);
        PropertyTarget target = new(StickyPropertyKind.Image, $"{Device}.{StickyTime.ToFileText(first.DateTime)}");
        _ = await Store.ChangePropertiesAsync(target, new PropertyChange { Merge = new JsonObject { ["seen"] = true } });

        IReadOnlyList<Outcome<StickyImage>> removed = await Store.RemoveImagesAsync([first.Reference(), new(Other, Pictures.Start)]);

        Assert.Equal((first.Md5, "ImageNotFound"), (removed[0].Value?.Md5, removed[1].Error?.ErrorId));
        _ = Assert.Single(await SeriesAsync());
        Assert.Empty(await AnnotationsAsync(new AnnotationQuery()));
        Assert.Equal(3, await Store.GetStorageItemsAsync("raw_images", KeyFilter.All).CountAsync());

        _ = await SendAsync(Directory.GetFiles(Card, "*.jpg", SearchOption.AllDirectories));
        Assert.Empty((await Store.GetPropertiesAsync([target]))[0].Value!.Properties);
    }

    [SkippableFact]
    public async Task Annotations_are_added_all_or_none_and_read_back_as_they_were_drawn()
    {
        _ = await SendAsync(Pictures.WriteSeries(Card, Device, 20));
        List<StickyImage> images = await SeriesAsync();
        Random random = new(5);
        AnnotationElement[] elements = [.. images.Select(image => RandomAnnotations.Element(image.Reference(), image.Md5, RandomAnnotations.Draw(random, RandomAnnotations.Names), "it's a \"detector\" \\ <&> 蝶 🦋 #1", Older))];

        Assert.Empty(await AddAsync(elements));
        List<StickyAnnotation> read = await AnnotationsAsync(new AnnotationQuery { What = AnnotationContent.Data });
        Assert.Equal(elements.Length, read.Count);
        foreach ((AnnotationElement element, StickyAnnotation annotation) in elements.Zip(read))
        {
            RandomAnnotations.AssertSame(element, annotation);
            Assert.Equal(element.Json, annotation.Json);
            Assert.Equal(_opened!.UserName, annotation.ApiUser);
        }

        List<Outcome<StickyAnnotation>> refused = await AddAsync([Element(images[0]), RandomAnnotations.Element(new(Other, Pictures.Start), images[0].Md5, [], Detector, Older), elements[3]]);
        Assert.Equal(["ImageNotFound", "AnnotationExists"], refused.Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Error!.ErrorId));
        Assert.Equal(20, (await AnnotationsAsync(new AnnotationQuery())).Count);

        List<Outcome<StickyAnnotation>> kept = await AddAsync(
            [Element(images[0]), Element(images[1]) with { Md5 = new string('0', 32) }], new AddAnnotationOptions { ContinueOnError = true, ReturnStored = true });
        Assert.Equal(["Md5Mismatch"], kept.Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Error!.ErrorId));
        Assert.Equal(images[0].Id, Assert.Single(kept, outcome => outcome.Succeeded).Value!.ImageId);
    }

    [SkippableFact]
    public async Task Annotations_are_found_by_algorithm_joined_with_pictures_and_removed()
    {
        _ = await SendAsync(Pictures.WriteSeries(Card, Device, 3));
        List<StickyImage> images = await SeriesAsync();
        Assert.Empty(await AddAsync([
            Element(images[0], Older), Element(images[0], Newer), Element(images[2], Older), Element(images[2], Older, "person"),
        ]));

        Assert.Equal(
            [Newer, Older],
            (await AnnotationsAsync(new AnnotationQuery { Latest = true, AlgoNames = ["sticky*"] })).Select(annotation => annotation.AlgoVersion));
        List<Outcome<StickyAnnotatedImage>> joined = await Store.GetAnnotatedImagesAsync(
            Store.GetImageSeriesAsync(new ImageSeriesQuery()), new AnnotationQuery { What = AnnotationContent.Data }).ToListAsync();
        Assert.Equal([2, 1, 2], joined.GroupBy(outcome => outcome.Value!.Image.Id).Select(group => group.Count()));
        Assert.Null(joined[2].Value!.Annotation);
        Assert.Equal(2, (await Store.GetAnnotationsAsync(((ImageReference[])[images[2].Reference(), new(Other, Pictures.Start)]).ToAsyncEnumerable(), new AnnotationQuery()).ToListAsync()).Count);

        IReadOnlyList<StickyException?> errors = await Store.RemoveAnnotationsAsync([
            new(images[0].Reference(), Detector, Older), new(images[1].Reference(), Detector, Older),
        ]);
        Assert.Equal([null, "AnnotationNotFound"], errors.Select(error => error?.ErrorId));
        Assert.Equal(3, (await AnnotationsAsync(new AnnotationQuery())).Count);
    }

    [SkippableFact]
    public async Task Tuboids_and_their_labels_go_in_and_come_out()
    {
        string[] folders = Tuboids.WriteSeries(_folder["in"], 3);

        List<Outcome<SendTuboidResult>> sent = await SendTuboidsAsync(folders);
        List<Outcome<SendTuboidResult>> again = await SendTuboidsAsync(folders);
        List<Outcome<StickyLabel>> labels = await Store.AddLabelsAsync(
            ((NewLabel[])[Label(0), Label(0), Label(2) with { Species = "Drosophila ×" }, Label(7)]).ToAsyncEnumerable()).ToListAsync();

        Assert.All(sent, outcome => Assert.Equal(SendTuboidStatus.Added, outcome.Value?.Status));
        Assert.All(again, outcome => Assert.Equal(SendTuboidStatus.Skipped, outcome.Value?.Status));
        Assert.Equal([null, "LabelExists", null, "TuboidNotFound"], labels.Select(outcome => outcome.Error?.ErrorId));
        StickyTuboidSeries series = Assert.Single(await Store.GetTuboidSeriesAsync(new TuboidQuery()).ToListAsync());
        Assert.Equal((3, 3, _opened!.UserName), (series.TuboidCount, series.StoredTuboidCount, series.ApiUser));
        List<StickyTuboid> tuboids = await Store.GetTuboidsAsync(new TuboidQuery { What = TuboidContent.Data, IncludeLabels = true, Devices = [Device] })
            .OrderBy(tuboid => tuboid.IdInSeries).ToListAsync();
        Assert.Equal([0, 1, 2], tuboids.Select(tuboid => tuboid.IdInSeries));
        Assert.Equal([null, "Drosophila ×"], tuboids[1..].Select(tuboid => tuboid.LabelSpecies));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folders[0], "tuboid.jpg")), await ReadUrlAsync(tuboids[0].TuboidUrl));
        Assert.Equal([Tuboids.Id(2)], (await Store.GetLabelsAsync(new LabelQuery { TuboidIds = [Tuboids.Id(2), Tuboids.Id(1), "nope"] }).ToListAsync()).Select(label => label.TuboidId));
        Assert.Equal(2, await Store.GetLabelsAsync(new LabelQuery()).CountAsync());

        List<Outcome<StickyTuboid>> saved = await Store.SaveTuboidsAsync(
            Store.GetTuboidsAsync(new TuboidQuery()), new SaveTuboidOptions { Destination = Out }).ToListAsync();
        Assert.All(saved, outcome => Assert.True(outcome.Succeeded));
        Assert.Equal(9, Directory.GetFiles(Out, "*", SearchOption.AllDirectories).Length);

        TuboidSeriesReference absent = series.Reference with { AlgoName = "other" };
        Assert.Equal([series.Id, null], (await Store.FindTuboidSeriesAsync([series.Reference, absent])).Select(found => found?.Id));
        IReadOnlyList<Outcome<StickyTuboidSeries>> removed = await Store.RemoveTuboidSeriesAsync([series.Reference, absent]);
        Assert.Equal([null, "TuboidSeriesNotFound"], removed.Select(outcome => outcome.Error?.ErrorId));
        Assert.Empty(await Store.GetLabelsAsync(new LabelQuery()).ToListAsync());
        Assert.Empty(await Store.GetStorageItemsAsync("tiled_tuboids", KeyFilter.All).ToListAsync());
    }

    [SkippableFact]
    public async Task A_tuboid_that_is_not_whole_or_does_not_belong_is_refused_and_the_others_go_in()
    {
        string[] folders = Tuboids.WriteSeries(_folder["in"], 3);
        File.Delete(Path.Combine(folders[0], "context.jpg"));
        File.WriteAllText(Path.Combine(folders[1], "metadata.txt"), "no shots");

        List<Outcome<SendTuboidResult>> sent = await SendTuboidsAsync(folders);

        Assert.Equal(
            [folders[0], folders[1]], sent.Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Error!.ErrorId switch
            {
                "TuboidFileMissing" => folders[0],
                "InvalidTuboidMetadata" => folders[1],
                string other => other,
            }).Order());
        Assert.Equal(Path.GetFileName(folders[2]), Assert.Single(sent, outcome => outcome.Succeeded).Value!.TuboidId);
    }

    [SkippableFact]
    public async Task Users_are_added_changed_verified_and_removed()
    {
        using Secret password = new("correct horse battery");
        using Secret changed = new("staple correct horse");
        NewUser user = new() { UserName = "Zoë_%", Email = "zoe@example.org", CanWrite = false };

        Assert.Equal(("Zoë_%", false, false), await Store.AddUserAsync(user, password) is { Value: StickyUser added } ? (added.UserName, added.IsAdmin, added.CanWrite) : default);
        Assert.Equal("UserExists", (await Store.AddUserAsync(user with { UserName = "zoë_%" }, password)).Error?.ErrorId);
        Assert.Equal("Zoë_%", (await Store.VerifyUserAsync("Zoë_%", password))?.UserName);
        Assert.Null(await Store.VerifyUserAsync("Zoë_%", changed));
        Assert.Null(await Store.VerifyUserAsync("nobody", password));
        Outcome<StickyUser> updated = await Store.UpdateUserAsync("Zoë_%", new UserChange { CanWrite = true, Email = "", Password = changed });
        Assert.Equal((true, null), (updated.Value?.CanWrite, updated.Value?.Email));
        Assert.NotNull(await Store.VerifyUserAsync("Zoë_%", changed));
        Assert.Equal(["Zoë_%"], (await Store.GetUsersAsync(new UserQuery { UserNames = ["z*"] })).Select(found => found.UserName));
        Assert.Equal("UserNotFound", (await Store.RemoveUserAsync("Z_%")).Error?.ErrorId);
        Assert.Equal("Zoë_%", (await Store.RemoveUserAsync("Zoë_%")).Value?.UserName);
        Assert.Null(await Store.VerifyUserAsync("Zoë_%", changed));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_changed_bundle_that_is_pushed_or_pulled_with_delete_is_exactly_its_source_afterwards(int days)
    {
        string first = WriteBundle("first", 1, "config/config.yaml", "data/a.svg", "data/b.svg", "data/gone.svg", "output/model_final.pth");
        string second = WriteBundle("second", 2, "config/config.yaml", "data/a.svg", "data/b.svg", "output/model_final.pth");
        foreach (string file in Directory.GetFiles(second, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(days));
        }

        SyncMlBundleOptions push = new() { Direction = SyncDirection.Push, Delete = true, Force = true };
        _ = await Store.SyncMlBundleAsync("uid", first, push);
        StickySyncSummary pushed = await Store.SyncMlBundleAsync("uid", second, push);
        StickySyncSummary pulled = await Store.SyncMlBundleAsync("uid", first, push with { Direction = SyncDirection.Pull });

        Assert.Equal("ml/uid/data/gone.svg", Assert.Single(pushed.NotOnSource).Key);
        Assert.Equal(first + "/data/gone.svg", Assert.Single(pulled.NotOnSource).Path!.Replace('\\', '/'));
        Assert.Equal(5, Assert.Single(await Store.GetMlBundlesAsync(["uid"]).ToListAsync()).FileCount);
        Assert.Equal(Contents(second), Contents(first));

        static IEnumerable<(string, string)> Contents(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(folder, file), Md5Of(file))).Order();
    }

    [SkippableFact]
    public async Task A_bundle_is_pushed_listed_compared_pulled_and_removed_with_its_times()
    {
        string bundle = _folder["bundle"];
        DateTime noon = new(2021, 6, 1, 12, 0, 0, 123, DateTimeKind.Utc);
        foreach ((string name, int size) in (ReadOnlySpan<(string, int)>)[("data/a b+#%.svg", 10), ("data/é/b.jpg", 0), ("config/config.yaml", 300), ("output/model_final.pth", 9 << 20)])
        {
            string path = Path.Combine(bundle, name);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, RandomBytes.Make(size));
            File.SetLastWriteTimeUtc(path, noon);
        }

        SyncMlBundleOptions push = new() { Direction = SyncDirection.Push };
        StickySyncSummary planned = await Store.SyncMlBundleAsync("uid", bundle, push with { Simulate = true });
        StickySyncSummary pushed = await Store.SyncMlBundleAsync("uid", bundle, push);
        StickySyncSummary again = await Store.SyncMlBundleAsync("uid", bundle, push);
        StickySyncSummary pulled = await Store.SyncMlBundleAsync("uid", Out, new SyncMlBundleOptions { Direction = SyncDirection.Pull });

        Assert.Equal((5, 0), (planned.NotOnTarget.Count, planned.Synced.Count));
        Assert.Equal((5, 0), (pushed.Synced.Count, pushed.Failed.Count));
        Assert.Equal((5, 0), (again.OnTargetEqual.Count, again.Synced.Count));
        Assert.Equal((5, 0), (pulled.Synced.Count, pulled.Failed.Count));
        foreach (string file in Directory.GetFiles(bundle, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Out, Path.GetRelativePath(bundle, file));
            Assert.Equal((Md5Of(file), File.GetLastWriteTimeUtc(file)), (Md5Of(copy), File.GetLastWriteTimeUtc(copy)));
        }

        StickyMlBundle listed = Assert.Single(await Store.GetMlBundlesAsync(["u*"]).ToListAsync());
        Assert.Equal(("uid", 5), (listed.Name, listed.FileCount));
        Assert.NotNull(listed.Version);
        Assert.Equal(["uid"], await Store.GetMlBundleNamesAsync());
        StickyException missing = await Assert.ThrowsAsync<StickyException>(
            async () => await Store.SyncMlBundleAsync("nope", Out, new SyncMlBundleOptions { Direction = SyncDirection.Pull }));
        Assert.Equal("BundleNotFound", missing.ErrorId);
        Assert.Equal("uid", (await Store.RemoveMlBundleAsync("uid")).Name);
        Assert.Empty(await Store.GetMlBundleNamesAsync());
    }

    [SkippableFact]
    public async Task Any_files_are_pushed_listed_by_prefix_pulled_and_deleted()
    {
        string mine = _folder["mine"];
        foreach (string name in (string[])["a/b/one.txt", "a/b/two #1 %.txt", "a/bc/three.txt"])
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(mine, name))!);
            File.WriteAllText(Path.Combine(mine, name), name);
        }

        StickySyncSummary pushed = await Store.SendStorageItemsAsync([Path.Combine(mine, "a")], new SendStorageItemOptions { RelativeTo = mine });
        Assert.Equal(3, pushed.Synced.Count);
        Assert.Equal(["a/b/one.txt", "a/b/two #1 %.txt"], (await Store.GetStorageItemsAsync("a/b", KeyFilter.All).ToListAsync()).Select(item => item.Key).Order(StringComparer.Ordinal));
        StickySyncSummary pulled = await Store.ReceiveStorageItemsAsync(["a/b"], new ReceiveStorageItemOptions { Destination = Out });
        Assert.Equal(2, pulled.Synced.Count);
        Assert.Equal("a/b/two #1 %.txt", File.ReadAllText(Path.Combine(Out, "a/b/two #1 %.txt")));

        File.WriteAllText(Path.Combine(mine, "a/b/one.txt"), "changed");
        StickySyncSummary refused = await Store.SendStorageItemsAsync([Path.Combine(mine, "a")], new SendStorageItemOptions { RelativeTo = mine });
        Assert.Equal((true, 0), (refused.RequiresForce, refused.Synced.Count));
        StickySyncSummary forced = await Store.SendStorageItemsAsync([Path.Combine(mine, "a")], new SendStorageItemOptions { RelativeTo = mine, Force = true });
        Assert.Equal(["a/b/one.txt"], forced.Synced.Select(item => item.Key));

        IReadOnlyList<Outcome<StickyStorageItem>> removed = await Store.RemoveStorageItemsAsync(["a/bc/three.txt", "a/none", "../a"]);
        Assert.Equal([null, "ObjectNotFound", "InvalidKey"], removed.Select(outcome => outcome.Error?.ErrorId));
        Assert.Equal(2, await Store.GetStorageItemsAsync("", KeyFilter.All).CountAsync());
    }

    [SkippableFact]
    public async Task Properties_are_set_merged_removed_and_told_of_things_that_are_there()
    {
        _ = await SendAsync(Pictures.WriteSeries(Card, Device, 1));
        PropertyTarget device = new(StickyPropertyKind.Device, Device);
        PropertyTarget image = new(StickyPropertyKind.Image, $"{Device}.{StickyTime.ToFileText(Pictures.Start)}");

        Assert.Empty((await Store.GetPropertiesAsync([device]))[0].Value!.Properties);
        Outcome<StickyPropertySet> changed = await Store.ChangePropertiesAsync(device, new PropertyChange { Merge = Parse("""{"site":{"name":"Ålesund","altitude":3},"lens":"old"}""") });
        Assert.Equal(_opened!.UserName, changed.Value?.ApiUser);
        _ = await Store.ChangePropertiesAsync(device, new PropertyChange { Merge = Parse("""{"site":{"altitude":4.5,"name":null},"n":[1,null]}"""), Remove = ["lens"], Set = Parse("""{"checked":null}""") });
        AssertJson("""{"site":{"altitude":4.5},"n":[1,null],"checked":null}""", (await Store.GetPropertiesAsync([device]))[0].Value!.Properties);
        _ = await Store.ChangePropertiesAsync(image, new PropertyChange { Replace = Parse("""{"a":1}""") });
        Assert.Equal([image.Id], (await Store.ListPropertiesAsync(StickyPropertyKind.Image, ["5c*"]).ToListAsync()).Select(set => set.Id));
        _ = await Store.ChangePropertiesAsync(image, new PropertyChange { Replace = [] });
        Assert.Empty(await Store.ListPropertiesAsync(StickyPropertyKind.Image, []).ToListAsync());

        IReadOnlyList<Outcome<StickyPropertySet>> outcomes = await Store.GetPropertiesAsync([device, new(StickyPropertyKind.Device, Other), new(StickyPropertyKind.Bundle, "nope")]);
        Assert.Equal([null, "DeviceNotFound", "BundleNotFound"], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.Equal("DeviceNotFound", (await Store.ChangePropertiesAsync(new(StickyPropertyKind.Device, Other), new PropertyChange { Merge = [] })).Error?.ErrorId);

        static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
        static void AssertJson(string expected, JsonObject actual) => Assert.True(JsonNode.DeepEquals(Parse(expected), actual), actual.ToJsonString());
    }

    [SkippableFact]
    public async Task A_snapshot_of_the_catalog_opens_as_a_store_without_users()
    {
        _ = await SendAsync(Pictures.WriteSeries(Card, Device, 4));
        _ = await AddAsync([Element((await SeriesAsync())[0])]);
        _ = await SendTuboidsAsync(Tuboids.WriteSeries(_folder["in"], 2));
        _ = await Store.AddLabelsAsync(((NewLabel[])[Label(0)]).ToAsyncEnumerable()).ToListAsync();
        using Secret password = new("correct horse battery");
        _ = await Store.AddUserAsync(new NewUser { UserName = "zoe" }, password);
        _ = Directory.CreateDirectory(Out);

        StickyCatalogFile file = await Store.SaveCatalogAsync(Core.Stores.Store.GetDatabasePath(Out));

        Assert.Equal((4, new FileInfo(file.Path).Length), (file.ImageCount, file.Size));
        await using Store opened = Core.Stores.Store.OpenLocal(Out, Pictures.Providers);
        Assert.Equal(await SeriesAsync(), await opened.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync());
        _ = Assert.Single(await opened.GetAnnotationSeriesAsync(new ImageSeriesQuery(), new AnnotationQuery { What = AnnotationContent.Data }).ToListAsync());
        Assert.Equal(2, await opened.GetTuboidsAsync(new TuboidQuery()).CountAsync());
        _ = Assert.Single(await opened.GetLabelsAsync(new LabelQuery()).ToListAsync());
        Assert.Empty(await opened.GetUsersAsync(new UserQuery()));
    }

    [SkippableFact]
    public async Task Two_senders_of_the_same_card_make_each_picture_once()
    {
        string[] files = Pictures.WriteSeries(Card, Device, 40);

        List<Outcome<SendImageResult>>[] sent = await Task.WhenAll(SendAsync(files), SendAsync(files.Reverse()));

        Assert.All(sent.SelectMany(outcomes => outcomes), outcome => Assert.True(outcome.Succeeded, outcome.Error?.Message));
        Assert.Equal(40, sent.Sum(outcomes => outcomes.Count(outcome => outcome.Value!.Status == SendImageStatus.Added)));
        Assert.Equal(40, await Store.CountImageSeriesAsync(new ImageSeriesQuery()));
    }

    private string WriteBundle(string folder, byte content, params string[] names)
    {
        string bundle = _folder[folder];
        foreach (string name in names)
        {
            string path = Path.Combine(bundle, name);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [content, .. System.Text.Encoding.UTF8.GetBytes(name)]);
        }

        return bundle;
    }

    private static AnnotationElement Element(StickyImage image, string version = Older, string algoName = Detector) => AnnotationJson.Create(
        image.Reference(), image.Md5, algoName, version, [new AnnotatedObject { Contour = [new(1, 2), new(30, 4), new(5, 40)], Name = "insect", Value = 3 }], "test");

    private static NewLabel Label(int number) => new()
    {
        TuboidId = Tuboids.Id(number),
        AlgoName = "itc",
        AlgoVersion = "1111-abce",
        Label = 3,
        Pattern = "^Insecta.*",
        Type = "Insecta",
    };

    private static string Md5Of(string path) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(File.ReadAllBytes(path)));

    private static async Task<byte[]> ReadUrlAsync(string url)
    {
        if (File.Exists(url))
        {
            return await File.ReadAllBytesAsync(url);
        }

        using HttpClient http = new();
        return await http.GetByteArrayAsync(url);
    }

    private Task<List<Outcome<SendImageResult>>> SendAsync(IEnumerable<string> paths, SendImageOptions? options = null) =>
        Store.SendImagesAsync(paths.ToAsyncEnumerable(), options ?? new SendImageOptions()).ToListAsync().AsTask();

    private Task<List<StickyImage>> SeriesAsync(ImageSeriesQuery? query = null) =>
        Store.GetImageSeriesAsync(query ?? new ImageSeriesQuery()).ToListAsync().AsTask();

    private Task<List<Outcome<SavedImage>>> SaveAsync(IEnumerable<ImageReference> references, SaveImageOptions options) =>
        Store.SaveImagesAsync(references.ToAsyncEnumerable(), options).ToListAsync().AsTask();

    private Task<List<Outcome<StickyAnnotation>>> AddAsync(IEnumerable<AnnotationElement> elements, AddAnnotationOptions? options = null) =>
        Store.AddAnnotationsAsync(elements.Select(element => new Outcome<AnnotationElement>(element)).ToAsyncEnumerable(), options ?? new AddAnnotationOptions())
            .ToListAsync().AsTask();

    private async Task<List<StickyAnnotation>> AnnotationsAsync(AnnotationQuery query) =>
        [.. (await Store.GetAnnotationSeriesAsync(new ImageSeriesQuery(), query).ToListAsync()).Select(outcome => outcome.Value!)];

    private Task<List<Outcome<SendTuboidResult>>> SendTuboidsAsync(IEnumerable<string> folders) =>
        Store.SendTuboidsAsync(folders.ToAsyncEnumerable(), new SendTuboidOptions { AlgoName = "siamese-insect-matcher" }).ToListAsync().AsTask();
}

internal static class ImageReferences
{
    public static ImageReference Reference(this StickyImage image) => new(image.Device, image.DateTime);
}

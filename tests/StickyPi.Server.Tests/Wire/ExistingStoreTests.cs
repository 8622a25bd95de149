using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Remote;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;
using StickyPi.Providers;

namespace StickyPi.Tests.Wire;

/// <summary>Our client of the existing server: it asks what was captured, and reads rightly what was answered.</summary>
public sealed class ExistingStoreTests : IDisposable
{
    private static readonly DateTime Start = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime End = new(2020, 12, 31, 0, 0, 0, DateTimeKind.Utc);
    private static readonly ImageReference Picture = ImageReference.Parse("5c173ff2.2020-06-20_21-33-24.jpg");
    private static readonly ImageReference Other = ImageReference.Parse("1b74105a.2020-07-05_10-07-16.jpg");

    private static readonly TuboidSeriesReference Series = new(
        "08038ade", new DateTime(2020, 7, 8, 20, 0, 0, DateTimeKind.Utc), new DateTime(2020, 7, 9, 15, 0, 0, DateTimeKind.Utc), "test", "11111111-19191919");

    private const string TuboidId = "08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.1606980656-91e2199fccf371d3d690b2856613e8f5.0000";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_knows_no_v1_is_spoken_to_as_the_existing_one()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(7);
        await using IRemoteStore store = await server.ConnectAsync();

        // The token goes where a name would, with an empty password.
        Assert.Equal("Basic " + Convert.ToBase64String("<token>:"u8), server.Requests[0].Authorization);
        Assert.Equal(("admin", true), (store.User.UserName, store.User.IsAdmin));
        Assert.Equal(server.Uri, store.Uri);
    }

    [Fact]
    public async Task A_series_is_asked_for_as_it_was_captured_and_comes_in_order()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(42);
        await using IRemoteStore store = await server.ConnectAsync();
        List<StickyImage> images = await store.GetImageSeriesAsync(new ImageSeriesQuery { StartTime = Start, EndTime = End }).ToListAsync();

        AssertAsked(server, 42);
        Assert.Equal(
            [
                "0a5bb6f4.2020-06-20_20-19-15.jpg", "0a5bb6f4.2020-06-20_20-37-59.jpg", "0a5bb6f4.2020-06-20_20-56-43.jpg",
                "1b74105a.2020-07-05_10-07-16.jpg", "5c173ff2.2020-06-20_21-33-24.jpg",
            ],
            images.Select(image => image.FileName));
        StickyImage one = images[3];
        Assert.Equal((22.0, 49.243553, -121.7552, 97.6, 10.3), (one.Altitude, one.Latitude, one.Longitude, one.Humidity, one.Temperature));
        Assert.Equal((-121.7552, 49.243553), (one.RecordedLatitude, one.RecordedLongitude));
        Assert.Equal((0.12499, 400.0, 0.0, 3.00011), (one.NoFlashExposureTime, one.NoFlashIso, one.NoFlashBrightness, one.NoFlashShutterSpeed));
        Assert.Equal((2592, 1944, "5513ae90c2f07d4bf09cbb7454f023eb", 2L, "admin", "1.0.0"), (one.Width, one.Height, one.Md5, one.Id, one.ApiUser, one.DeviceVersion));
        Assert.Equal((DateTimeKind.Utc, new DateTime(2020, 7, 5, 10, 7, 16), ""), (one.DateTime.Kind, one.DateTime, one.Url));
        Assert.Null(images[0].Altitude);
    }

    [Theory]
    [InlineData(43, ImageContent.Image, "")]
    [InlineData(44, ImageContent.Thumbnail, ".thumbnail")]
    [InlineData(45, ImageContent.ThumbnailMini, ".thumbnail-mini")]
    public async Task Urls_of_files_come_with_a_series(int number, ImageContent what, string suffix)
    {
        await using ReplayServer server = await ReplayServer.StartAsync(number);
        await using IRemoteStore store = await server.ConnectAsync();
        List<StickyImage> images = await store.GetImageSeriesAsync(new ImageSeriesQuery { StartTime = Start, EndTime = End, What = what }).ToListAsync();

        AssertAsked(server, number);
        Assert.All(images, image => Assert.EndsWith($"/raw_images/{image.Device}/{image.FileName}{suffix}", new Uri(image.Url).AbsolutePath, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2020-06-20_21-33-24", 0, "2020-06-20_21-33-24")]
    [InlineData("2020-06-20_21-33-23", 0.5, "2020-06-20_21-33-24")]
    [InlineData("2020-06-20_21-33-24", 0.0000001, "2020-06-20_21-33-25")]
    public async Task Fractions_of_seconds_neither_lose_nor_double_a_picture(string second, double fraction, string asked)
    {
        await using ReplayServer server = await ReplayServer.StartAsync(42);
        await using IRemoteStore store = await server.ConnectAsync();
        Assert.True(StickyTime.TryParseFileText(second, out DateTime time));
        time = time.AddTicks((long)(fraction * TimeSpan.TicksPerSecond));

        // What one range leaves out at its end, the next one begins with.
        _ = await store.GetImageSeriesAsync(new ImageSeriesQuery { StartTime = Start, EndTime = time }).ToListAsync();
        _ = await store.GetImageSeriesAsync(new ImageSeriesQuery { StartTime = time, EndTime = End }).ToListAsync();
        JsonNode[] bodies = [.. server.Requests.Where(request => request.Path.StartsWith("/get_image_series", StringComparison.Ordinal)).Select(request => JsonNode.Parse(request.Text)![0]!)];
        Assert.Equal(asked, bodies[0]["end_datetime"]!.GetValue<string>());
        Assert.Equal(asked, bodies[1]["start_datetime"]!.GetValue<string>());
    }

    [Fact]
    public async Task Exact_pictures_come_in_the_order_that_they_were_asked_for_and_null_where_there_is_none()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(32);
        await using IRemoteStore store = await server.ConnectAsync();
        IReadOnlyList<StickyImage?> images = await store.GetImagesAsync([Picture, Other, new ImageReference("ffffffff", Other.DateTime)]);

        AssertAsked(server, 32);
        Assert.Equal([Picture.FileName, Other.FileName, null], images.Select(image => image?.FileName));
    }

    [Fact]
    public async Task Devices_are_what_their_pictures_say()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(42);
        await using IRemoteStore store = await server.ConnectAsync();
        List<StickyDevice> devices = await store.GetDevicesAsync([]).ToListAsync();

        Assert.Equal([("0a5bb6f4", 3L), ("1b74105a", 1L), ("5c173ff2", 1L)], devices.Select(device => (device.Device, device.ImageCount)));
        Assert.True(devices[1].LastPosition!.Swapped);
        Assert.Equal(5, await store.CountImageSeriesAsync(new ImageSeriesQuery()));
    }

    [SkippableFact]
    public async Task Pictures_are_sent_as_the_existing_client_sends_them()
    {
        SampleData.SkipIfAbsent();
        await using ReplayServer server = await ReplayServer.StartAsync(17, 32);
        await using IRemoteStore store = await server.ConnectAsync();
        List<Outcome<SendImageResult>> outcomes = await SendAsync(store);

        Assert.Equal(SendImageStatus.Added, Assert.Single(outcomes).Value!.Status);
        Assert.Equal(1, outcomes[0].Value!.Image.Id);
        ReplayedRequest upload = Assert.Single(server.Requests, request => request.Path == "/_put_new_images");
        (string name, string? fileName, byte[] body) = Assert.Single(await upload.ReadPartsAsync());
        WirePart captured = Assert.Single(WireCase.Get(17).Exchanges[1].Parts);
        Assert.Equal((captured.Name, captured.FileName), (name, fileName));
        Assert.Equal(File.ReadAllBytes(PicturePath), body);
        Assert.Equal(
            ["device", "datetime"],
            JsonNode.Parse(server.Requests.First(request => request.Path == "/get_images/metadata").Text)![0]!.AsObject().Select(field => field.Key));
    }

    [SkippableFact]
    public async Task A_picture_that_is_there_is_not_sent_again_and_another_one_is_a_conflict()
    {
        SampleData.SkipIfAbsent();
        await using ReplayServer server = await ReplayServer.StartAsync(18);
        await using IRemoteStore store = await server.ConnectAsync();
        Assert.Equal(SendImageStatus.Skipped, Assert.Single(await SendAsync(store)).Value!.Status);

        string other = _folder[Picture.FileName];
        File.WriteAllBytes(other, [.. File.ReadAllBytes(PicturePath), 0]);
        Outcome<SendImageResult> outcome = Assert.Single(await store.SendImagesAsync(ToAsync(other), new SendImageOptions()).ToListAsync());
        Assert.Equal("ImageConflict", outcome.Error?.ErrorId);
        Assert.Equal("NotSupportedByServer", Assert.Single(await store.SendImagesAsync(ToAsync(other), new SendImageOptions { Force = true }).ToListAsync()).Error?.ErrorId);
        Assert.DoesNotContain(server.Requests, request => request.Path == "/_put_new_images");
    }

    [SkippableFact]
    public async Task A_page_of_the_server_that_says_500_becomes_an_error_with_its_status()
    {
        SampleData.SkipIfAbsent();
        await using ReplayServer server = await ReplayServer.StartAsync(38, 20);
        await using IRemoteStore store = await server.ConnectAsync();
        StickyException error = Assert.Single(await SendAsync(store)).Error!;

        Assert.Equal(("RefusedByServer", 500, PicturePath), (error.ErrorId, error.Service?.Status, error.Target));
        Assert.DoesNotContain("<", error.Message, StringComparison.Ordinal);
        _ = Assert.Single(server.Requests, request => request.Path == "/_put_new_images");
    }

    [SkippableFact]
    public async Task A_picture_is_copied_out_by_its_url_and_checked_against_its_md5()
    {
        SampleData.SkipIfAbsent();
        await using ReplayServer server = await ReplayServer.StartAsync(32, 33);
        server.AddFile(Picture.Key(ImageContent.Image), File.ReadAllBytes(PicturePath));
        await using IRemoteStore store = await server.ConnectAsync();
        Assert.Equal(File.ReadAllBytes(PicturePath), (await store.ReadImageAsync(Picture)).ToArray());

        // Who holds the file gets nothing but its signed URL.
        Assert.Null(Assert.Single(server.Requests, request => request.Method == "GET" && request.Path != "/v1").Authorization);

        server.AddFile(Picture.Key(ImageContent.Image), [1, 2, 3]);
        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.ReadImageAsync(Picture));
        Assert.Equal("StoredFileDamaged", error.ErrorId);
        Assert.DoesNotContain("Signature", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_are_removed_and_those_that_are_not_there_are_told_of()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(94);
        await using IRemoteStore store = await server.ConnectAsync();
        IReadOnlyList<Outcome<StickyImage>> outcomes = await store.RemoveImagesAsync([Picture, Other]);

        Assert.Equal(Picture.FileName, outcomes[0].Value?.FileName);
        Assert.Equal("ImageNotFound", outcomes[1].Error?.ErrorId);
        Assert.Equal(["device", "datetime"], JsonNode.Parse(server.Requests[^1].Text)![0]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task Annotations_are_added_as_they_are_and_read_with_their_pictures()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(32, 64, 53);
        server.Add(42, 66);
        await using IRemoteStore store = await server.ConnectAsync();
        string element = WireCase.Get(53).Exchanges[0].RequestBody[1..^1];
        List<Outcome<StickyAnnotation>> added = await store.AddAnnotationsAsync(
            ToAsync(AnnotationJson.Read(Encoding.UTF8.GetBytes(element), "x")), new AddAnnotationOptions { ReturnStored = true }).ToListAsync();

        Assert.Equal((1L, 1L, 1), (Assert.Single(added).Value!.Id, added[0].Value!.ImageId, added[0].Value!.ObjectCount));
        Assert.Equal(WireCase.Get(53).Exchanges[0].RequestBody, server.Requests.Single(request => request.Path == "/put_uid_annotations").Text);

        List<Outcome<StickyAnnotation>> read = await store.GetAnnotationSeriesAsync(
            new ImageSeriesQuery { StartTime = Start, EndTime = End }, new AnnotationQuery { What = AnnotationContent.Data }).ToListAsync();
        AssertAsked(server, 66);
        Assert.Equal([1, 0, 1], read.Select(outcome => outcome.Value!.Objects.Count));
        Assert.All(read, outcome => Assert.Equal((Picture.Device, Picture.DateTime, "9e6e908d9c29d332b511f8d5121857f8"), (outcome.Value!.Device, outcome.Value.DateTime, outcome.Value.Md5)));
        Assert.Equal(element, read[0].Value!.Json);
    }

    [Fact]
    public async Task Annotations_of_a_picture_that_is_not_there_are_refused_before_anything_is_sent()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(38, 53);
        await using IRemoteStore store = await server.ConnectAsync();
        Outcome<AnnotationElement> element = AnnotationJson.Read(Encoding.UTF8.GetBytes(WireCase.Get(53).Exchanges[0].RequestBody[1..^1]), "x");

        Assert.Equal("ImageNotFound", Assert.Single(await store.AddAnnotationsAsync(ToAsync(element), new AddAnnotationOptions()).ToListAsync()).Error?.ErrorId);
        Assert.DoesNotContain(server.Requests, request => request.Path == "/put_uid_annotations");
    }

    [SkippableFact]
    public async Task Tuboids_are_sent_with_the_parts_that_were_captured()
    {
        SampleData.SkipIfAbsent();
        await using ReplayServer server = await ReplayServer.StartAsync(75, 68);
        await using IRemoteStore store = await server.ConnectAsync();
        SendTuboidOptions options = new() { AlgoName = "test", AlgoVersion = "11111111-19191919", ImageCount = 10, TuboidCount = 6 };
        Outcome<SendTuboidResult> outcome = Assert.Single(await store.SendTuboidsAsync(ToAsync(SampleData.TuboidFolders[0]), options).ToListAsync());

        Assert.Equal((SendTuboidStatus.Added, TuboidId, 53), (outcome.Value!.Status, outcome.Value.TuboidId, outcome.Value.Tuboid.ShotCount));
        IReadOnlyList<WirePart> captured = WireCase.Get(68).Exchanges[0].Parts;
        IReadOnlyList<(string Name, string? FileName, byte[] Body)> parts = await server.Requests.Single(request => request.Path == "/_put_tiled_tuboids").ReadPartsAsync();
        Assert.Equal(captured.Select(part => (part.Name, part.FileName)), parts.Select(part => (part.Name, part.FileName)));
        foreach (int json in (int[])[3, 4])
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(captured[json].Body), JsonNode.Parse(parts[json].Body)), Encoding.UTF8.GetString(parts[json].Body));
        }
    }

    [Fact]
    public async Task Tuboids_are_read_with_their_urls_and_labels()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(72, 73, 80);
        await using IRemoteStore store = await server.ConnectAsync();
        TuboidQuery query = new() { Devices = ["08038ade"], StartTime = Series.StartTime, EndTime = Series.EndTime };
        List<StickyTuboid> tuboids = await store.GetTuboidsAsync(query with { IncludeLabels = true }).ToListAsync();

        Assert.Equal([0, 28, 29, 30, 31, 34], tuboids.Select(tuboid => tuboid.IdInSeries));
        Assert.Equal("test", tuboids[0].ItcLabel?.Order);
        Assert.All(tuboids.Skip(1), tuboid => Assert.Null(tuboid.ItcLabel));
        Assert.Equal(Series, tuboids[0].Series);
        JsonNode asked = JsonNode.Parse(server.Requests.Single(request => request.Path == "/get_tiled_tuboid_series/metadata").Text)![0]!;
        JsonNode captured = JsonNode.Parse(WireCase.Get(72).Exchanges[0].RequestBody)![0]!;
        Assert.All((string[])["device", "start_datetime", "end_datetime"], name => Assert.Equal(captured[name]!.GetValue<string>(), asked[name]!.GetValue<string>()));

        List<StickyTuboid> data = await store.GetTuboidsAsync(query with { What = TuboidContent.Data }).ToListAsync();
        Assert.EndsWith($"{TuboidId}/context.jpg", new Uri(data[0].ContextUrl).AbsolutePath, StringComparison.Ordinal);
        StickyTuboidSeries series = Assert.Single(await store.GetTuboidSeriesAsync(query).ToListAsync());
        Assert.Equal((6, 6, Series), (series.TuboidCount, series.StoredTuboidCount, series.Reference));
    }

    [Fact]
    public async Task A_series_is_removed_and_not_where_another_one_would_go_with_it()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(72, 96);
        await using IRemoteStore store = await server.ConnectAsync();
        IReadOnlyList<Outcome<StickyTuboidSeries>> outcomes = await store.RemoveTuboidSeriesAsync([Series, Series with { AlgoName = "other" }]);

        Assert.Equal(Series, outcomes[0].Value?.Reference);
        Assert.Equal("TuboidSeriesNotFound", outcomes[1].Error?.ErrorId);
        JsonNode asked = JsonNode.Parse(server.Requests.Single(request => request.Path == "/delete_tiled_tuboids").Text)!;
        JsonNode captured = JsonNode.Parse(WireCase.Get(96).Exchanges[0].RequestBody)!;
        Assert.Equal(captured[0]!.AsObject().Select(field => field.Key).Order(), asked[0]!.AsObject().Select(field => field.Key).Order());
    }

    [Fact]
    public async Task Labels_are_added_as_they_were_captured()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(76);
        await using IRemoteStore store = await server.ConnectAsync();
        NewLabel label = new()
        {
            TuboidId = TuboidId,
            AlgoName = "insect_tuboid_classifier",
            AlgoVersion = "1111-abce",
            Label = 1,
            Pattern = "Insecta.*",
            Type = "Insecta",
            Order = "test",
            Family = "test",
            Genus = "test",
        };
        Outcome<StickyLabel> added = Assert.Single(await store.AddLabelsAsync(ToAsync(label)).ToListAsync());

        Assert.Equal((TuboidId, 1L, "test test"), (added.Value!.TuboidId, added.Value.TuboidRowId, $"{added.Value.Order} {added.Value}"));
        JsonObject asked = JsonNode.Parse(server.Requests[^1].Text)![0]!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(WireCase.Get(76).Exchanges[0].RequestBody)![0]!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, asked[name]), name);
        }
    }

    [Fact]
    public async Task A_tuboid_that_is_not_there_has_no_labels_though_the_server_answers_with_all()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(72, 81);
        await using IRemoteStore store = await server.ConnectAsync();

        Assert.Empty(await store.GetLabelsAsync(new LabelQuery { TuboidIds = ["nope"] }).ToListAsync());
        Assert.Empty(await store.GetLabelsAsync(new LabelQuery { TuboidIds = [TuboidId[..^4] + "0028"] }).ToListAsync());
        Assert.Equal(TuboidId, Assert.Single(await store.GetLabelsAsync(new LabelQuery { TuboidIds = [TuboidId] }).ToListAsync()).TuboidId);
    }

    [Fact]
    public async Task Users_are_listed_and_added()
    {
        await using ReplayServer server = await ReplayServer.StartAsync(7, 12);
        await using IRemoteStore store = await server.ConnectAsync();
        Assert.Equal(["admin", "spi_uid"], (await store.GetUsersAsync(new UserQuery())).Select(user => user.UserName));
        Assert.Empty(server.Requests[^1].Body);
        Assert.Null(server.Requests[^1].ContentType);

        using Secret password = new("readerreader");
        Outcome<StickyUser> added = await store.AddUserAsync(new NewUser { UserName = "reader", CanWrite = false }, password);
        Assert.Equal((5L, "reader", false, false), (added.Value!.Id, added.Value.UserName, added.Value.CanWrite, added.Value.IsAdmin));
        JsonObject asked = JsonNode.Parse(server.Requests[^1].Text)![0]!.AsObject();
        Assert.Equal(("reader", "readerreader", false), (asked["username"]!.GetValue<string>(), asked["password"]!.GetValue<string>(), asked["can_write"]!.GetValue<bool>()));
        Assert.Equal("UserExists", (await store.AddUserAsync(new NewUser { UserName = "Admin" }, password)).Error?.ErrorId);
    }

    [SkippableFact]
    public async Task A_bundle_is_pushed_with_the_forms_that_the_server_gives_out()
    {
        SampleData.SkipIfAbsent();
        await using ReplayServer server = await ReplayServer.StartAsync(83, 84);
        await using IRemoteStore store = await server.ConnectAsync();
        string folder = Path.Combine(_folder.Path, "test-bundle");
        string source = Path.Combine(SampleData.MlBundle!, "config", "config.yaml");
        _ = Directory.CreateDirectory(Path.Combine(folder, "config"));
        File.WriteAllBytes(Path.Combine(folder, "config", "config.yaml"), File.ReadAllBytes(source));
        StickySyncSummary summary = await store.SyncMlBundleAsync(
            "test-bundle", folder, new SyncMlBundleOptions { Direction = SyncDirection.Push, Content = MlBundleContent.Data });

        Assert.Equal("ml/test-bundle/config/config.yaml", Assert.Single(summary.Synced).Key);
        JsonObject asked = JsonNode.Parse(server.Requests.Single(request => request.Path == "/_get_ml_bundle_upload_links").Text)![0]!.AsObject();
        JsonObject captured = JsonNode.Parse(WireCase.Get(84).Exchanges[0].RequestBody)!.AsArray().Single(item => item!["key"]!.GetValue<string>() == "config/config.yaml")!.AsObject();
        Assert.Equal(captured["md5"]!.GetValue<string>(), asked["md5"]!.GetValue<string>());
        Assert.Equal(("config/config.yaml", "test-bundle"), (asked["key"]!.GetValue<string>(), asked["bundle_name"]!.GetValue<string>()));
        Assert.False(asked.ContainsKey("path"), "Where the file lies on this machine is none of the server's business.");

        ReplayedRequest upload = server.Requests.Single(request => request.Path == "/sticky-pi-api-dev");
        IReadOnlyList<(string Name, string? FileName, byte[] Body)> parts = await upload.ReadPartsAsync();
        Assert.Equal(WireCase.Get(84).Exchanges[2].Parts.Select(part => (part.Name, part.FileName)), parts.Select(part => (part.Name, part.FileName)));
        Assert.Equal(File.ReadAllBytes(source), parts[^1].Body);
        Assert.Null(upload.Authorization);
    }

    [SkippableFact]
    public async Task A_bundle_is_pulled_by_the_list_of_its_files_and_checked()
    {
        SampleData.SkipIfAbsent();
        await using ReplayServer server = await ReplayServer.StartAsync(86);
        await using IRemoteStore store = await server.ConnectAsync();
        foreach (string name in (string[])["config.yaml", "mask_rcnn_R_101_C4_3x.yaml"])
        {
            server.AddFile($"ml/test-bundle/config/{name}", File.ReadAllBytes(Path.Combine(SampleData.MlBundle!, "config", name)));
        }

        // The others the storage has lost: what is not there is not pulled, and what is another file is refused.
        server.AddFile("ml/test-bundle/data/0a5bb6f4.2020-06-30_20-41-05.svg", [1, 2, 3]);
        List<StickyException> errors = [];
        StickySyncSummary summary = await store.SyncMlBundleAsync(
            "test-bundle",
            _folder["pulled"],
            new SyncMlBundleOptions
            {
                Direction = SyncDirection.Pull,
                Refuse = (error, _) =>
                {
                    errors.Add(error);
                    return ValueTask.CompletedTask;
                },
            });

        Assert.Equal(["ml/test-bundle/config/config.yaml", "ml/test-bundle/config/mask_rcnn_R_101_C4_3x.yaml"], summary.Synced.Select(item => item.Key).Order(StringComparer.Ordinal));
        Assert.Equal("ObjectNotVerified", Assert.Single(errors).ErrorId);
        string pulled = Path.Combine(_folder["pulled"], "config", "config.yaml");
        Assert.Equal(File.ReadAllBytes(Path.Combine(SampleData.MlBundle!, "config", "config.yaml")), File.ReadAllBytes(pulled));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1795171338.679), File.GetLastWriteTimeUtc(pulled), TimeSpan.FromMilliseconds(1));
        Assert.Equal("\"test-bundle\"", server.Requests.First(request => request.Path == "/_get_ml_bundle_file_list/all").Text);
    }

    [Fact]
    public async Task What_the_server_cannot_do_is_said()
    {
        await using ReplayServer server = await ReplayServer.StartAsync();
        await using IRemoteStore store = await server.ConnectAsync();

        await RefusesAsync(async () => await store.SaveCatalogAsync(_folder["catalog.db"]));
        await RefusesAsync(async () => await store.GetPropertiesAsync([]));
        await RefusesAsync(async () => await store.RemoveMlBundleAsync("b"));
        await RefusesAsync(async () => await store.GetMlBundlesAsync([]).ToListAsync());
        await RefusesAsync(async () => await store.GetStorageItemsAsync("raw_images", KeyFilter.All).ToListAsync());
        await RefusesAsync(async () => await store.RemoveAnnotationsAsync([new AnnotationReference(Picture, "a", "b")]));
        Assert.Equal("NotSupportedByServer", (await store.RemoveUserAsync("ada")).Error?.ErrorId);

        static async Task RefusesAsync(Func<Task> call) => Assert.Equal("NotSupportedByServer", (await Assert.ThrowsAsync<StickyException>(call)).ErrorId);
    }

    private static string PicturePath => SampleData.Pictures.Single(path => Path.GetFileName(path) == Picture.FileName);

    private static async Task<List<Outcome<SendImageResult>>> SendAsync(IRemoteStore store) =>
        await store.SendImagesAsync(ToAsync(PicturePath), new SendImageOptions()).ToListAsync();

    private static IAsyncEnumerable<T> ToAsync<T>(params T[] items) => items.ToAsyncEnumerable();

    // The last request of a case, word for word apart from spaces.
    private static void AssertAsked(ReplayServer server, int number)
    {
        WireExchange captured = WireCase.Get(number).Exchanges[^1];
        ReplayedRequest asked = server.Requests.Last(request => request.Path == captured.Target);
        Assert.Equal(captured.Method, asked.Method);
        Assert.StartsWith("application/json", asked.ContentType, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(captured.RequestBody), JsonNode.Parse(asked.Text)), $"{asked.Text} instead of {captured.RequestBody}");
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Properties;
using StickyPi.Core.Remote;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>A store that a server serves is used as any other, and what the network does to it is mended.</summary>
public sealed class RemoteStoreTests : IAsyncLifetime
{
    private const string Device = "5c173ff2";
    private const string Detector = "it's a \"detector\" 蝶";
    private static readonly AnnotatedObject[] Objects = RandomAnnotations.Draw(new Random(1), RandomAnnotations.Names);

    private readonly LabServer _server = new();
    private readonly TestFolder _folder = new();
    private IRemoteStore _store = null!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _store = await OpenAsync(_server.Uri);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pictures_are_sent_listed_saved_and_removed()
    {
        string[] files = Pictures.WriteSeries(_folder["card"], Device, 40);

        List<Outcome<SendImageResult>> sent = await SendAsync(files);
        List<Outcome<SendImageResult>> again = await SendAsync(files);

        Assert.All(sent, outcome => Assert.Equal(SendImageStatus.Added, outcome.Value?.Status));
        Assert.All(again, outcome => Assert.Equal(SendImageStatus.Skipped, outcome.Value?.Status));
        List<StickyImage> series = await _store.GetImageSeriesAsync(new ImageSeriesQuery { Skip = 1, First = 38 }).ToListAsync();
        Assert.Equal(await _server.Store.GetImageSeriesAsync(new ImageSeriesQuery { Skip = 1, First = 38 }).ToListAsync(), series);
        Assert.All(series, image => Assert.Equal((LabServer.Administrator, DateTimeKind.Utc), (image.ApiUser, image.DateTime.Kind)));
        Assert.Equal(40, await _store.CountImageSeriesAsync(new ImageSeriesQuery()));
        Assert.Equal([Device], await _store.GetDeviceNamesAsync());
        Assert.Equal(40, Assert.Single(await _store.GetDevicesAsync(["5c*"]).ToListAsync()).ImageCount);

        ImageReference[] references = [.. series.Select(image => new ImageReference(image.Device, image.DateTime))];
        ImageReference missing = new(Device, Pictures.Start.AddYears(1));
        Assert.Equal([series[1], null], await _store.GetImagesAsync([references[1], missing]));
        List<Outcome<SavedImage>> saved = await _store
            .SaveImagesAsync(references.Append(missing).ToAsyncEnumerable(), new SaveImageOptions { Destination = _folder["out"], What = ImageContents.Files }).ToListAsync();
        Assert.Equal("ImageNotFound", Assert.Single(saved, outcome => !outcome.Succeeded).Error!.ErrorId);
        Assert.Equal(3 * 38, saved.Count(outcome => outcome.Succeeded));
        Assert.Equal(await File.ReadAllBytesAsync(files[1]), await File.ReadAllBytesAsync(Path.Combine(_folder["out"], Device, Path.GetFileName(files[1]))));

        IReadOnlyList<Outcome<StickyImage>> removed = await _store.RemoveImagesAsync([references[0], missing]);
        Assert.Equal(series[0].Id, removed[0].Value?.Id);
        Assert.Equal(("ImageNotFound", (object)missing), (removed[1].Error!.ErrorId, removed[1].Error!.Target!));
        Assert.Equal(39, await _store.CountImageSeriesAsync(new ImageSeriesQuery()));
    }

    [Fact]
    public async Task A_file_that_is_larger_than_the_server_takes_is_refused_by_the_servers_own_words()
    {
        LabServer small = new() { Arguments = ["--max-object-size", "9"] };
        await small.InitializeAsync();
        await using IRemoteStore store = await OpenAsync(small.Uri);
        string file = Path.Combine(_folder["mine"], "large.bin");
        _ = Directory.CreateDirectory(_folder["mine"]);
        await File.WriteAllBytesAsync(file, RandomBytes.Make(10 << 20));
        List<StickyException> errors = [];

        StickySyncSummary summary = await store.SendStorageItemsAsync([file], new SendStorageItemOptions
        {
            RelativeTo = _folder["mine"],
            Refuse = (error, _) =>
            {
                errors.Add(error);
                return ValueTask.CompletedTask;
            },
        });

        Assert.Equal(["large.bin"], summary.Failed.Select(item => item.Key));
        Assert.Equal(413, Assert.Single(errors).Service?.Status);
        Assert.Empty(await small.Store.GetStorageItemsAsync("", KeyFilter.All).ToListAsync());
        await small.DisposeAsync();
    }

    [Fact]
    public async Task What_cannot_be_sent_is_told_as_a_local_store_tells_it()
    {
        string good = Pictures.Write(_folder["card"], Device, Pictures.Start);
        string other = Pictures.Write(_folder["other"], Device, Pictures.Start, temperature: 30);
        string broken = Path.Combine(_folder["card"], $"{Device}.2021-06-02_00-00-00.jpg");
        await File.WriteAllBytesAsync(broken, [0xFF, 0xD8, 1, 2, 3]);
        string named = Path.Combine(_folder["card"], "holiday.jpg");
        await File.WriteAllBytesAsync(named, [1]);
        string missing = Path.Combine(_folder["card"], $"{Device}.2021-06-03_00-00-00.jpg");
        string[] files = [broken, named, missing, other];
        Assert.True((await SendAsync([good]))[0].Succeeded);

        List<Outcome<SendImageResult>> remote = await SendAsync(files);
        using TestFolder local = new();
        await using Store store = Store.OpenLocal(local.Path, Pictures.Providers);
        _ = await store.SendImagesAsync(new[] { good }.ToAsyncEnumerable(), new()).ToListAsync();
        List<Outcome<SendImageResult>> expected = await store.SendImagesAsync(files.ToAsyncEnumerable(), new()).ToListAsync();

        Assert.Equal(
            expected.Select(outcome => (outcome.Error!.ErrorId, outcome.Error.Message, outcome.Error.Target)).Order(),
            remote.Select(outcome => (outcome.Error!.ErrorId, outcome.Error.Message, outcome.Error.Target)).Order());
        Assert.Equal(SendImageStatus.Replaced, (await SendAsync([other], new() { Force = true }))[0].Value?.Status);
    }

    [Fact]
    public async Task Who_may_not_replace_a_picture_hears_so_before_anything_is_sent()
    {
        string path = Pictures.Write(_folder["card"], Device, Pictures.Start, temperature: 20);
        _ = await SendAsync([path], new());
        string other = Pictures.Write(_folder["other"], Device, Pictures.Start, temperature: 21);
        await using OddServer odd = await OddServer.StartAsync((odd, context) => odd.PassOnAsync(context, _server.Uri, long.MaxValue));
        await using IRemoteStore store = await OpenAsync(odd.Uri, LabServer.Writer);

        foreach (bool simulate in (bool[])[true, false])
        {
            Outcome<SendImageResult> outcome = Assert.Single(
                await store.SendImagesAsync(new[] { other }.ToAsyncEnumerable(), new() { Force = true, Simulate = simulate }).ToListAsync());
            Assert.Equal(("AccessDenied", StickyErrorKind.AccessDenied), (outcome.Error?.ErrorId, outcome.Error?.Kind));
            Assert.Contains("Only an administrator", outcome.Error!.RecommendedAction);
        }

        Assert.Equal(0, odd.Count($"PUT {V1Client.PathOf(new(Device, Pictures.Start))}"));
        Assert.Equal(SendImageStatus.Skipped, Assert.Single(
            await store.SendImagesAsync(new[] { path }.ToAsyncEnumerable(), new() { Force = true }).ToListAsync()).Value?.Status);
    }

    [Fact]
    public async Task Nothing_is_sent_when_it_is_only_told_or_not_confirmed()
    {
        string[] files = Pictures.WriteSeries(_folder["card"], Device, 3);

        Assert.Empty(await SendAsync(files, new() { Simulate = true }));
        Assert.Empty(await SendAsync(files, new() { Confirm = (_, _, _) => ValueTask.FromResult(false) }));
        Assert.Equal(0, await _server.Store.CountImageSeriesAsync(new ImageSeriesQuery()));
    }

    [Fact]
    public async Task A_picture_whose_answer_was_lost_is_there_once_and_counts_as_added()
    {
        int lost = 0;
        await using OddServer odd = await OddServer.StartAsync((odd, context) =>
            odd.PassOnAsync(context, _server.Uri, context.Request.Method == "PUT" && lost++ < 2 ? 0 : long.MaxValue));
        await using IRemoteStore store = await OpenAsync(odd.Uri);
        string[] files = Pictures.WriteSeries(_folder["card"], Device, 3);

        List<Outcome<SendImageResult>> sent = await store.SendImagesAsync(files.ToAsyncEnumerable(), new() { Parallelism = 1 }).ToListAsync();

        Assert.All(sent, outcome => Assert.Equal(SendImageStatus.Added, outcome.Value?.Status));
        Assert.Equal(3 + 2, odd.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));
        Assert.Equal(3, await _server.Store.CountImageSeriesAsync(new ImageSeriesQuery()));
    }

    [Fact]
    public async Task What_the_server_has_is_not_sent_and_asked_for_in_one_request()
    {
        string[] files = Pictures.WriteSeries(_folder["card"], Device, 100);
        _ = await _server.Store.SendImagesAsync(files[..99].ToAsyncEnumerable(), new()).ToListAsync();
        await using OddServer odd = await OddServer.StartAsync((odd, context) => odd.PassOnAsync(context, _server.Uri));
        await using IRemoteStore store = await OpenAsync(odd.Uri);
        int before = odd.Requests.Count;

        List<Outcome<SendImageResult>> sent = await store.SendImagesAsync(files.ToAsyncEnumerable(), new()).ToListAsync();

        Assert.Equal(99, sent.Count(outcome => outcome.Value?.Status == SendImageStatus.Skipped));
        Assert.Single(odd.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
        Assert.InRange(odd.Requests.Count - before, 2, 10);
    }

    [Fact]
    public async Task A_download_that_breaks_goes_on_from_there()
    {
        byte[] content = new byte[20_000_000];
        new Random(1).NextBytes(content);
        await WriteBundleAsync(content);
        int broken = 0;
        List<string> ranges = [];
        await using OddServer odd = await OddServer.StartAsync((odd, context) =>
        {
            bool isModel = context.Request.Method == "GET" && context.Request.Path.Value!.EndsWith("model_final.pth", StringComparison.Ordinal);
            lock (ranges)
            {
                ranges.AddRange(isModel ? [context.Request.Headers.Range.ToString()] : []);
            }

            return odd.PassOnAsync(context, _server.Uri, isModel && Interlocked.Increment(ref broken) <= 4 ? 3_000_000 : long.MaxValue);
        });
        await using IRemoteStore store = await OpenAsync(odd.Uri);

        StickySyncSummary summary = await store.SyncMlBundleAsync("uid", _folder["pulled"], new SyncMlBundleOptions { Direction = SyncDirection.Pull });

        Assert.Empty(summary.Failed);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_folder["pulled"], "output", "model_final.pth")));

        // Each of the three parts has broken once at least; what was left of them may have fitted.
        Assert.InRange(ranges.Count, 6, 7);
        Assert.Contains(ranges, range => long.Parse(range.Split('=', '-')[1], CultureInfo.InvariantCulture) % ETag.PartSize != 0);
    }

    [Fact]
    public async Task A_picture_that_breaks_on_its_way_is_read_whole()
    {
        string file = Pictures.Write(_folder["card"], Device, Pictures.Start);
        _ = await SendAsync([file]);
        int broken = 0;
        await using OddServer odd = await OddServer.StartAsync((odd, context) => odd.PassOnAsync(
            context, _server.Uri, context.Request.Method == "GET" && context.Request.Path.Value!.EndsWith(".jpg", StringComparison.Ordinal) && broken++ < 2 ? 500 : long.MaxValue));
        await using IRemoteStore store = await OpenAsync(odd.Uri);

        ReadOnlyMemory<byte> read = await store.ReadImageAsync(new ImageReference(Device, Pictures.Start));

        Assert.Equal(await File.ReadAllBytesAsync(file), read.ToArray());
        Assert.Equal(3, broken);
    }

    [Fact]
    public async Task Bundles_are_pushed_compared_pulled_listed_and_removed()
    {
        byte[] model = RandomNumberGenerator.GetBytes(9_000_000);
        await WriteBundleAsync(model);
        SyncMlBundleOptions push = new() { Direction = SyncDirection.Push };

        StickySyncSummary again = await _store.SyncMlBundleAsync("uid", _folder["bundle"], push);
        Assert.Equal((0, 3), (again.Synced.Count, again.OnTargetEqual.Count));
        StickyMlBundle bundle = Assert.Single(await _store.GetMlBundlesAsync(["u*"]).ToListAsync());
        Assert.Equal((3, "uid"), (bundle.FileCount, bundle.Name));
        Assert.EndsWith(Convert.ToHexStringLower(MD5.HashData(model)), bundle.Version, StringComparison.Ordinal);

        StickySyncSummary pulled = await _store.SyncMlBundleAsync("uid", _folder["pulled"], new() { Direction = SyncDirection.Pull });
        Assert.Equal(3, pulled.Synced.Count);
        string source = Path.Combine(_folder["bundle"], "output", "model_final.pth");
        string target = Path.Combine(_folder["pulled"], "output", "model_final.pth");
        Assert.Equal(File.GetLastWriteTimeUtc(source), File.GetLastWriteTimeUtc(target), TimeSpan.FromMilliseconds(1));

        Assert.Equal(["ml/uid/config/config.yaml"], (await _store.GetStorageItemsAsync("ml/uid/config", KeyFilter.All).ToListAsync()).Select(item => item.Key));
        Assert.Equal("uid", (await _store.RemoveMlBundleAsync("uid")).Name);
        Assert.Empty(await _store.GetMlBundleNamesAsync());
        Assert.Equal("BundleNotFound", (await Assert.ThrowsAsync<StickyException>(async () => await _store.RemoveMlBundleAsync("uid"))).ErrorId);
    }

    [Fact]
    public async Task Annotations_are_added_all_or_none_or_as_far_as_they_are_right()
    {
        StickyImage[] images = await SendImagesAsync(4);
        AnnotationElement[] elements = [.. images.Select(Element)];
        AnnotationElement wrong = RandomAnnotations.Element(new(Device, Pictures.Start.AddYears(1)), images[0].Md5, Objects, Detector);

        List<Outcome<StickyAnnotation>> none = await AddAsync(new(), [.. elements, wrong]);
        Assert.Equal(("ImageNotFound", (object)wrong), (Assert.Single(none).Error!.ErrorId, none[0].Error!.Target!));
        Assert.Empty(await _server.Store.GetAnnotationSeriesAsync(new(), new()).ToListAsync());

        List<Outcome<StickyAnnotation>> right = await AddAsync(new() { ContinueOnError = true, ReturnStored = true }, [wrong, .. elements[..2]]);
        Assert.Equal("ImageNotFound", Assert.Single(right, outcome => !outcome.Succeeded).Error!.ErrorId);
        Assert.Equal(2, right.Count(outcome => outcome.Succeeded));
        List<Outcome<StickyAnnotation>> all = await AddAsync(new() { ReturnStored = true }, elements[2..]);
        Assert.Equal(2, all.Count);
        Assert.Equal("AnnotationExists", Assert.Single(await AddAsync(new(), elements[3])).Error!.ErrorId);
        Assert.Equal("AnnotationExists", Assert.Single(await AddAsync(new() { Simulate = true }, elements[3])).Error!.ErrorId);

        AnnotationQuery data = new() { What = AnnotationContent.Data };
        List<Outcome<StickyAnnotation>> series = await _store.GetAnnotationSeriesAsync(new(), data).ToListAsync();
        List<Outcome<StickyAnnotation>> exact = await _store.GetAnnotationsAsync(images.Select(Reference).ToAsyncEnumerable(), data).ToListAsync();
        for (int i = 0; i < elements.Length; i++)
        {
            RandomAnnotations.AssertSame(elements[i], series[i].Value!);
            RandomAnnotations.AssertSame(elements[i], exact[i].Value!);
            Assert.Equal((elements[i].Json, LabServer.Administrator), (series[i].Value!.Json, series[i].Value!.ApiUser));
        }

        IReadOnlyList<StickyException?> removed = await _store.RemoveAnnotationsAsync([elements[0].GetReference(), wrong.GetReference()]);
        Assert.Null(removed[0]);
        Assert.Equal("AnnotationNotFound", removed[1]!.ErrorId);
        List<Outcome<StickyAnnotatedImage>> joined = await _store.GetAnnotatedImagesAsync(images.ToAsyncEnumerable(), new()).ToListAsync();
        Assert.Equal([null, Objects.Length, Objects.Length, Objects.Length], joined.Select(outcome => outcome.Value!.ObjectCount));
    }

    [Fact]
    public async Task Many_refused_annotations_do_not_block_the_connection()
    {
        StickyImage image = (await SendImagesAsync(1))[0];
        IEnumerable<AnnotationElement> elements = Enumerable.Range(0, 3000)
            .Select(i => RandomAnnotations.Element(new(Device, image.DateTime.AddYears(1).AddSeconds(i)), image.Md5, Objects, Detector));

        List<Outcome<StickyAnnotation>> outcomes = await AddAsync(new() { ContinueOnError = true }, [.. elements, Element(image)]);

        Assert.Equal(3000, outcomes.Count);
        Assert.Single(await _store.GetAnnotationSeriesAsync(new(), new()).ToListAsync());
    }

    [Fact]
    public async Task Tuboids_and_labels_are_sent_listed_saved_and_removed()
    {
        string[] folders = Tuboids.WriteSeries(_folder["tuboids"], 5);
        SendTuboidOptions options = new() { AlgoName = "siamese" };

        List<Outcome<SendTuboidResult>> sent = await _store.SendTuboidsAsync(folders.ToAsyncEnumerable(), options).ToListAsync();
        List<Outcome<SendTuboidResult>> again = await _store.SendTuboidsAsync(folders.ToAsyncEnumerable(), options).ToListAsync();

        Assert.All(sent, outcome => Assert.Equal(SendTuboidStatus.Added, outcome.Value?.Status));
        Assert.All(again, outcome => Assert.Equal(SendTuboidStatus.Skipped, outcome.Value?.Status));
        StickyTuboidSeries series = Assert.Single(await _store.GetTuboidSeriesAsync(new()).ToListAsync());
        Assert.Equal((5, 5, "siamese"), (series.TuboidCount, series.StoredTuboidCount, series.AlgoName));
        await File.WriteAllBytesAsync(Path.Combine(folders[1], "context.jpg"), Pictures.Camera.Draw(32, 24, seed: 2));
        Outcome<SendTuboidResult> other = (await _store.SendTuboidsAsync(new[] { folders[1] }.ToAsyncEnumerable(), options).ToListAsync())[0];
        Assert.Equal(("TuboidExists", (object)folders[1]), (other.Error!.ErrorId, other.Error.Target!));

        List<StickyTuboid> tuboids = await _store.GetTuboidsAsync(new()).ToListAsync();
        NewLabel label = new() { TuboidId = tuboids[0].TuboidId, AlgoName = "me", AlgoVersion = "1", Label = 3, Pattern = "Insecta.*", Type = "Insecta" };
        List<Outcome<StickyLabel>> labelled = await _store.AddLabelsAsync(new[] { label, label, label with { TuboidId = "none" } }.ToAsyncEnumerable()).ToListAsync();
        Assert.Equal([null, "LabelExists", "TuboidNotFound"], labelled.Select(outcome => outcome.Error?.ErrorId));
        Assert.Same(label.TuboidId, ((NewLabel)labelled[1].Error!.Target!).TuboidId);
        Assert.Equal(3, Assert.Single(await _store.GetLabelsAsync(new() { TuboidIds = [tuboids[0].TuboidId] }).ToListAsync()).Label);
        Assert.Empty(await _store.GetLabelsAsync(new() { TuboidIds = [] }).ToListAsync());
        Assert.Single(await _store.GetTuboidsAsync(new() { IncludeLabels = true }).Where(tuboid => tuboid.ItcLabel is not null).ToListAsync());

        List<Outcome<StickyTuboid>> saved = await _store.SaveTuboidsAsync(tuboids.ToAsyncEnumerable(), new() { Destination = _folder["out"] }).ToListAsync();
        Assert.All(saved, outcome => Assert.True(File.Exists(outcome.Value!.ContextUrl)));
        IReadOnlyList<Outcome<StickyTuboidSeries>> removed = await _store.RemoveTuboidSeriesAsync([series.Reference, series.Reference]);
        Assert.Equal([null, "TuboidSeriesNotFound"], removed.Select(outcome => outcome.Error?.ErrorId));
    }

    // The existing Python client makes one series of the pictures of all devices so.
    [Fact]
    public async Task A_series_of_any_device_is_listed_found_saved_and_removed()
    {
        string[] folders = Tuboids.WriteSeries(_folder["tuboids"], 2);
        _ = await _store.SendTuboidsAsync(folders.ToAsyncEnumerable(), new SendTuboidOptions { AlgoName = "siamese" }).ToListAsync();
        _ = _server.Execute("UPDATE tuboid_series SET device = '%'");

        StickyTuboidSeries series = Assert.Single(await _store.GetTuboidSeriesAsync(new()).ToListAsync());
        Assert.Equal("%", series.Device);
        Assert.Equal(series.Id, Assert.Single(await _store.FindTuboidSeriesAsync([series.Reference]))?.Id);
        List<StickyTuboid> tuboids = await _store.GetTuboidsAsync(new()).ToListAsync();
        Assert.Equal(folders.Select(Path.GetFileName).Order(), tuboids.Select(tuboid => tuboid.TuboidId).Order());
        List<Outcome<StickyTuboid>> saved = await _store.SaveTuboidsAsync(tuboids.ToAsyncEnumerable(), new() { Destination = _folder["out"] }).ToListAsync();
        Assert.All(saved, outcome => Assert.True(File.Exists(outcome.Value!.ContextUrl)));
        Assert.True(Assert.Single(await _store.RemoveTuboidSeriesAsync([series.Reference])).Succeeded);
    }

    [Fact]
    public async Task Users_and_properties_are_kept_and_their_errors_told()
    {
        using Secret password = new("another good password");
        Assert.True((await _store.AddUserAsync(new NewUser { UserName = "a_%/é", CanWrite = false }, password)).Succeeded);
        Assert.Equal("UserExists", (await _store.AddUserAsync(new NewUser { UserName = "A_%/É" }, password)).Error?.ErrorId);
        Assert.Equal("a_%/é", (await _store.VerifyUserAsync("a_%/é", password))?.UserName);
        using Secret wrong = new("wrong");
        Assert.Null(await _store.VerifyUserAsync("a_%/é", wrong));
        Assert.True((await _store.UpdateUserAsync("a_%/é", new UserChange { CanWrite = true })).Value?.CanWrite);
        Assert.Equal("LastAdministrator", (await _store.RemoveUserAsync(LabServer.Administrator)).Error?.ErrorId);
        Assert.True((await _store.RemoveUserAsync("a_%/é")).Succeeded);
        Assert.Equal("UserNotFound", (await _store.RemoveUserAsync("a_%/é")).Error?.ErrorId);
        Assert.Equal(3, (await _store.GetUsersAsync(new UserQuery())).Count);

        StickyImage image = (await SendImagesAsync(1))[0];
        PropertyTarget target = new(StickyPropertyKind.Image, Path.GetFileNameWithoutExtension(image.FileName));
        Outcome<StickyPropertySet> changed = await _store.ChangePropertiesAsync(target, new() { Merge = JsonNode.Parse("""{"site":{"name":"é"},"n":1.5}""")!.AsObject() });
        Assert.True(changed.Succeeded, changed.Error?.Message);
        PropertyTarget none = target with { Id = "5c173ff2.2030-01-01_00-00-00" };
        IReadOnlyList<Outcome<StickyPropertySet>> read = await _store.GetPropertiesAsync([target, none]);
        Assert.Equal("é", read[0].Value!.Properties["site"]!["name"]!.GetValue<string>());
        Assert.Equal(("ImageNotFound", (object)none), (read[1].Error!.ErrorId, read[1].Error!.Target!));
        Assert.Single(await _store.ListPropertiesAsync(StickyPropertyKind.Image, ["5c*"]).ToListAsync());
    }

    [Fact]
    public async Task The_catalog_is_saved_as_a_store_that_opens()
    {
        _ = await SendImagesAsync(7);

        StickyCatalogFile file = await _store.SaveCatalogAsync(Path.Combine(_folder["offline"], "database.db"));

        Assert.Equal((7, new FileInfo(file.Path).Length, _store.Location), (file.ImageCount, file.Size, file.Source));
        await using Store offline = Store.OpenLocal(_folder["offline"], Pictures.Providers);
        Assert.Equal(7, await offline.CountImageSeriesAsync(new ImageSeriesQuery()));
        Assert.Equal([Path.GetFileName(file.Path)], Directory.GetFiles(_folder["offline"]).Select(Path.GetFileName).Where(name => !name!.Contains("-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_may_not_is_told_so()
    {
        string[] files = Pictures.WriteSeries(_folder["card"], Device, 1);
        await using IRemoteStore reader = await OpenAsync(_server.Uri, LabServer.Reader);

        Outcome<SendImageResult> sent = (await reader.SendImagesAsync(files.ToAsyncEnumerable(), new()).ToListAsync())[0];

        Assert.Equal("AccessDenied", sent.Error?.ErrorId);
        Assert.Equal(403, sent.Error?.Service?.Status);
        Assert.NotNull(sent.Error?.Service?.RequestId);
        Assert.Equal("AccessDenied", (await Assert.ThrowsAsync<StickyException>(async () => await reader.RemoveImagesAsync([new(Device, Pictures.Start)]))).ErrorId);
    }

    [Fact]
    public async Task A_series_that_breaks_goes_on_where_it_was()
    {
        string[] files =
        [
            .. Pictures.WriteSeries(_folder["card"], Device, 60),
            .. Pictures.WriteSeries(_folder["card"], "0a0a0a0a", 40),
            .. Pictures.WriteSeries(_folder["card"], "ffffffff", 40),
        ];
        StickyImage[] images = [.. (await SendAsync(files)).Select(outcome => outcome.Value!.Image)];
        _ = await AddAsync(new(), [.. images.Select(Element)]);
        int asked = 0;
        await using OddServer odd = await OddServer.StartAsync((odd, context) => odd.PassOnAsync(
            context, _server.Uri, context.Request.Path.Value is "/v1/images" or "/v1/annotations" && asked++ < 4 ? 15_000 : long.MaxValue));
        await using IRemoteStore store = await OpenAsync(odd.Uri);
        ImageSeriesQuery query = new() { Skip = 3, First = 130 };

        List<StickyImage> series = await store.GetImageSeriesAsync(query).ToListAsync();
        Assert.InRange(asked, 3, int.MaxValue);
        asked = 0;
        List<Outcome<StickyAnnotation>> annotations = await store.GetAnnotationSeriesAsync(new(), new()).ToListAsync();

        Assert.Equal(await _server.Store.GetImageSeriesAsync(query).ToListAsync(), series);
        Assert.Equal(
            (await _server.Store.GetAnnotationSeriesAsync(new(), new()).ToListAsync()).Select(outcome => outcome.Value!.Id),
            annotations.Select(outcome => outcome.Value!.Id));
        Assert.InRange(asked, 3, int.MaxValue);
    }

    [Fact]
    public async Task A_series_whose_server_is_gone_says_how_much_of_it_came_and_that_there_is_more()
    {
        string[] files = Pictures.WriteSeries(_folder["card"], Device, 120);
        Assert.All(await SendAsync(files), outcome => Assert.True(outcome.Succeeded));
        bool isGone = false;
        await using OddServer odd = await OddServer.StartAsync((odd, context) =>
        {
            if (isGone)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            isGone = context.Request.Path == "/v1/images";
            return odd.PassOnAsync(context, _server.Uri, isGone ? 15_000 : long.MaxValue);
        });
        await using IRemoteStore store = await OpenAsync(odd.Uri);
        int count = 0;

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () =>
        {
            await foreach (StickyImage image in store.GetImageSeriesAsync(new()))
            {
                count++;
            }
        });

        Assert.InRange(count, 2, 119);
        Assert.Equal("ServerUnreachable", error.ErrorId);
        Assert.StartsWith($"The series broke off after {count} pictures, and could not be gone on with: the connection to ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("v1/", error.Message, StringComparison.Ordinal);
        Assert.Contains("answered before", error.RecommendedAction, StringComparison.Ordinal);
        Assert.NotNull(error.Service);
    }

    [Fact]
    public async Task Lists_of_tuboids_and_labels_that_break_go_on_where_they_were()
    {
        const int count = 150;
        SendTuboidOptions options = new() { AlgoName = "siamese" };
        string[] folders = Tuboids.WriteSeries(_folder["tuboids"], count);
        Assert.All(await _store.SendTuboidsAsync(folders.ToAsyncEnumerable(), options).ToListAsync(), outcome => Assert.True(outcome.Succeeded));
        List<StickyTuboid> tuboids = await _server.Store.GetTuboidsAsync(new()).ToListAsync();
        IEnumerable<NewLabel> labels = tuboids.SelectMany(tuboid => Enumerable.Range(1, 2).Select(number =>
            new NewLabel { TuboidId = tuboid.TuboidId, AlgoName = "me", AlgoVersion = $"{number}", Label = number, Pattern = "Insecta.*", Type = "Insecta" }));
        Assert.All(await _store.AddLabelsAsync(labels.ToAsyncEnumerable()).ToListAsync(), outcome => Assert.True(outcome.Succeeded));
        int asked = 0;
        await using OddServer odd = await OddServer.StartAsync((odd, context) => odd.PassOnAsync(
            context,
            _server.Uri,
            context.Request.Path.Value is "/v1/tuboids" or "/v1/tuboid-series" or "/v1/labels" or "/v1/labels/find" && ++asked % 3 != 0
                ? context.Request.Path == "/v1/tuboid-series" ? 300 : 3000 * asked
                : long.MaxValue));
        await using IRemoteStore store = await OpenAsync(odd.Uri);
        TuboidQuery query = new() { IncludeLabels = true };
        string[] ids = [.. tuboids.Select(tuboid => tuboid.TuboidId).Reverse()];

        Assert.Equal(count, tuboids.Count);
        Assert.Equal(await _server.Store.GetTuboidsAsync(query).ToListAsync(), await store.GetTuboidsAsync(query).ToListAsync());
        Assert.Equal(await _server.Store.GetTuboidSeriesAsync(query).ToListAsync(), await store.GetTuboidSeriesAsync(query).ToListAsync());
        Assert.Equal(await _server.Store.GetLabelsAsync(new()).ToListAsync(), await store.GetLabelsAsync(new()).ToListAsync());
        LabelQuery exact = new() { TuboidIds = ids };
        Assert.Equal(await _server.Store.GetLabelsAsync(exact).ToListAsync(), await store.GetLabelsAsync(exact).ToListAsync());

        // Each at the third attempt, behind what had come at the first two.
        Assert.Equal(4 * 3, asked);
    }

    [Fact]
    public async Task A_list_that_always_breaks_ends_with_the_error()
    {
        string[] folders = Tuboids.WriteSeries(_folder["tuboids"], 1);
        _ = await _store.SendTuboidsAsync(folders.ToAsyncEnumerable(), new SendTuboidOptions { AlgoName = "siamese" }).ToListAsync();
        await using OddServer odd = await OddServer.StartAsync((odd, context) => odd.PassOnAsync(
            context, _server.Uri, context.Request.Path == "/v1/tuboids" ? 10 : long.MaxValue));
        await using IRemoteStore store = await OpenAsync(odd.Uri);

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.GetTuboidsAsync(new()).ToListAsync());

        Assert.Equal("ServerUnreachable", error.ErrorId);
        Assert.Equal(6, odd.Count("GET /v1/tuboids"));
    }

    [Fact]
    public async Task A_reader_that_stops_early_ends_the_request()
    {
        _ = await SendImagesAsync(30);
        await foreach (StickyImage image in _store.GetImageSeriesAsync(new()))
        {
            break;
        }

        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StickyImage image in _store.GetImageSeriesAsync(new() { StartTime = Pictures.Start }, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    private static ImageReference Reference(StickyImage image) => new(image.Device, image.DateTime);

    private static AnnotationElement Element(StickyImage image) => RandomAnnotations.Element(Reference(image), image.Md5, Objects, Detector);

    private static async Task<IRemoteStore> OpenAsync(Uri uri, string user = LabServer.Administrator)
    {
        using Secret password = new(LabServer.Password);
        return await RemoteConnection.OpenAsync(new RemoteOptions { Uri = uri, UserName = user, Password = password }, Pictures.Providers);
    }

    private async Task<List<Outcome<SendImageResult>>> SendAsync(string[] files, SendImageOptions? options = null) =>
        await _store.SendImagesAsync(files.ToAsyncEnumerable(), options ?? new()).ToListAsync();

    private async Task<StickyImage[]> SendImagesAsync(int count) =>
        [.. (await SendAsync(Pictures.WriteSeries(_folder["card"], Device, count))).Select(outcome => outcome.Value!.Image).OrderBy(image => image.DateTime)];

    private async Task<List<Outcome<StickyAnnotation>>> AddAsync(AddAnnotationOptions options, params AnnotationElement[] elements) =>
        await _store.AddAnnotationsAsync(elements.Select(element => new Outcome<AnnotationElement>(element)).ToAsyncEnumerable(), options).ToListAsync();

    private async Task WriteBundleAsync(byte[] model)
    {
        string bundle = _folder["bundle"];
        _ = Directory.CreateDirectory(Path.Combine(bundle, "config"));
        _ = Directory.CreateDirectory(Path.Combine(bundle, "output"));
        await File.WriteAllTextAsync(Path.Combine(bundle, "config", "config.yaml"), "a: 1\n");
        await File.WriteAllBytesAsync(Path.Combine(bundle, "output", "model_final.pth"), model);
        StickySyncSummary pushed = await _store.SyncMlBundleAsync("uid", bundle, new SyncMlBundleOptions { Direction = SyncDirection.Push });
        Assert.Equal((3, 0), (pushed.Synced.Count, pushed.Failed.Count));
    }
}

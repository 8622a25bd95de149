using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

/// <summary>The operations on pictures and tuboids, on a store whose files lie in a bucket.</summary>
public sealed class BucketStoreTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly InBucket _bucket = new();
    private Store? _store;

    private Store Store => _store!;

    public async Task InitializeAsync() => _store = await _bucket.OpenAsync(_folder["catalog"]);

    public async Task DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await _bucket.DisposeAsync();
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task Over_a_saved_catalog_the_pictures_of_a_bucket_can_be_read_and_none_can_be_sent()
    {
        string[] paths = Pictures.WriteSeries(_folder["card"], "5c173ff2", 2);
        _ = await SendAsync(paths);
        _ = await Store.SaveCatalogAsync(Path.Combine(Directory.CreateDirectory(_folder["saved"]).FullName, "catalog.db"));
        IReadOnlyList<string> keys = await KeysAsync();

        using BucketOptions bucket = _bucket.Bucket.Options(InBucket.BasePath);
        await using Store saved = await Store.OpenBucketAsync(bucket, Path.Combine(_folder["saved"], "catalog.db"), Pictures.Providers);

        Assert.True(saved.IsSnapshot);
        Assert.NotEqual(0, (await saved.ReadImageAsync(new ImageReference("5c173ff2", Pictures.Start))).Length);
        StickyException error = await Assert.ThrowsAsync<StickyException>(
            async () => await saved.SendImagesAsync(paths.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync());
        Assert.Equal("StoreIsCopy", error.ErrorId);
        Assert.Contains(Path.Combine(_folder["saved"], "catalog.db"), error.Message, StringComparison.Ordinal);
        Assert.Equal(keys, await KeysAsync());
    }

    [SkippableFact]
    public async Task An_empty_catalog_of_a_bucket_with_pictures_becomes_no_new_store()
    {
        using BucketOptions bucket = _bucket.Bucket.Options(InBucket.BasePath);
        string emptied = _folder["emptied.db"];
        await File.WriteAllBytesAsync(emptied, []);
        await (await Store.OpenBucketAsync(bucket, emptied, Pictures.Providers)).DisposeAsync();
        _ = await SendAsync(Pictures.WriteSeries(_folder["card"], "5c173ff2", 1));
        await File.WriteAllBytesAsync(emptied, []);

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Store.OpenBucketAsync(bucket, emptied, Pictures.Providers));

        Assert.Equal("NotAStore", error.ErrorId);
        Assert.Contains("raw_images", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(emptied).Length);
        await (await Store.OpenBucketAsync(bucket, _folder["other.db"], Pictures.Providers)).DisposeAsync();
    }

    [SkippableFact]
    public async Task Pictures_go_in_are_found_fetched_by_url_saved_and_removed()
    {
        string[] paths = Pictures.WriteSeries(_folder["card"], "5c173ff2", 40);

        List<Outcome<SendImageResult>> sent = await SendAsync(paths);
        List<Outcome<SendImageResult>> again = await SendAsync(paths);
        List<StickyImage> images = await Store.GetImageSeriesAsync(new ImageSeriesQuery { What = ImageContent.Image }).ToListAsync();

        Assert.All(sent, outcome => Assert.Equal(SendImageStatus.Added, outcome.Value?.Status));
        Assert.All(again, outcome => Assert.Equal(SendImageStatus.Skipped, outcome.Value?.Status));
        Assert.Equal(40, images.Count);
        Assert.Equal(120, (await KeysAsync()).Count);
        Assert.Empty(await Store.GetIncompleteUploadsAsync("").ToListAsync());
        using HttpClient http = new();
        Assert.Equal(images[7].Md5, Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(await http.GetByteArrayAsync(images[7].Url))));

        List<Outcome<SavedImage>> saved = await Store.SaveImagesAsync(
            images.Select(image => image.Reference).ToAsyncEnumerable(),
            new SaveImageOptions { Destination = _folder["out"], What = [ImageContent.Image, ImageContent.ThumbnailMini] }).ToListAsync();
        Assert.Equal(80, saved.Count(outcome => outcome.Succeeded));
        Assert.All(
            saved.Where(outcome => outcome.Value!.What == ImageContent.Image),
            outcome => Assert.Equal(outcome.Value!.Image.Md5, LocalStore.Md5Of(outcome.Value.Path)));

        Assert.All(await Store.RemoveImagesAsync([.. images.Select(image => image.Reference)]), outcome => Assert.True(outcome.Succeeded));
        Assert.Empty(await KeysAsync());
    }

    [SkippableFact]
    public async Task Saving_pictures_ends_when_the_bucket_has_gone()
    {
        await using FaultProxy proxy = new(_bucket.Bucket.Server.Endpoint);
        using BucketOptions bucket = _bucket.Bucket.Options(InBucket.BasePath, proxy.Endpoint, givesUpSoon: true);
        await using Store store = await Store.OpenBucketAsync(bucket, _folder["own.db"], Pictures.Providers);
        string[] paths = Pictures.WriteSeries(_folder["card"], "5c173ff2", 4);
        ImageReference[] sent = [.. (await store.SendImagesAsync(paths.ToAsyncEnumerable(), new()).ToListAsync()).Select(outcome => outcome.Value!.Image.Reference)];
        proxy.Break(_ => true, new Fault { Answer = (503, "ServiceUnavailable") });

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.SaveImagesAsync(
            sent.ToAsyncEnumerable(), new SaveImageOptions { Destination = _folder["out"], Parallelism = 1 }).ToListAsync());

        Assert.Equal("StorageUnavailable", error.ErrorId);
    }

    [SkippableFact]
    public async Task Force_replaces_a_picture_with_all_its_files()
    {
        _ = await SendAsync([Pictures.Write(_folder["a"], "5c173ff2", Pictures.Start, 20)]);
        string other = Pictures.Write(_folder["b"], "5c173ff2", Pictures.Start, 25);

        Assert.Equal("ImageConflict", Assert.Single(await SendAsync([other])).Error?.ErrorId);
        SendImageResult result = Assert.Single(await SendAsync([other], new SendImageOptions { Force = true })).Value!;

        Assert.Equal(SendImageStatus.Replaced, result.Status);
        Assert.Equal(LocalStore.Md5Of(other), result.Image.Md5);
        Assert.Equal(await File.ReadAllBytesAsync(other), (await Store.ReadImageAsync(result.Image.Reference)).ToArray());
        Assert.Equal(3, (await KeysAsync()).Count);
        Assert.Empty(await Store.GetIncompleteUploadsAsync("").ToListAsync());
    }

    [SkippableFact]
    public async Task A_picture_that_is_refused_while_it_is_sent_leaves_no_upload_behind()
    {
        string[] twins = [Pictures.Write(_folder["a"], "5c173ff2", Pictures.Start, 20), Pictures.Write(_folder["b"], "5c173ff2", Pictures.Start, 25)];

        List<Outcome<SendImageResult>> outcomes = await SendAsync(twins);

        Assert.Equal("ImageConflict", Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!.ErrorId);
        Assert.Equal(3, (await KeysAsync()).Count);
        Assert.Empty(await Store.GetIncompleteUploadsAsync("").ToListAsync());
    }

    [SkippableFact]
    public async Task An_error_of_a_stored_file_names_its_place_and_not_the_url_that_lets_everybody_in()
    {
        ImageReference reference = Assert.Single(await SendAsync([Pictures.Write(_folder["a"], "5c173ff2", Pictures.Start)])).Value!.Image.Reference;
        _ = await _bucket.Bucket.Client.DeleteObjectAsync(_bucket.Bucket.Name, $"{InBucket.BasePath}/{reference.Key(ImageContent.Image)}");

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Store.ReadImageAsync(reference));

        Assert.Equal("StoredFileMissing", error.ErrorId);
        Assert.Contains($"s3://{_bucket.Bucket.Name}/{InBucket.BasePath}/{reference.Key(ImageContent.Image)}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz", error.Message + error.RecommendedAction, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public async Task Tuboids_go_in_and_out_byte_for_byte_and_are_removed()
    {
        string[] folders = Tuboids.WriteSeries(_folder["in"], 3);
        SendTuboidOptions options = new() { AlgoName = "siamese-insect-matcher", ImageCount = 10 };

        List<Outcome<SendTuboidResult>> sent = await Store.SendTuboidsAsync(folders.ToAsyncEnumerable(), options).ToListAsync();
        Assert.All(sent, outcome => Assert.Equal(SendTuboidStatus.Added, outcome.Value?.Status));
        Assert.All(
            await Store.SendTuboidsAsync(folders.ToAsyncEnumerable(), options).ToListAsync(),
            outcome => Assert.Equal(SendTuboidStatus.Skipped, outcome.Value?.Status));
        Assert.Equal(9, (await KeysAsync()).Count);

        List<Outcome<StickyTuboid>> saved = await Store.SaveTuboidsAsync(
            Store.GetTuboidsAsync(new TuboidQuery()), new SaveTuboidOptions { Destination = _folder["out"] }).ToListAsync();
        Assert.Equal(3, saved.Count(outcome => outcome.Succeeded));
        foreach (string folder in folders)
        {
            string copy = Assert.Single(Directory.GetDirectories(_folder["out"], Path.GetFileName(folder), SearchOption.AllDirectories));
            Assert.All(Directory.GetFiles(folder), file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(copy, Path.GetFileName(file)))));
        }

        StickyTuboid tuboid = await Store.GetTuboidsAsync(new TuboidQuery { What = TuboidContent.Data }).FirstAsync();
        using HttpClient http = new();
        Assert.NotEmpty(await http.GetByteArrayAsync(tuboid.ContextUrl));

        Assert.All(await Store.RemoveTuboidSeriesAsync([sent[0].Value!.Tuboid.Series]), outcome => Assert.True(outcome.Succeeded));
        Assert.Empty(await KeysAsync());
    }

    private Task<List<Outcome<SendImageResult>>> SendAsync(IEnumerable<string> paths, SendImageOptions? options = null) =>
        Store.SendImagesAsync(paths.ToAsyncEnumerable(), options ?? new SendImageOptions()).ToListAsync().AsTask();

    private async Task<List<string>> KeysAsync() => await Store.GetStorageItemsAsync("", KeyFilter.All).Select(item => item.Key).ToListAsync();
}

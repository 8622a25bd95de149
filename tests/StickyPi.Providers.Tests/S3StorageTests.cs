using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;
using StickyPi.Providers.S3;

namespace StickyPi.Tests;

/// <summary>What only storage in a bucket does: going on with uploads, living with other programs, and telling errors of servers.</summary>
public sealed class S3StorageTests : IAsyncLifetime
{
    private const int Part = ETag.PartSize;
    private const int Size = (2 * Part) + 1000;

    private static readonly HttpClient Http = new();
    private static readonly DateTime Modified = new DateTime(2020, 8, 22, 16, 22, 26, DateTimeKind.Utc).AddTicks(1_234_567);

    private readonly TestFolder _folder = new();
    private S3Bucket _bucket = null!;
    private IObjectStorage _storage = null!;

    public async Task InitializeAsync()
    {
        _bucket = await S3Server.CreateBucketAsync();
        _storage = await OpenAsync(_bucket.Options());
    }

    public async Task DisposeAsync()
    {
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }

        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }

        _folder.Dispose();
    }

    [SkippableFact]
    public async Task An_upload_goes_on_with_the_parts_that_the_server_has()
    {
        LocalFile file = WriteFile(Size);
        _ = await BeginAsync(file, 2, 3);
        List<long> counted = [];

        StickyStorageItem item = await UploadAsync(file, bytes => Add(counted, bytes));

        Assert.Empty(await _bucket.UploadsAsync());
        Assert.Equal(Size, counted.Sum());
        Assert.Contains(Part, counted);
        Assert.Contains(1000, counted);
        Assert.Equal(item.ETag, (await _bucket.Client.GetObjectMetadataAsync(_bucket.Name, "key")).ETag.Trim('"'));
        await AssertSameAsync(file);
    }

    [SkippableFact]
    public async Task A_difference_to_an_object_of_many_parts_is_found_without_asking_for_each()
    {
        const int Parts = 6;
        _ = await UploadAsync(WriteFile((Parts * Part) - 1));
        await using FaultProxy proxy = new(_bucket.Server.Endpoint);
        await using IObjectStorage storage = await OpenAsync(_bucket.Options(endpoint: proxy.Endpoint));
        StickyStorageItem item = Assert.Single(await storage.ListAsync("key", default).ToListAsync());
        byte[] changed = await File.ReadAllBytesAsync(_folder["file"]);
        changed[^1] ^= 1;
        await File.WriteAllBytesAsync(_folder["changed"], changed);
        proxy.Reset();

        Assert.False((await storage.CompareAsync(item, LocalFolder.Find("changed", _folder["changed"])!, default)).Equal);

        Assert.InRange(proxy.Requests.Count(request => request.Method == "HEAD"), 1, Parts / 2);
        Assert.DoesNotContain(proxy.Requests, request => request.IsGet);
    }

    [SkippableFact]
    public async Task Whoever_gives_up_soon_tries_one_request_at_a_time_after_an_outage_was_met()
    {
        await using FaultProxy proxy = new(_bucket.Server.Endpoint);
        await using IObjectStorage storage = await OpenAsync(_bucket.Options(endpoint: proxy.Endpoint, givesUpSoon: true));
        proxy.Reset();
        proxy.Break(_ => true, new Fault { Answer = (503, "ServiceUnavailable") });

        Assert.Equal("StorageUnavailable", (await Assert.ThrowsAsync<StickyException>(async () => await storage.FindAsync("key", default))).ErrorId);
        int attempts = proxy.Requests.Count;
        Exception?[] errors = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Record.ExceptionAsync(async () => await storage.FindAsync("key", default))));

        Assert.Equal(3, attempts);
        Assert.All(errors, error => Assert.Equal("StorageUnavailable", (error as StickyException)?.ErrorId));
        Assert.InRange(proxy.Requests.Count - attempts, 1, 20);
        proxy.Mend();
        Assert.Null(await storage.FindAsync("key", default));
    }

    [SkippableFact]
    public async Task Whoever_gives_up_soon_waits_once_for_a_server_that_never_answers()
    {
        await using FaultProxy proxy = new(_bucket.Server.Endpoint);
        await using IObjectStorage storage = await OpenAsync(
            _bucket.Options(endpoint: proxy.Endpoint, stallLimit: TimeSpan.FromSeconds(1), givesUpSoon: true));
        proxy.Reset();
        proxy.Break(_ => true, new Fault { StaysSilent = true });

        Assert.Equal("StorageUnavailable", (await Assert.ThrowsAsync<StickyException>(async () => await storage.FindAsync("key", default))).ErrorId);

        _ = Assert.Single(proxy.Requests);
    }

    [SkippableTheory]
    [InlineData(5 * 1024 * 1024 + 1, 5 * 1024 * 1024 + 7, 100)]
    [InlineData(6 * 1024 * 1024, 5 * 1024 * 1024, 6 * 1024 * 1024)]
    [InlineData(5 * 1024 * 1024, 7 * 1024 * 1024 + 3, 6 * 1024 * 1024)]
    public async Task An_object_in_parts_of_odd_sizes_is_downloaded_and_compared(params int[] sizes)
    {
        LocalFile file = WriteFile(sizes.Sum());
        byte[] content = await File.ReadAllBytesAsync(file.Path);
        await UploadInPartsAsync("odd", content, sizes);
        StickyStorageItem item = Assert.Single(await _storage.ListAsync("odd", default).ToListAsync());
        Assert.Equal(sizes.Length, ETag.CountParts(item.ETag!));

        using TransferWindow window = new(4);
        string path = _folder["downloaded"];
        using (Microsoft.Win32.SafeHandles.SafeFileHandle target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            Assert.Equal(item.ETag, (await _storage.DownloadAsync(item, target, window, default)).ETag);
        }

        Assert.Equal(content, await File.ReadAllBytesAsync(path));
        ContentComparison same = await _storage.CompareAsync(item, file, default);
        Assert.Equal((true, item.ETag, item.ETag), (same.Equal, same.FileHash, same.ObjectHash));
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(path, content);
        Assert.False((await _storage.CompareAsync(item, LocalFolder.Find("odd", path)!, default)).Equal);
    }

    [SkippableTheory]
    [InlineData("other content")]
    [InlineData("other part size")]
    [InlineData("begun before the file was written")]
    public async Task The_upload_of_something_else_is_left_alone(string difference)
    {
        LocalFile file = WriteFile(Size);
        LocalFile other = difference == "other content" ? WriteFile(Size, "other", seed: 2) : file;
        string uploadId = await BeginAsync(other, difference == "other part size" ? [3, 4] : [1, 2]);
        if (difference == "begun before the file was written")
        {
            file = file with { ModifiedTime = DateTime.UtcNow.AddMinutes(5) };
            File.SetLastWriteTimeUtc(file.Path, file.ModifiedTime);
            file = LocalFolder.Find(file.Key, file.Path)!;
        }

        _ = await UploadAsync(file);

        Assert.Equal(uploadId, Assert.Single(await _bucket.UploadsAsync()).UploadId);
        await AssertSameAsync(file);
        Assert.Equal(file.ModifiedTime, (await _storage.FindAsync("key", default))!.ModifiedTime);
    }

    [SkippableFact]
    public async Task An_upload_that_somebody_aborts_meanwhile_starts_anew()
    {
        LocalFile file = WriteFile(Size);
        _ = await BeginAsync(file, 1);
        long counted = 0;
        int aborted = 0;

        _ = await UploadAsync(file, bytes =>
        {
            if (Interlocked.Add(ref counted, bytes) >= Part && Interlocked.Exchange(ref aborted, 1) == 0)
            {
                MultipartUpload upload = _bucket.UploadsAsync().GetAwaiter().GetResult().Single();
                _ = _bucket.Client.AbortMultipartUploadAsync(_bucket.Name, upload.Key, upload.UploadId).GetAwaiter().GetResult();
            }
        });

        Assert.Equal(1, aborted);
        Assert.Equal(Size, counted);
        Assert.Empty(await _bucket.UploadsAsync());
        await AssertSameAsync(file);
    }

    [SkippableFact]
    public async Task A_file_that_changes_while_it_is_uploaded_leaves_no_parts_behind()
    {
        LocalFile file = WriteFile(Size);
        int changed = 0;

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await UploadAsync(file, bytes =>
        {
            if (Interlocked.Exchange(ref changed, 1) == 0)
            {
                File.SetLastWriteTimeUtc(file.Path, Modified.AddMinutes(1));
            }
        }));

        Assert.Equal("FileChanged", error.ErrorId);
        Assert.Empty(await _bucket.UploadsAsync());
        Assert.Empty(await _bucket.KeysAsync());
    }

    [SkippableTheory]
    [InlineData("rclone", 5)]
    [InlineData("rclone", 64)]
    [InlineData("rclone", 8)]
    [InlineData("rclone", 0)]
    [InlineData("s3cmd", 15)]
    public async Task What_another_program_has_uploaded_is_equal_keeps_its_time_and_can_be_downloaded(string program, int mebiBytes)
    {
        LocalFile file = WriteFile(70 * 1024 * 1024);
        string partSize = mebiBytes.ToString(CultureInfo.InvariantCulture) + "M";
        _ = program == "s3cmd" ? await _bucket.S3cmdAsync("put", $"--multipart-chunk-size-mb={mebiBytes}", file.Path, $"s3://{_bucket.Name}/key")
            : mebiBytes == 0 ? await _bucket.RcloneAsync("copyto", "--s3-upload-cutoff=100M", file.Path, $"test:{_bucket.Name}/key")
            : await _bucket.RcloneAsync("copyto", "--s3-upload-cutoff=5M", "--s3-chunk-size=" + partSize, file.Path, $"test:{_bucket.Name}/key");
        StickyStorageItem listed = await _storage.ListAsync("", default).SingleAsync();

        ContentComparison comparison = await _storage.CompareAsync(listed, file, default);
        StickyStorageItem item = await AssertSameAsync(file);

        Assert.Equal(new ContentComparison(true, listed.ETag, listed.ETag), comparison);
        Assert.Equal(listed.ETag, item.ETag);
        Assert.Equal(program == "s3cmd" ? Modified.AddTicks(-(Modified.Ticks % TimeSpan.TicksPerSecond)) : Modified, item.ModifiedTime);
    }

    [SkippableTheory]
    [InlineData(1000)]
    [InlineData(Size)]
    public async Task Rclone_downloads_what_was_uploaded_here_with_its_time(int size)
    {
        LocalFile file = WriteFile(size);
        _ = await UploadAsync(file);

        _ = await _bucket.RcloneAsync("copyto", $"test:{_bucket.Name}/key", _folder["copy"]);

        Assert.Equal(Modified, File.GetLastWriteTimeUtc(_folder["copy"]));
        Assert.Equal(File.ReadAllBytes(file.Path), File.ReadAllBytes(_folder["copy"]));
    }

    [SkippableFact]
    public async Task Keys_that_can_be_no_files_are_listed_as_they_are()
    {
        string[] keys = ["a/../b", "a//b", "folder/", "/a", "a\\b", "ctrl\u0001\u001f", "über+ %2F&<>'\"#?", "."];
        foreach (string key in keys)
        {
            _ = await _bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket.Name, Key = "base/" + key, ContentBody = "x" });
        }

        await using IObjectStorage storage = await OpenAsync(_bucket.Options("base"));

        Assert.Equal(keys.Order(StringComparer.Ordinal), (await storage.ListAsync("", default).Select(item => item.Key).ToListAsync()).Order(StringComparer.Ordinal));
        Assert.Equal($"s3://{_bucket.Name}/base", storage.Location);
        Assert.Equal("InvalidKey", (await Assert.ThrowsAsync<StickyException>(async () => await storage.DeleteAsync("a/../b", default))).ErrorId);
    }

    [SkippableFact]
    public async Task A_url_is_good_for_as_long_as_was_asked_and_no_longer()
    {
        LocalFile file = WriteFile(1000);
        _ = await UploadAsync(file);
        BucketOptions options = _bucket.Options();
        await using IObjectStorage storage = await OpenAsync(new BucketOptions
        {
            Bucket = options.Bucket,
            Endpoint = options.Endpoint,
            Region = options.Region,
            AccessKey = options.AccessKey,
            SecretKey = options.SecretKey,
            UrlLifetime = TimeSpan.FromSeconds(2),
        });
        Uri url = new(storage.GetUrl("key"));

        HttpResponseMessage early = await Http.GetAsync(url);
        await Task.Delay(TimeSpan.FromSeconds(4));
        HttpResponseMessage late = await Http.GetAsync(url);

        Assert.Equal(HttpStatusCode.OK, early.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [SkippableFact]
    public async Task A_bucket_is_made_once()
    {
        using BucketOptions options = new()
        {
            Bucket = _bucket.Name + "-2",
            Endpoint = _bucket.Options().Endpoint,
            AccessKey = _bucket.Options().AccessKey,
            SecretKey = _bucket.Options().SecretKey,
        };

        StickyBucket first = await Pictures.Providers.CreateBucketAsync(options, default);
        StickyBucket second = await Pictures.Providers.CreateBucketAsync(options, default);
        _ = await _bucket.Client.DeleteBucketAsync(options.Bucket);

        Assert.Equal(new StickyBucket(options.Bucket, options.Endpoint!, null, Created: true), first);
        Assert.Equal(first with { Created = false }, second);
    }

    [SkippableTheory]
    [InlineData("access key", "CredentialRefused", StickyErrorKind.AccessDenied, "InvalidAccessKeyId")]
    [InlineData("secret key", "CredentialRefused", StickyErrorKind.AccessDenied, "SignatureDoesNotMatch")]
    [InlineData("bucket", "BucketNotFound", StickyErrorKind.NotFound, "NoSuchBucket")]
    public async Task What_is_wrong_with_a_connection_shows_at_once_with_what_the_server_said(
        string wrong, string errorId, StickyErrorKind kind, string code)
    {
        using BucketOptions good = _bucket.Options();
        using BucketOptions options = new()
        {
            Bucket = wrong == "bucket" ? good.Bucket + "-other" : good.Bucket,
            Endpoint = good.Endpoint,
            AccessKey = wrong == "access key" ? "NOBODY" : good.AccessKey,
            SecretKey = wrong == "secret key" ? new Secret("guessed") : _bucket.Options().SecretKey,
        };

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await OpenAsync(options));

        Assert.Equal((errorId, kind), (error.ErrorId, error.Kind));
        Assert.Equal(("S3", code), (error.Service!.Service, error.Service.Code));
        Assert.NotNull(error.Service.RequestId);
        Assert.EndsWith($"({error.Service})", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
    }

    [SkippableTheory]
    [InlineData("http://127.0.0.1:1", "nothing listens")]
    [InlineData("http://no-such-host.invalid", "no host is called")]
    [InlineData("https", "no secure connection")]
    public async Task A_server_that_cannot_be_reached_is_named_within_seconds(string endpoint, string reason)
    {
        using BucketOptions options = _bucket.Options(
            endpoint: endpoint == "https" ? new UriBuilder(_bucket.Options().Endpoint!) { Scheme = "https" }.Uri : new Uri(endpoint));

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await OpenAsync(options).WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(("StorageUnavailable", StickyErrorKind.StoreUnavailable), (error.ErrorId, error.Kind));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static Task<IObjectStorage> OpenAsync(BucketOptions options) => Pictures.Providers.OpenBucketAsync(options, default).AsTask();

    private static void Add(List<long> list, long bytes)
    {
        lock (list)
        {
            list.Add(bytes);
        }
    }

    private LocalFile WriteFile(int size, string name = "file", int seed = 1)
    {
        File.WriteAllBytes(_folder[name], RandomBytes.Make(size, seed));
        File.SetLastWriteTimeUtc(_folder[name], Modified);
        return LocalFolder.Find(name, _folder[name])!;
    }

    private async Task<StickyStorageItem> UploadAsync(LocalFile file, Action<long>? progress = null)
    {
        using TransferWindow window = new(4, progress);
        return await _storage.UploadAsync("key", file, window, default);
    }

    // Begins an upload as a run does that is killed: parts up to 2 have the usual size, part 3 the rest; 4 is one of another size.
    private async Task UploadInPartsAsync(string key, byte[] content, int[] sizes)
    {
        string id = (await _bucket.Client.InitiateMultipartUploadAsync(_bucket.Name, key)).UploadId;
        List<PartETag> parts = [];
        int offset = 0;
        foreach (int size in sizes)
        {
            UploadPartResponse part = await _bucket.Client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = _bucket.Name,
                Key = key,
                UploadId = id,
                PartNumber = parts.Count + 1,
                PartSize = size,
                InputStream = new MemoryStream(content, offset, size),
                UseChunkEncoding = false,
            });
            parts.Add(new PartETag(parts.Count + 1, part.ETag));
            offset += size;
        }

        _ = await _bucket.Client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = _bucket.Name, Key = key, UploadId = id, PartETags = parts });
    }

    private async Task<string> BeginAsync(LocalFile file, params int[] parts)
    {
        InitiateMultipartUploadRequest begin = new() { BucketName = _bucket.Name, Key = "key" };
        begin.Metadata["mtime"] = ((decimal)(Modified - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);
        string uploadId = (await _bucket.Client.InitiateMultipartUploadAsync(begin)).UploadId;
        byte[] content = await File.ReadAllBytesAsync(file.Path);
        foreach (int part in parts)
        {
            int offset = part > 3 ? 0 : (part - 1) * Part;
            using MemoryStream body = new(content, offset, part > 3 ? 5 * 1024 * 1024 : Math.Min(Part, content.Length - offset));
            _ = await _bucket.Client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = _bucket.Name,
                Key = "key",
                UploadId = uploadId,
                PartNumber = part > 3 ? 1 : part,
                InputStream = body,
                UseChunkEncoding = false,
            });
        }

        return uploadId;
    }

    private async Task<StickyStorageItem> AssertSameAsync(LocalFile file)
    {
        StickyStorageItem item = await _storage.ListAsync("key", default).SingleAsync();
        using TransferWindow window = new(4);
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(_folder["down"], FileMode.Create, FileAccess.ReadWrite);
        StickyStorageItem downloaded = await _storage.DownloadAsync(item, handle, window, default);
        handle.Dispose();
        using FileStream expected = File.OpenRead(file.Path);
        using FileStream actual = File.OpenRead(_folder["down"]);
        Assert.Equal(Convert.ToHexString(await SHA256.HashDataAsync(expected)), Convert.ToHexString(await SHA256.HashDataAsync(actual)));
        return downloaded;
    }
}

/// <summary>How long a server that is away is waited for. The SDK's own waits are shorter, and change with its versions.</summary>
public sealed class S3WaitTests
{
    [Fact]
    public void A_run_tries_again_for_one_to_two_minutes()
    {
        Assert.Equal(55.5, WaitsOf(S3ClientFactory.PatientRetries, chance: 0));
        Assert.Equal(111, WaitsOf(S3ClientFactory.PatientRetries, chance: 1));
    }

    [Fact]
    public void Opening_a_bucket_tries_again_for_one_and_a_half_to_three_seconds()
    {
        Assert.Equal(1.5, WaitsOf(S3ClientFactory.HastyRetries, chance: 0));
        Assert.Equal(3, WaitsOf(S3ClientFactory.HastyRetries, chance: 1));
    }

    [Fact]
    public async Task A_bucket_whose_server_is_not_there_is_given_up_within_seconds()
    {
        using Secret secret = new("secret");
        using BucketOptions options = new()
        {
            Bucket = "traps",
            Endpoint = new Uri("http://127.0.0.1:1"),
            AccessKey = "key",
            SecretKey = secret,
        };
        Stopwatch clock = Stopwatch.StartNew();

        StickyException error = await Assert.ThrowsAsync<StickyException>(
            async () => await Pictures.Providers.OpenBucketAsync(options, default));

        // The waits are tested above. This is whether they are those of two retries: timers may end a little early, and a busy machine
        // takes its time, but the waits of a run are 55 seconds at least.
        Assert.Equal("StorageUnavailable", error.ErrorId);
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.4, 20);
    }

    private static double WaitsOf(int retries, double chance) =>
        Enumerable.Range(1, retries).Sum(retry => S3Client.WaitBefore(retry, chance).TotalSeconds);
}

/// <summary>What is wrong with the description of a bucket, which no server has to be asked for.</summary>
public sealed class BucketOptionsTests
{
    [Theory]
    [InlineData("a/b", "https://s3.example.org", null, 7.0)]
    [InlineData("ab", "https://s3.example.org", null, 7.0)]
    [InlineData("traps", "localhost:9000", null, 7.0)]
    [InlineData("traps", "ftp://s3.example.org", null, 7.0)]
    [InlineData("traps", "https://me:secret@s3.example.org", null, 7.0)]
    [InlineData("traps", "https://s3.example.org/?x=1", null, 7.0)]
    [InlineData("traps", "https://s3.example.org", "no region", 7.0)]
    [InlineData("traps", "https://s3.example.org", null, 8.0)]
    [InlineData("traps", "https://s3.example.org", null, 0.0)]
    public async Task A_bucket_that_cannot_be_is_refused_before_anybody_is_asked(string bucket, string endpoint, string? region, double days)
    {
        using BucketOptions options = new()
        {
            Bucket = bucket,
            Endpoint = new Uri(endpoint),
            Region = region,
            AccessKey = "key",
            SecretKey = new Secret("word"),
            UrlLifetime = TimeSpan.FromDays(days),
        };

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Pictures.Providers.OpenBucketAsync(options, default));

        Assert.Equal("InvalidBucketOptions", error.ErrorId);
        Assert.DoesNotContain("secret@", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("word", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_of_a_credential_is_refused()
    {
        using BucketOptions options = new() { Bucket = "traps", Endpoint = new Uri("https://s3.example.org"), AccessKey = "key" };

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Pictures.Providers.OpenBucketAsync(options, default));

        Assert.Equal("InvalidBucketOptions", error.ErrorId);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_named()
    {
        using BucketOptions options = new() { Bucket = "traps", Endpoint = new Uri("https://s3.example.org"), ProfileName = "no-such-profile" };

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Pictures.Providers.OpenBucketAsync(options, default));

        Assert.Equal(("CredentialMissing", StickyErrorKind.AccessDenied), (error.ErrorId, error.Kind));
        Assert.Contains("'no-such-profile'", error.Message, StringComparison.Ordinal);
    }
}

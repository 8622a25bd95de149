using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

/// <summary>A bucket of a real server behind a proxy that lets things go wrong.</summary>
public abstract class FaultyBucket : IAsyncLifetime
{
    protected const int MebiByte = 1024 * 1024;
    protected const int Small = 100_000;
    protected const int Large = 20 * MebiByte;

    protected static readonly DateTime Modified = new(2021, 6, 1, 3, 20, 17, DateTimeKind.Utc);

    protected TestFolder Folder { get; } = new();

    protected S3Server Server { get; private set; } = null!;

    protected S3Bucket Bucket { get; private set; } = null!;

    protected FaultProxy Proxy { get; private set; } = null!;

    protected IObjectStorage Storage { get; private set; } = null!;

    /// <summary>How long nothing may move.</summary>
    protected virtual TimeSpan StallLimit => BucketOptions.DefaultStallLimit;

    public async Task InitializeAsync()
    {
        Server = await S3Server.GetAsync();
        Bucket = await S3Server.CreateBucketAsync();
        Proxy = new FaultProxy(Server.Endpoint);
        using BucketOptions options = Bucket.Options(endpoint: Proxy.Endpoint, stallLimit: StallLimit);
        Storage = await Pictures.Providers.OpenBucketAsync(options, default);
    }

    public async Task DisposeAsync()
    {
        if (Storage is not null)
        {
            await Storage.DisposeAsync();
        }

        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        if (Bucket is not null)
        {
            await Bucket.DisposeAsync();
        }

        Folder.Dispose();
    }

    protected static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{actual.Length:N0} bytes are not the {expected.Length:N0} that were expected.");

    protected static TheoryData<int, string> Combine(Dictionary<string, Fault> faults)
    {
        TheoryData<int, string> data = [];
        foreach (int size in (int[])[Small, Large])
        {
            foreach (string fault in faults.Keys)
            {
                data.Add(size, fault);
            }
        }

        return data;
    }

    protected LocalFile WriteFile(byte[] content)
    {
        File.WriteAllBytes(Folder["file"], content);
        File.SetLastWriteTimeUtc(Folder["file"], Modified);
        return LocalFolder.Find("file", Folder["file"])!;
    }

    /// <summary>Puts an object there past the proxy.</summary>
    protected async Task<StickyStorageItem> PutAsync(byte[] content)
    {
        using BucketOptions options = Bucket.Options();
        await using IObjectStorage direct = await Pictures.Providers.OpenBucketAsync(options, default);
        using TransferWindow window = new(4);
        return await direct.UploadAsync("object", WriteFile(content), window, default);
    }

    protected async Task<StickyStorageItem> UploadAsync(LocalFile file, CancellationToken cancellationToken = default)
    {
        long counted = 0;
        using TransferWindow window = new(4, bytes => Interlocked.Add(ref counted, bytes));
        StickyStorageItem item = await Storage.UploadAsync("object", file, window, cancellationToken);

        // What went more than once counts once.
        Assert.Equal(file.Size, counted);
        return item;
    }

    protected async Task<(StickyStorageItem Item, byte[] Content)> DownloadAsync(StickyStorageItem item)
    {
        string path = Folder[$"{Guid.NewGuid():N}"];
        long counted = 0;
        using TransferWindow window = new(4, bytes => Interlocked.Add(ref counted, bytes));
        using (SafeFileHandle target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            item = await Storage.DownloadAsync(item, target, window, default);
        }

        Assert.Equal(item.Size, counted);
        return (item, await File.ReadAllBytesAsync(path));
    }

    protected async Task<byte[]> ReadAsync()
    {
        await using Stream stream = (await Storage.OpenReadAsync("object", default))!;
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    /// <summary>Looks past the proxy: the object is the file, and there is nothing else.</summary>
    protected async Task AssertUploadedAsync(byte[] content)
    {
        Assert.Equal(["object"], await Bucket.KeysAsync());
        Assert.Empty(await Bucket.UploadsAsync());
        using BucketOptions options = Bucket.Options();
        await using IObjectStorage direct = await Pictures.Providers.OpenBucketAsync(options, default);
        Assert.Equal(Modified, (await direct.FindAsync("object", default))!.ModifiedTime);
        await using Stream stream = (await direct.OpenReadAsync("object", default))!;
        byte[] stored = new byte[stream.Length];
        await stream.ReadExactlyAsync(stored);
        AssertSame(content, stored);
    }
}

/// <summary>What becomes of transfers when the network, or the server, does what they do.</summary>
public sealed class FaultTests : FaultyBucket
{
    private static readonly Dictionary<string, Fault> UploadFaults = new()
    {
        ["the connection is reset in the middle"] = new Fault { ResetRequestAt = 50_000 },
        ["the answer is lost"] = new Fault { ResetResponseAt = 0 },
        ["a byte is corrupted"] = new Fault { CorruptRequestAt = 50_000 },
        ["the server is overloaded"] = new Fault { Answer = (503, "SlowDown") },
        ["the server fails"] = new Fault { Answer = (500, "InternalError") },
        ["too many requests"] = new Fault { Answer = (429, "TooManyRequests") },
    };

    private static readonly Dictionary<string, Fault> DownloadFaults = new()
    {
        ["the connection is reset in the middle"] = new Fault { ResetResponseAt = 50_000 },
        ["the answer is lost"] = new Fault { ResetResponseAt = 0 },
        ["the answer is cut short"] = new Fault { TruncateResponseAt = 50_000 },
        ["the answer is cut short and claims to be whole"] = new Fault { TruncateResponseAt = 50_000, ShortenLength = true },
        ["the answer is cut short with status 200"] = new Fault { TruncateResponseAt = 50_000, HideRange = true },
        ["the answer is cut short and claims to be whole with status 200"] = new Fault { TruncateResponseAt = 50_000, ShortenLength = true, HideRange = true },
        ["a byte is corrupted"] = new Fault { CorruptResponseAt = 50_000 },
        ["the server is overloaded"] = new Fault { Answer = (503, "SlowDown") },
        ["the server fails"] = new Fault { Answer = (500, "InternalError") },
    };

    public static TheoryData<int, string> Uploads { get; } = Combine(UploadFaults);

    public static TheoryData<int, string> Downloads { get; } = Combine(DownloadFaults);

    public static TheoryData<string> Reads { get; } = [.. DownloadFaults.Keys];

    [SkippableTheory]
    [MemberData(nameof(Uploads))]
    public async Task An_upload_gets_over_what_goes_wrong_once(int size, string fault)
    {
        byte[] content = RandomBytes.Make(size);
        Proxy.Break(request => request.IsPut || request.IsPart, UploadFaults[fault], times: 1);

        _ = await UploadAsync(WriteFile(content));

        Assert.Equal(1, Proxy.Faults);
        await AssertUploadedAsync(content);
    }

    [SkippableFact]
    public async Task An_upload_in_parts_of_which_the_last_answer_is_lost_is_whole()
    {
        byte[] content = RandomBytes.Make(Large);
        Proxy.Break(request => request.IsComplete, new Fault { ResetResponseAt = 0 }, times: 1);

        _ = await UploadAsync(WriteFile(content));

        Assert.Equal(1, Proxy.Faults);
        await AssertUploadedAsync(content);
    }

    [SkippableFact]
    public async Task What_is_staged_appears_once_though_the_answer_is_lost()
    {
        await using (IStagedObject staged = await Storage.StageAsync("object", RandomBytes.Make(Small), default))
        {
            Proxy.Break(request => request.IsComplete, new Fault { ResetResponseAt = 0 }, times: 1);
            await staged.PublishAsync(default);
        }

        Assert.Equal(1, Proxy.Faults);
        AssertSame(RandomBytes.Make(Small), await ReadAsync());
        Assert.Empty(await Bucket.UploadsAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(Downloads))]
    public async Task A_download_gets_over_what_goes_wrong_once(int size, string fault)
    {
        byte[] content = RandomBytes.Make(size);
        StickyStorageItem item = await PutAsync(content);
        Proxy.Break(request => request.IsGet, DownloadFaults[fault], times: 1);

        (StickyStorageItem downloaded, byte[] bytes) = await DownloadAsync(item);

        Assert.Equal(1, Proxy.Faults);
        AssertSame(content, bytes);
        Assert.Equal((Modified, item.ETag), (downloaded.ModifiedTime, downloaded.ETag));
    }

    // Bytes that were handed on can't be taken back, so a wrong one ends in an error.
    [SkippableTheory]
    [MemberData(nameof(Reads))]
    public async Task Reading_gets_over_what_goes_wrong_once_or_fails_but_never_gives_other_bytes(string fault)
    {
        byte[] content = RandomBytes.Make(Small);
        _ = await PutAsync(content);
        Proxy.Break(request => request.IsGet, DownloadFaults[fault], times: 1);
        try
        {
            AssertSame(content, await ReadAsync());
        }
        catch (StickyException e) when (DownloadFaults[fault] is { CorruptResponseAt: not null } or { HideRange: true })
        {
            Assert.Equal("ObjectNotVerified", e.ErrorId);
            Assert.NotNull(e.RecommendedAction);
        }

        Assert.Equal(1, Proxy.Faults);
    }

    [SkippableTheory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task A_server_that_always_sends_a_wrong_byte_is_not_believed(int size)
    {
        StickyStorageItem item = await PutAsync(RandomBytes.Make(size));
        Proxy.Break(request => request.IsGet, new Fault { CorruptResponseAt = 50_000 });

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => DownloadAsync(item));

        Assert.Equal(("ObjectNotVerified", "object"), (error.ErrorId, error.Target));
        Assert.NotNull(error.RecommendedAction);
    }

    [SkippableTheory]
    [InlineData("<html>Log in</html>")]
    [InlineData("<ListBucketResult><Name>b</Name><MaxKeys>1000</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>-5</Size></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>five</Size></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>99999999999999999999</Size></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated><Contents><Key>a</Key><LastModified>today</LastModified></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents></ListBucketResult>")]
    public async Task An_answer_that_can_be_no_list_of_all_objects_is_never_taken_for_one(string answer)
    {
        using BucketOptions options = Bucket.Options(endpoint: Proxy.Endpoint, givesUpSoon: true);
        await using IObjectStorage storage = await Pictures.Providers.OpenBucketAsync(options, default);
        Proxy.Break(request => request.IsList, new Fault { Whole = Encoding.UTF8.GetBytes(answer) });

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await storage.ListAsync("", default).CountAsync());

        Assert.Equal("StorageUnavailable", error.ErrorId);
        Assert.NotNull(error.RecommendedAction);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listing_that_is_cut_short_is_never_taken_for_the_whole(bool shortenLength)
    {
        for (int i = 0; i < 50; i++)
        {
            _ = await Bucket.Client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = Bucket.Name, Key = $"object {i}", ContentBody = "x" });
        }

        Proxy.Break(request => request.IsList, new Fault { TruncateResponseAt = 5000, ShortenLength = shortenLength }, times: 1);
        try
        {
            Assert.Equal(50, await Storage.ListAsync("", default).CountAsync());
        }
        catch (StickyException e)
        {
            Assert.Equal("StorageUnavailable", e.ErrorId);
            Assert.NotNull(e.RecommendedAction);
        }

        Assert.Equal(1, Proxy.Faults);
    }

    [SkippableTheory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task Credentials_that_expire_in_an_upload_are_named_and_the_next_run_goes_on(int size)
    {
        byte[] content = RandomBytes.Make(size);
        LocalFile file = WriteFile(content);
        Fault expired = new() { Answer = (403, "ExpiredToken") };
        Proxy.Break(request => request.IsPut || request.Target.Contains("partNumber=3", StringComparison.Ordinal), expired);

        using TransferWindow window = new(1);
        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Storage.UploadAsync("object", file, window, default));

        AssertExpired(error);
        Assert.Empty(await Bucket.KeysAsync());
        Proxy.Mend();
        Proxy.Reset();
        _ = await UploadAsync(file);
        await AssertUploadedAsync(content);
        if (size == Large)
        {
            Assert.Equal(Large - (2 * ETag.PartSize), Proxy.PartBytesSent);
        }
    }

    [SkippableFact]
    public async Task Credentials_that_expire_before_a_download_are_named()
    {
        StickyStorageItem item = await PutAsync(RandomBytes.Make(Small));
        Proxy.Break(_ => true, new Fault { Answer = (403, "ExpiredToken") });

        AssertExpired(await Assert.ThrowsAsync<StickyException>(() => DownloadAsync(item)));
        AssertExpired(await Assert.ThrowsAsync<StickyException>(ReadAsync));
        AssertExpired(await Assert.ThrowsAsync<StickyException>(async () => await Storage.ListAsync("", default).ToListAsync()));
        Assert.True(Proxy.Faults < 10, "What cannot succeed was tried again and again.");
    }

    // An answer to HEAD has no body to say why.
    [SkippableTheory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task Credentials_that_expire_before_a_look_at_an_object_are_named(int status)
    {
        _ = await PutAsync(RandomBytes.Make(Small));
        Proxy.Break(_ => true, new Fault { Answer = (status, "ExpiredToken") });

        AssertExpired(await Assert.ThrowsAsync<StickyException>(async () => await Storage.FindAsync("object", default)), status);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(Small)]
    public async Task A_look_at_an_object_that_is_refused_says_that_it_is(int size)
    {
        _ = await PutAsync(RandomBytes.Make(size));
        Proxy.Break(request => request.Method == "HEAD", new Fault { Answer = (403, "AccessDenied") });

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Storage.FindAsync("object", default));

        Assert.Equal(("AccessDenied", StickyErrorKind.AccessDenied, 403), (error.ErrorId, error.Kind, error.Service?.Status));
    }

    [SkippableTheory]
    [InlineData(0, 10)]
    [InlineData(0, Small)]
    [InlineData(0, 2L * Small)]
    public async Task The_beginning_of_an_object_is_that_also_from_a_server_that_knows_no_ranges(long offset, long length)
    {
        byte[] content = RandomBytes.Make(Small);
        _ = await PutAsync(content);
        Proxy.Break(request => request.IsGet, new Fault { Whole = content });

        AssertSame([.. content.Take((int)length)], await ReadAsync(offset, length));
        Assert.Equal(1, Proxy.Faults);
    }

    [SkippableFact]
    public async Task Another_part_than_was_asked_for_is_never_taken_for_it()
    {
        byte[] content = RandomBytes.Make(Small);
        _ = await PutAsync(content);
        Proxy.Break(request => request.IsGet, new Fault { Whole = content }, times: 2);

        AssertSame(content[50_000..50_010], await ReadAsync(50_000, 10));
        Assert.Equal(2, Proxy.Faults);
    }

    // The proxy turns the clock back, and radosgw itself answers.
    [SkippableFact]
    public async Task A_clock_that_is_an_hour_slow_is_named()
    {
        StickyStorageItem item = await PutAsync(RandomBytes.Make(Small));
        Proxy.Break(_ => true, new Fault { ShiftClock = TimeSpan.FromHours(-1) });

        StickyException[] errors =
        [
            await Assert.ThrowsAsync<StickyException>(() => DownloadAsync(item)),
            await Assert.ThrowsAsync<StickyException>(() => UploadAsync(WriteFile([1, 2, 3]))),
        ];

        Assert.All(errors, error =>
        {
            Assert.Equal("ClockWrong", error.ErrorId);
            Assert.Equal(("S3", "RequestTimeTooSkewed", 403), (error.Service?.Service, error.Service?.Code, error.Service?.Status));
            Assert.Contains("clock", error.RecommendedAction, StringComparison.Ordinal);
        });
        Assert.Equal(["object"], await Bucket.KeysAsync());
    }

    [SkippableFact]
    public async Task A_slow_line_takes_its_time_and_nothing_else()
    {
        byte[] content = RandomBytes.Make(Small);
        Proxy.Break(_ => true, new Fault { BytesPerSecond = 100_000 });
        Stopwatch clock = Stopwatch.StartNew();

        (_, byte[] bytes) = await DownloadAsync(await UploadAsync(WriteFile(content)));

        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(1.5), "The line was not slow.");
        AssertSame(content, bytes);
        Assert.Single(Proxy.Requests, request => request.IsPut);
        await AssertUploadedAsync(content);
    }

    [SkippableFact]
    public async Task Waiting_for_a_server_that_is_overloaded_can_be_stopped_at_once()
    {
        Proxy.Break(_ => true, new Fault { Answer = (503, "SlowDown") });
        foreach (int size in (int[])[Small, Large])
        {
            using CancellationTokenSource stop = new();
            Task upload = UploadAsync(WriteFile(RandomBytes.Make(size)), stop.Token);
            await Task.Delay(1500);
            Assert.False(upload.IsCompleted);
            Stopwatch clock = Stopwatch.StartNew();

            await stop.CancelAsync();

            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }

        Assert.Empty(await Bucket.KeysAsync());
    }

    private async Task<byte[]> ReadAsync(long offset, long length)
    {
        await using Stream stream = (await Storage.OpenReadAsync("object", offset, length, default))!;
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy);
        Assert.Equal(stream.Length, copy.Length);
        return copy.ToArray();
    }

    private static void AssertExpired(StickyException error, int status = 403)
    {
        Assert.Equal(("CredentialRefused", StickyErrorKind.AccessDenied), (error.ErrorId, error.Kind));
        Assert.Equal(new ServiceError("S3", "ExpiredToken", status, "tx-proxy"), error.Service);
        Assert.Contains("expired", error.Message, StringComparison.Ordinal);
        Assert.Contains("same command", error.RecommendedAction, StringComparison.Ordinal);
    }
}

/// <summary>Answers of which nothing more comes, while the connection stays: nothing but the clock tells.</summary>
public sealed class StallTests : FaultyBucket
{
    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["no answer"] = new Fault { StaysSilent = true },
        ["nothing but the head of an answer"] = new Fault { StallResponseAt = 0 },
        ["half an answer"] = new Fault { StallResponseAt = 50_000 },
    };

    public static TheoryData<int, string> Downloads { get; } = Combine(Faults);

    protected override TimeSpan StallLimit => TimeSpan.FromSeconds(2);

    [SkippableTheory]
    [MemberData(nameof(Downloads))]
    public async Task A_download_of_which_nothing_more_comes_is_asked_for_again(int size, string fault)
    {
        byte[] content = RandomBytes.Make(size);
        StickyStorageItem item = await PutAsync(content);
        Proxy.Break(request => request.IsGet, Faults[fault], times: 1);

        (StickyStorageItem downloaded, byte[] bytes) = await DownloadAsync(item);

        Assert.Equal(1, Proxy.Faults);
        AssertSame(content, bytes);
        Assert.Equal((Modified, item.ETag), (downloaded.ModifiedTime, downloaded.ETag));
    }

    [SkippableFact]
    public async Task A_download_that_stands_still_again_and_again_goes_on_from_where_it_was()
    {
        byte[] content = RandomBytes.Make(Large);
        StickyStorageItem item = await PutAsync(content);
        Proxy.Break(request => request.IsGet, new Fault { StallResponseAt = 3 * MebiByte });

        (_, byte[] bytes) = await DownloadAsync(item);

        // Of 8, 8 and 4 MiB.
        Assert.Equal((3 + 3 + 2, true), (Proxy.Faults, content.AsSpan().SequenceEqual(bytes)));
    }

    [SkippableFact]
    public async Task Reading_goes_on_where_nothing_more_came()
    {
        byte[] content = RandomBytes.Make(Small);
        _ = await PutAsync(content);
        Proxy.Break(request => request.IsGet, new Fault { StallResponseAt = 50_000 }, times: 1);

        AssertSame(content, await ReadAsync());
        Assert.Equal(1, Proxy.Faults);
    }

    // Its bytes take longer than nothing may move, but they do come.
    [SkippableFact]
    public async Task A_small_object_that_comes_slowly_is_not_given_up()
    {
        byte[] content = RandomBytes.Make(Small);
        StickyStorageItem item = await PutAsync(content);
        Proxy.Break(request => request.IsGet, new Fault { BytesPerSecond = 25_000 });

        (_, byte[] bytes) = await DownloadAsync(item);

        AssertSame(content, bytes);
        Assert.Single(Proxy.Requests, request => request.IsGet);
    }

    // Takes half a minute, since a server that stands still is asked eight times, with longer and longer pauses.
    [SkippableFact]
    public async Task A_download_of_which_nothing_ever_comes_ends_in_an_error_that_says_so()
    {
        StickyStorageItem item = await PutAsync(RandomBytes.Make(Small));
        Proxy.Break(request => request.IsGet, Faults["nothing but the head of an answer"]);
        using BucketOptions options = Bucket.Options(endpoint: Proxy.Endpoint, stallLimit: TimeSpan.FromSeconds(0.5));
        await using IObjectStorage storage = await Pictures.Providers.OpenBucketAsync(options, default);
        using SafeFileHandle target = File.OpenHandle(Folder["target"], FileMode.CreateNew, FileAccess.ReadWrite);
        using TransferWindow window = new(4);

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await storage.DownloadAsync(item, target, window, default));

        Assert.Equal(("StorageUnavailable", StickyErrorKind.StoreUnavailable, "object"), (error.ErrorId, error.Kind, error.Target));
        Assert.Contains("Nothing came any more", error.Message, StringComparison.Ordinal);
        Assert.Contains("same command", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(0, RandomAccess.GetLength(target));
    }
}

/// <summary>What is said of rows and objects when the server goes while their files are deleted.</summary>
public sealed class RemovalFaultTests : FaultyBucket
{
    // Means the end of all requests as well as an outage does, and at once instead of after a minute.
    private static readonly Fault Gone = new() { Answer = (403, "RequestExpired") };

    [SkippableFact]
    public async Task Pictures_of_which_the_rows_have_gone_are_told_from_those_of_which_the_files_have()
    {
        await using Store store = await OpenAsync();
        string[] paths = Pictures.WriteSeries(Folder["card"], "5c173ff2", 12);
        ImageReference[] all =
        [
            .. (await store.SendImagesAsync(paths.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync())
                .Select(outcome => outcome.Value!.Image.Reference).OrderBy(reference => reference.DateTime),
        ];
        ImageReference missing = new("5c173ff2", all[^1].DateTime.AddDays(1));
        string from = all[6].Key(ImageContent.Image);
        Proxy.Break(request => request.Method == "DELETE" && string.CompareOrdinal(request.Target, $"/{Bucket.Name}/{from}") >= 0, Gone);

        IReadOnlyList<Outcome<StickyImage>> outcomes = await store.RemoveImagesAsync([missing, .. all]);

        Proxy.Mend();
        List<string> left = await Bucket.KeysAsync();
        Assert.Equal("ImageNotFound", outcomes[0].Error?.ErrorId);
        Assert.Equal(0, await store.CountImageSeriesAsync(new ImageSeriesQuery()));
        Assert.Equal(
            all.Select(reference => !ImageContents.Files.Any(content => left.Contains(reference.Key(content)))),
            outcomes.Skip(1).Select(outcome => outcome.Succeeded));
        Assert.Contains(outcomes, outcome => outcome.Error?.ErrorId == "FileNotRemoved");
        Assert.All(outcomes.Where(outcome => !outcome.Succeeded).Skip(1), outcome =>
        {
            Assert.Equal(("FileNotRemoved", StickyErrorKind.StoreUnavailable), (outcome.Error!.ErrorId, outcome.Error.Kind));
            Assert.Equal("RequestExpired", outcome.Error.Service?.Code);
            Assert.Contains("once more", outcome.Error.RecommendedAction, StringComparison.Ordinal);
        });
        Assert.InRange(Proxy.Faults, 1, SyncOptions.DefaultParallelism);

        // As the error says.
        Assert.All(await store.RemoveImagesAsync(all), outcome => Assert.Equal("ImageNotFound", outcome.Error?.ErrorId));
        Assert.Empty(await Bucket.KeysAsync());
    }

    [SkippableFact]
    public async Task Series_of_tuboids_are_told_apart_likewise()
    {
        await using Store store = await OpenAsync();
        SendTuboidOptions options = new() { AlgoName = "siamese-insect-matcher", ImageCount = 10 };
        _ = await store.SendTuboidsAsync(Tuboids.WriteSeries(Folder["first"], 3).ToAsyncEnumerable(), options).ToListAsync();
        DateTime later = Tuboids.Start.AddDays(7);
        _ = await store.SendTuboidsAsync(Tuboids.WriteSeries(Folder["later"], 2, start: later, end: later.AddHours(1)).ToAsyncEnumerable(), options).ToListAsync();
        TuboidSeriesReference[] series =
        [
            .. (await store.GetTuboidSeriesAsync(new TuboidQuery()).ToListAsync()).OrderBy(found => found.StartTime).Select(found => found.Reference),
        ];
        Proxy.Break(request => request.Method == "DELETE", Gone);

        IReadOnlyList<Outcome<StickyTuboidSeries>> outcomes = await store.RemoveTuboidSeriesAsync([.. series, series[0] with { AlgoName = "other" }]);

        Assert.Equal(["FileNotRemoved", "FileNotRemoved", "TuboidSeriesNotFound"], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.All(outcomes.Take(2), outcome => Assert.Equal(StickyErrorKind.StoreUnavailable, outcome.Error!.Kind));
        Assert.Contains("3 of its tuboids", outcomes[0].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("2 of its tuboids", outcomes[1].Error!.Message, StringComparison.Ordinal);
        Assert.Empty(await store.GetTuboidSeriesAsync(new TuboidQuery()).ToListAsync());
        Assert.InRange(Proxy.Faults, 1, SyncOptions.DefaultParallelism);
    }

    [SkippableFact]
    public async Task Objects_that_are_deleted_before_the_server_goes_are_reported()
    {
        await using Store store = await OpenAsync();
        string[] keys = [.. Enumerable.Range(0, 20).Select(i => $"a/{i:00}")];
        foreach (string key in keys)
        {
            _ = await Bucket.Client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = Bucket.Name, Key = key, ContentBody = key });
        }

        Proxy.Break(request => request.Method == "DELETE" && string.CompareOrdinal(request.Target, $"/{Bucket.Name}/{keys[4]}") >= 0, Gone);

        IReadOnlyList<Outcome<StickyStorageItem>> outcomes = await store.RemoveStorageItemsAsync(["none", .. keys], parallelism: 2);

        Assert.Equal("ObjectNotFound", outcomes[0].Error?.ErrorId);
        Assert.Equal(keys[..4], outcomes.Where(outcome => outcome.Succeeded).Select(outcome => outcome.Value!.Key));
        Assert.All(outcomes.Skip(5), outcome => Assert.Equal(("ClockWrong", StickyErrorKind.StoreUnavailable), (outcome.Error!.ErrorId, outcome.Error.Kind)));
        Assert.Equal(keys[4..], await Bucket.KeysAsync());
        Assert.InRange(Proxy.Faults, 1, 2);
    }

    private async Task<Store> OpenAsync()
    {
        using BucketOptions options = Bucket.Options(endpoint: Proxy.Endpoint);
        return await Store.OpenBucketAsync(options, Folder["catalog.db"], Pictures.Providers);
    }
}

/// <summary>What lasts longer than one request. Apart from the others, so that it runs beside them.</summary>
public sealed class OutageTests : FaultyBucket
{
    // Takes 20 s and a little more, which is what it is about.
    [SkippableFact]
    public async Task A_server_that_is_out_of_order_for_twenty_seconds_is_waited_for()
    {
        byte[] content = RandomBytes.Make(Large);
        StickyStorageItem item = await PutAsync(content);
        LocalFile file = WriteFile(content);
        using TransferWindow window = new(4);
        Stopwatch clock = Stopwatch.StartNew();
        Proxy.Break(_ => true, new Fault { Answer = (503, "SlowDown") }, during: TimeSpan.FromSeconds(20));

        Task<StickyStorageItem> upload = Storage.UploadAsync("copy", file, window, default).AsTask();
        Task<(StickyStorageItem Item, byte[] Content)> download = DownloadAsync(item);

        AssertSame(content, (await download).Content);
        _ = await upload;
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(20), "Nobody met the outage.");
        Assert.True(Proxy.Faults < 200, $"An overloaded server was asked {Proxy.Faults} times in 20 seconds.");
        Assert.True((await Storage.CompareAsync((await Storage.FindAsync("copy", default))!, file, default)).Equal);
        Assert.Empty(await Bucket.UploadsAsync());
    }
}

/// <summary>What is left of an upload whose process was killed.</summary>
public sealed class KilledUploadTests : FaultyBucket
{
    private const int Size = 200 * MebiByte;

    [SkippableFact]
    public async Task An_upload_that_was_killed_goes_on_where_it_ended()
    {
        byte[] content = RandomBytes.Make(Size);
        LocalFile file = WriteFile(content);

        // Fast enough not to be waited for, and slow enough to be killed in time.
        Proxy.Break(request => request.IsPart, new Fault { BytesPerSecond = 60 * MebiByte });
        using (Process upload = Start())
        {
            while (Proxy.PartBytesStored <= Size / 2 && !upload.HasExited)
            {
                await Task.Delay(5);
            }

            Assert.False(upload.HasExited, "The upload was not killed: the test tested nothing.");
            upload.Kill();
            await upload.WaitForExitAsync();
        }

        Assert.Empty(await Bucket.KeysAsync());
        StickyIncompleteUpload left = Assert.Single(await Storage.ListIncompleteUploadsAsync("", default).ToListAsync());
        Assert.Equal("object", left.Key);
        Assert.InRange(left.Size, Size / 2, Size);
        Proxy.Mend();
        Proxy.Reset();

        using (Process upload = Start())
        {
            Task<string> output = upload.StandardOutput.ReadToEndAsync();
            await upload.WaitForExitAsync();
            Assert.True(upload.ExitCode == 0, await output);
        }

        // Whatever was there is not sent again; what is asked of us is less than 60 %.
        Assert.InRange(Proxy.PartBytesSent, 1, Math.Min(Size - left.Size, (Size * 6L / 10) - 1));
        await AssertUploadedAsync(content);

        Process Start()
        {
            ProcessStartInfo start = new("dotnet")
            {
                ArgumentList =
                {
                    Path.Combine(AppContext.BaseDirectory, "StickyPi.TestSender.dll"), "--upload", Proxy.Endpoint.ToString(), Bucket.Name, "object", file.Path,
                },
                RedirectStandardOutput = true,
            };
            Server.AddTo(start.Environment);
            return Process.Start(start)!;
        }
    }
}

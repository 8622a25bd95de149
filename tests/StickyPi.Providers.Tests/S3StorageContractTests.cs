using System.Globalization;
using Amazon.S3.Model;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

/// <summary>Storage in a bucket of a real server keeps the contract, below a base path, and what is peculiar to it.</summary>
public sealed class S3StorageContractTests : ObjectStorageContract
{
    private const string BasePath = "lab/über uns";

    private static readonly HttpClient Http = new();

    private S3Bucket _bucket = null!;

    [SkippableFact]
    public async Task Nothing_outside_of_the_base_path_is_seen()
    {
        foreach (string key in (string[])["lab/über uns2/object", "lab/object", "object", "lab/über uns"])
        {
            _ = await _bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket.Name, Key = key, ContentBody = "x" });
        }

        _ = await _bucket.Client.InitiateMultipartUploadAsync(_bucket.Name, "lab/über uns2/object");
        await PutAsync("inside", [1]);

        Assert.Equal(["inside"], await KeysAsync(""));
        Assert.Null(await Storage.FindAsync("object", default));
        Assert.Empty(await Storage.ListIncompleteUploadsAsync("", default).ToListAsync());
    }

    [SkippableFact]
    public async Task An_object_may_have_others_below_it_as_if_it_were_a_folder()
    {
        await SeedAsync(["a", "a/b", "a/b/c", "a/bc"]);

        Assert.Equal(["a/b", "a/b/c"], await KeysAsync("a/b"));
        Assert.Equal(["a", "a/b", "a/b/c", "a/bc"], await KeysAsync("a"));
    }

    [SkippableFact]
    public async Task Somebody_without_credentials_can_upload_one_object_by_a_form_and_nothing_else()
    {
        PresignedPost form = Storage.CreateUploadForm("inbox/é+ %.jpg", TimeSpan.FromMinutes(5), maxSize: 1000)!;

        Assert.True((await PostAsync(form, Bytes(1000))).IsSuccessStatusCode);

        Assert.Equal(Bytes(1000), await ReadAsync("inbox/é+ %.jpg"));
        Assert.False((await PostAsync(form, Bytes(1001))).IsSuccessStatusCode);
        Assert.False((await PostAsync(form with { Fields = new Dictionary<string, string>(form.Fields) { ["key"] = BasePath + "/other" } }, Bytes(10))).IsSuccessStatusCode);
        Assert.Equal(["inbox/é+ %.jpg"], await KeysAsync(""));
        Assert.Equal(Bytes(1000), await ReadAsync("inbox/é+ %.jpg"));
    }

    protected override async Task<IObjectStorage> OpenAsync()
    {
        _bucket = await S3Server.CreateBucketAsync();
        using BucketOptions options = _bucket.Options(BasePath);
        return await Pictures.Providers.OpenBucketAsync(options, default);
    }

    protected override async Task CloseAsync()
    {
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }
    }

    protected override async Task<IReadOnlyList<string>> TracesAsync() =>
    [
        .. (await _bucket.KeysAsync())
            .Concat((await _bucket.UploadsAsync()).Select(upload => $"{upload.Key} (upload {upload.UploadId})"))
            .Select(key => key.StartsWith(BasePath + '/', StringComparison.Ordinal) ? key[(BasePath.Length + 1)..] : key)
            .Order(StringComparer.Ordinal),
    ];

    protected override Task SeedAsync(IReadOnlyList<string> keys) => Parallel.ForEachAsync(
        keys,
        new ParallelOptions { MaxDegreeOfParallelism = 16 },
        async (key, cancellationToken) => await _bucket.Client.PutObjectAsync(
            new PutObjectRequest { BucketName = _bucket.Name, Key = $"{BasePath}/{key}", ContentBody = "x" }, cancellationToken));

    protected override async Task AbandonUploadAsync(string key)
    {
        string whole = $"{BasePath}/{key}";
        InitiateMultipartUploadResponse upload = await _bucket.Client.InitiateMultipartUploadAsync(_bucket.Name, whole);
        using MemoryStream part = new(Bytes(5 * 1024 * 1024));
        _ = await _bucket.Client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = _bucket.Name,
            Key = whole,
            UploadId = upload.UploadId,
            PartNumber = 1,
            InputStream = part,
            UseChunkEncoding = false,
        });
    }

    protected override Task<byte[]> FetchAsync(string url) => Http.GetByteArrayAsync(new Uri(url));

    private static async Task<HttpResponseMessage> PostAsync(PresignedPost form, byte[] content)
    {
        using MultipartFormDataContent body = new(string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}"));
        foreach ((string name, string value) in form.Fields)
        {
            body.Add(new StringContent(value), $"\"{name}\"");
        }

        body.Add(new ByteArrayContent(content), "\"file\"", "\"file\"");
        return await Http.PostAsync(form.Url, body);
    }
}

using System.Text;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

/// <summary>A store of either kind and a folder beside it, and the short forms that tests of transfers use on them.</summary>
public abstract class TransferStore : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    protected static readonly DateTime Noon = new(2021, 6, 1, 12, 0, 0, 123, DateTimeKind.Utc);

    protected Store Store { get; private set; } = null!;

    /// <summary>The errors that were reported.</summary>
    protected List<StickyException> Errors { get; } = [];

    /// <summary>The folder of the user.</summary>
    protected string Folder => _folder["mine"];

    /// <summary>Another folder, to pull to.</summary>
    protected string Other => _folder["other"];

    public async Task InitializeAsync()
    {
        _ = Directory.CreateDirectory(Folder);
        Store = await OpenAsync(_folder["store"]);
    }

    public async Task DisposeAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        await CloseAsync();
        _folder.Dispose();
    }

    protected abstract Task<Store> OpenAsync(string folder);

    protected virtual Task CloseAsync() => Task.CompletedTask;

    /// <summary>Puts an object into the storage past the store, with any key that the storage takes.</summary>
    protected abstract Task PutRawAsync(string key, string content);

    protected static string Write(string folder, string key, string content, DateTime? time = null)
    {
        string path = Path.Combine(folder, key);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, time ?? Noon);
        return path;
    }

    protected ValueTask<StickySyncSummary> PushAsync(string[] paths, Func<SendStorageItemOptions, SendStorageItemOptions>? change = null)
    {
        SendStorageItemOptions options = new() { RelativeTo = Folder, Refuse = RefuseAsync };
        return Store.SendStorageItemsAsync([.. paths.Select(path => Path.Combine(Folder, path))], change?.Invoke(options) ?? options);
    }

    protected ValueTask<StickySyncSummary> PullAsync(string[] prefixes, Func<ReceiveStorageItemOptions, ReceiveStorageItemOptions>? change = null)
    {
        ReceiveStorageItemOptions options = new() { Destination = Other, Refuse = RefuseAsync };
        return Store.ReceiveStorageItemsAsync(prefixes, change?.Invoke(options) ?? options);
    }

    protected ValueTask RefuseAsync(StickyException error, CancellationToken cancellationToken)
    {
        Errors.Add(error);
        return ValueTask.CompletedTask;
    }

    protected async Task<string[]> KeysAsync(string prefix = "") =>
        [.. (await Store.GetStorageItemsAsync(prefix, KeyFilter.All).Select(item => item.Key).ToListAsync()).Order(StringComparer.Ordinal)];

    protected async Task<string?> ReadAsync(string key)
    {
        string target = _folder["read"];
        _ = await Store.ReceiveStorageItemsAsync([key], new ReceiveStorageItemOptions { Destination = target, Force = true });
        string path = Path.Combine(target, key);
        return File.Exists(path) ? await File.ReadAllTextAsync(path) : null;
    }

    protected static string[] Keys(IEnumerable<StickySyncItem> items) => [.. items.Select(item => item.Key).Order(StringComparer.Ordinal)];

    /// <summary>All files below a folder, by their relative paths with forward slashes.</summary>
    protected static string[] Files(string folder) => Directory.Exists(folder)
        ?
        [
            .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
                .Order(StringComparer.Ordinal),
        ]
        : [];

    /// <summary>Bytes that look random and are the same for the same seed.</summary>
    protected static byte[] RandomBytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>How a store in a folder is opened and reached past itself.</summary>
internal static class InFolder
{
    public static Store Open(string folder) => Store.OpenLocal(folder, Pictures.Providers);

    public static Task PutRawAsync(Store store, string key, string content)
    {
        string path = Path.Combine(store.Location, key);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(content));
    }
}

/// <summary>How a store with its files in a bucket of a real S3 server is opened and reached past itself.</summary>
internal sealed class InBucket : IAsyncDisposable
{
    public const string BasePath = "lab/traps";

    private S3Bucket? _bucket;

    public S3Bucket Bucket => _bucket!;

    public async Task<Store> OpenAsync(string folder)
    {
        _bucket = await S3Server.CreateBucketAsync();
        using BucketOptions options = _bucket.Options(BasePath);
        return await Store.OpenBucketAsync(options, Path.Combine(folder, "catalog.db"), Pictures.Providers);
    }

    public Task PutRawAsync(string key, string content, string basePath = BasePath)
    {
        string whole = ObjectKey.Combine(basePath, key);
        return whole[0] == '/' ? PostAsync(whole, content) : Bucket.Client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Bucket.Name,
            Key = whole,
            ContentBody = content,
            UseChunkEncoding = false,
        });
    }

    // The SDK loses a slash at the beginning of a URL, and not in the body of a form.
    private async Task PostAsync(string whole, string content)
    {
        CreatePresignedPostResponse signed = Bucket.Client.CreatePresignedPost(
            new CreatePresignedPostRequest { BucketName = Bucket.Name, Key = whole, Expires = DateTime.UtcNow.AddMinutes(5) });
        using MultipartFormDataContent form = [];
        foreach ((string name, string value) in signed.Fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new StringContent(content), "file", "file");
        using HttpClient http = new();
        using HttpResponseMessage response = await http.PostAsync(new Uri(signed.Url), form);
        _ = response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }
    }
}

using System.Text;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

/// <summary>What a client of a server finds out of the objects of a bucket, and what that costs.</summary>
public sealed class BucketServerTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private StoreUnderTest _opened = null!;
    private S3Bucket _bucket = null!;
    private FaultProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _bucket = await S3Server.CreateBucketAsync();
        _proxy = new FaultProxy(_bucket.Server.Endpoint);
        _opened = await OverHttp.OpenAsync(
            _folder["store"],
            new(OverHttp.SettingsOf(_bucket))
            {
                ["StickyPi:CatalogPath"] = _folder["catalog.db"],
                ["StickyPi:Endpoint"] = _proxy.Endpoint.ToString(),
            },
            _proxy,
            _bucket);
    }

    public async Task DisposeAsync()
    {
        if (_opened is not null)
        {
            await _opened.DisposeAsync();
        }

        _folder.Dispose();
    }

    [SkippableFact]
    public async Task An_object_that_is_encrypted_with_a_key_of_the_bucket_is_received_and_compared_by_its_content()
    {
        // Such an object has an ETag that is not made of its bytes: here, one of them is another than when it was uploaded.
        const int ChangedAt = 7;
        _proxy.Break(
            request => request.IsGet || request.Method == "HEAD",
            new Fault { ResponseHeader = ("x-amz-server-side-encryption", "aws:kms"), CorruptResponseAt = ChangedAt });
        byte[] content = RandomBytes.Make(1000);
        await PutAsync("in/a.bin", content);
        content[ChangedAt] ^= 0x20;

        StickySyncSummary pulled = await _opened.Store.ReceiveStorageItemsAsync(["in"], new ReceiveStorageItemOptions { Destination = _folder["out"], Refuse = Throw });

        Assert.Equal(["in/a.bin"], pulled.Synced.Select(item => item.Key));
        Assert.Equal(content, await File.ReadAllBytesAsync(_folder["out/in/a.bin"]));
        _ = Assert.Single((await PushAsync()).OnTargetEqual);
        content[0] ^= 1;
        await File.WriteAllBytesAsync(_folder["out/in/a.bin"], content);
        _ = Assert.Single((await PushAsync()).OnTargetDifferent);
    }

    [SkippableFact]
    public async Task A_large_object_that_differs_is_not_fetched_to_find_out()
    {
        byte[] content = RandomBytes.Make((2 * ETag.PartSize) + 1000);
        _ = Directory.CreateDirectory(_folder["out/in"]);
        await File.WriteAllBytesAsync(_folder["out/in/a.bin"], content);
        _ = Assert.Single((await PushAsync()).Synced);
        _ = Assert.Single((await PushAsync()).OnTargetEqual);
        content[0] ^= 1;
        await File.WriteAllBytesAsync(_folder["out/in/a.bin"], content);
        _proxy.Reset();

        _ = Assert.Single((await PushAsync()).OnTargetDifferent);

        Assert.DoesNotContain(_proxy.Requests, request => request.IsGet);
    }

    [SkippableFact]
    public async Task An_object_that_is_replaced_between_two_requests_for_it_comes_as_the_new_one()
    {
        await PutAsync("a.bin", "old"u8.ToArray());
        int gets = 0;
        _proxy.Break(
            request =>
            {
                if (request.IsGet && Interlocked.Increment(ref gets) == 1)
                {
                    PutAsync("a.bin", "newer"u8.ToArray()).GetAwaiter().GetResult();
                }

                return false;
            },
            new Fault());

        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LabServer.Administrator}:{LabServer.Password}"));
        using HttpClient client = new() { BaseAddress = new Uri(_opened.Store.Location) };
        client.DefaultRequestHeaders.Authorization = new("Basic", login);

        Assert.Equal("newer", await client.GetStringAsync("/v1/objects/a.bin"));
        Assert.InRange(gets, 2, 3);
    }

    private ValueTask<StickySyncSummary> PushAsync() => _opened.Store.SendStorageItemsAsync(
        [_folder["out"]], new SendStorageItemOptions { RelativeTo = _folder["out"], Refuse = Throw });

    private static ValueTask Throw(StickyException error, CancellationToken cancellationToken) => throw error;

    private async Task PutAsync(string key, byte[] content)
    {
        using MemoryStream stream = new(content);
        _ = await _bucket.Client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest
        {
            BucketName = _bucket.Name,
            Key = "lab/" + key,
            InputStream = stream,
            UseChunkEncoding = false,
        });
    }
}

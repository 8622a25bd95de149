using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server.Files;

namespace StickyPi.Tests;

/// <summary>URLs with which a file is fetched without a log-in.</summary>
public sealed class FileUrlTests : IAsyncLifetime
{
    private const string Device = "5c173ff2";

    private readonly LabServer _server = new();
    private byte[] _picture = [];
    private Signatory _user = null!;
    private string _url = "";

    private FileUrls Urls => _server.Services.GetRequiredService<FileUrls>();

    private string Root => _server.Uri.AbsoluteUri.TrimEnd('/');

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        string path = Pictures.Write(_server["card"], Device, Pictures.Start);
        _picture = await File.ReadAllBytesAsync(path);
        await foreach (Outcome<SendImageResult> sent in _server.Store.SendImagesAsync(One(path), new SendImageOptions()))
        {
            Assert.True(sent.Succeeded, sent.Error?.Message);
        }

        _user = await _server.SignatoryAsync();
        Store store = _server.Store.As(LabServer.Reader, key => Urls.Create(Root, key, _user));
        _url = (await store.GetImagesAsync([new ImageReference(Device, Pictures.Start)], ImageContent.Image))[0]!.Url;
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_picture_is_fetched_by_its_url_whole_in_parts_and_only_when_it_has_changed()
    {
        using HttpClient client = _server.Client();
        using HttpResponseMessage whole = await client.GetAsync(_url);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal("image/jpeg", whole.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", whole.Headers.CacheControl?.ToString());
        Assert.Equal(_picture, await whole.Content.ReadAsByteArrayAsync());

        using HttpRequestMessage part = new(HttpMethod.Get, _url) { Headers = { Range = new RangeHeaderValue(100, 299) } };
        using HttpResponseMessage some = await client.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, some.StatusCode);
        Assert.Equal(_picture[100..300], await some.Content.ReadAsByteArrayAsync());

        using HttpRequestMessage again = new(HttpMethod.Get, _url) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        using HttpResponseMessage known = await client.SendAsync(again);
        Assert.Equal((HttpStatusCode.NotModified, "no-store"), (known.StatusCode, known.Headers.CacheControl?.ToString()));

        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, _url));
        Assert.Equal(_picture.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_download_while_the_file_is_replaced_is_one_of_both_with_its_own_etag()
    {
        const int Rounds = 150;
        string key = new ImageReference(Device, Pictures.Start).Key(ImageContent.Image);
        string path = Path.Combine(_server["store"], key.Replace('/', Path.DirectorySeparatorChar));
        byte[][] contents = [_picture, [.. _picture.Reverse()], [.. _picture, .. _picture]];
        using HttpClient reader = _server.Client(LabServer.Reader);
        string[] urls = [_url, "/v1/objects/" + key, V1Client.PathOf(new ImageReference(Device, Pictures.Start)) + "/image"];
        using CancellationTokenSource stop = new();
        Task replacing = Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; !stop.IsCancellationRequested; i++)
                {
                    File.WriteAllBytes(path + ".new", contents[i % contents.Length]);
                    File.SetLastWriteTimeUtc(path + ".new", Pictures.Start);
                    File.Move(path + ".new", path, overwrite: true);
                }
            },
            TaskCreationOptions.LongRunning);
        try
        {
            for (int i = 0; i < Rounds; i++)
            {
                using HttpResponseMessage answer = await reader.GetAsync(urls[i % urls.Length]);
                byte[] body = await answer.Content.ReadAsByteArrayAsync();
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Contains(contents, content => content.AsSpan().SequenceEqual(body));
                Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(body))}\"", answer.Headers.ETag?.ToString());
            }
        }
        finally
        {
            await stop.CancelAsync();
            await replacing;
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(ETag.PartSize + 1000)]
    public async Task No_part_of_another_file_of_the_same_size_and_time_comes_to_what_is_there(int size)
    {
        const string Key = "ml/uid/output/model_final.pth";
        using HttpClient reader = _server.Client(LabServer.Reader);
        byte[] first = await ReplaceAsync(1);
        EntityTagHeaderValue? earlier = null;
        DateTimeOffset? time = null;
        foreach (string url in (string[])[Urls.Create(Root, Key, _user), "/v1/objects/" + Key])
        {
            using HttpResponseMessage whole = await reader.GetAsync(url);
            (earlier, time) = (whole.Headers.ETag, whole.Content.Headers.LastModified);
            using HttpRequestMessage same = new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(500, null), IfRange = new(earlier!) } };
            using HttpResponseMessage part = await reader.SendAsync(same);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(first[500..], await part.Content.ReadAsByteArrayAsync());
        }

        ContentHashes before = (await _server.Store.FindStorageItemHashesAsync(Key))!;
        byte[] second = await ReplaceAsync(2);
        foreach (string url in (string[])[Urls.Create(Root, Key, _user), "/v1/objects/" + Key])
        {
            RangeConditionHeaderValue[] conditions = [new(earlier!), new(time!.Value), new(new EntityTagHeaderValue(earlier!.Tag, isWeak: true))];
            foreach (RangeConditionHeaderValue condition in conditions)
            {
                using HttpRequestMessage rest = new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(500, null), IfRange = condition } };
                using HttpResponseMessage answer = await reader.SendAsync(rest);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(second, await answer.Content.ReadAsByteArrayAsync());
            }

            using HttpRequestMessage since = new(HttpMethod.Get, url) { Headers = { IfModifiedSince = time } };
            Assert.Equal(HttpStatusCode.OK, (await reader.SendAsync(since)).StatusCode);
            using HttpRequestMessage match = new(HttpMethod.Get, url) { Headers = { IfMatch = { earlier! }, Range = new RangeHeaderValue(500, null) } };
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await reader.SendAsync(match)).StatusCode);
        }

        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(first)), before.Md5);
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(second)), (await _server.Store.FindStorageItemHashesAsync(Key))!.Md5);

        async Task<byte[]> ReplaceAsync(byte fill)
        {
            byte[] content = new byte[size];
            Array.Fill(content, fill);
            await File.WriteAllBytesAsync(_server["sent"], content);
            File.SetLastWriteTimeUtc(_server["sent"], Pictures.Start);
            _ = await _server.Store.SendStorageItemAsync(Key, LocalFolder.Find(Key, _server["sent"])!, etag: null);
            return content;
        }
    }

    [Fact]
    public async Task A_url_stays_the_same_for_an_hour_and_ends_after_a_week()
    {
        string key = new ImageReference(Device, Pictures.Start).Key(ImageContent.Image);
        DateTimeOffset now = _server.Clock.GetUtcNow();
        _server.Clock.Advance(now.Date.AddHours(now.Hour + 1).AddMinutes(1) - now.UtcDateTime);
        string url = Urls.Create(Root, key, _user);
        _server.Clock.Advance(TimeSpan.FromMinutes(58));
        Assert.Equal(url, Urls.Create(Root, key, _user));
        _server.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEqual(url, Urls.Create(Root, key, _user));

        // From the beginning of the hour.
        using HttpClient client = _server.Client();
        _server.Clock.Advance(FileUrls.Lifetime - TimeSpan.FromMinutes(62));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(url)).StatusCode);

        _server.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task A_url_that_was_changed_in_any_way_is_refused()
    {
        string[] changed =
        [
            _url.Split('?')[0],
            _url.Replace("signature=", "signature=A", StringComparison.Ordinal),
            _url[..^1] + (_url[^1] == 'A' ? 'B' : 'A'),
            _url[..^5],
            _url.Replace("expires=", "expires=1", StringComparison.Ordinal),
            _url.Replace("expires=", "expires=%2B", StringComparison.Ordinal),
            _url.Replace("user=", "user=1", StringComparison.Ordinal),
            _url.Replace("user=", "nobody=", StringComparison.Ordinal),
            _url + "&user=1",
            _url + "&expires=99999999999",
            _url + "&signature=x",
            _url.Replace(".jpg", ".jpg.thumbnail", StringComparison.Ordinal),
            _url.Replace("/files/", "/files//", StringComparison.Ordinal),
            _url.Replace("/files/raw_images/", "/files/raw_images%2F", StringComparison.Ordinal),
            _url.Replace("raw_images", "RAW_IMAGES", StringComparison.Ordinal),
        ];
        foreach (string url in changed)
        {
            Assert.Equal((url, HttpStatusCode.Forbidden), (url, (await _server.Client().GetAsync(url)).StatusCode));
        }
    }

    [Fact]
    public async Task No_signature_opens_what_is_no_object_of_the_store()
    {
        await File.WriteAllTextAsync(_server["secret.txt"], "secret");
        foreach (string target in (string[])
        [
            "database.db", "Database.db-wal", "cache", "cache/writers", "../secret.txt", "raw_images/../../secret.txt", "raw_images/../database.db", "", "/etc/passwd",
            "raw_images\\..\\..\\secret.txt", "raw_images//x", "raw_images/./x", "ml/\0",
        ])
        {
            // Signed as the server would, if it could be made to.
            Assert.False(FileUrls.IsPublic(target));
            string url = Urls.Create(Root, target, _user);
            Dictionary<string, StringValues> query = QueryHelpers.ParseQuery(new Uri(url).Query);
            Assert.False(await Urls.IsGoodAsync(target, query["expires"], query["user"], query["signature"]), target);
            using HttpResponseMessage answer = await _server.Client().GetAsync($"/files/{Uri.EscapeDataString(target)}{new Uri(url).Query}");
            Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{target}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_url_ends_with_the_password_of_its_user_and_with_the_user()
    {
        using Secret other = new("another password");
        Assert.True((await _server.Store.UpdateUserAsync(LabServer.Reader, new UserChange { Password = other })).Succeeded);
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.Client().GetAsync(_url)).StatusCode);

        string renewed = Urls.Create(Root, _url.Split("/files/")[1].Split('?')[0], await _server.SignatoryAsync());
        Assert.Equal(HttpStatusCode.OK, (await _server.Client().GetAsync(renewed)).StatusCode);
        Assert.True((await _server.Store.RemoveUserAsync(LabServer.Reader)).Succeeded);
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.Client().GetAsync(renewed)).StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_not_there_any_more_is_404()
    {
        _ = await _server.Store.RemoveImagesAsync([new ImageReference(Device, Pictures.Start)]);

        Assert.Equal(HttpStatusCode.NotFound, (await _server.Client().GetAsync(_url)).StatusCode);
    }

    [Fact]
    public async Task Keys_with_signs_that_urls_reserve_are_fetched_as_well()
    {
        const string Key = "ml/a b+c/ä %41 #?&.txt";
        string path = Path.Combine(_server["store"], Key.Replace('/', Path.DirectorySeparatorChar));
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "content");

        using HttpResponseMessage answer = await _server.Client().GetAsync(Urls.Create(Root, Key, _user));

        Assert.Equal("content", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.True(ObjectKey.IsValid(Key));
    }

    private static async IAsyncEnumerable<string> One(string path)
    {
        await Task.CompletedTask;
        yield return path;
    }
}

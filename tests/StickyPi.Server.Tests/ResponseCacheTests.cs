using System.Runtime.Versioning;
using Microsoft.AspNetCore.Http;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Remote;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>Answers that are kept on this machine: when they serve, and when they must not.</summary>
public sealed class ResponseCacheTests : IAsyncLifetime
{
    private const string Device = "5c173ff2";

    private readonly LabServer _server = new();
    private readonly TestFolder _folder = new();
    private readonly List<string> _warnings = [];
    private OddServer _odd = null!;
    private Func<HttpContext, Task?> _fault = _ => null;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _odd = await OddServer.StartAsync((odd, context) => _fault(context) ?? odd.PassOnAsync(context, _server.Uri));
        _ = await _server.Store.SendImagesAsync(Pictures.WriteSeries(_folder["card"], Device, 30).ToAsyncEnumerable(), new()).ToListAsync();
    }

    public async Task DisposeAsync()
    {
        await _odd.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_answer_serves_again_and_in_another_connection()
    {
        await using (IRemoteStore store = await OpenAsync())
        {
            Assert.Equal(30, await CountAsync(store));
            Assert.Equal(30, await CountAsync(store));
        }

        await using IRemoteStore later = await OpenAsync();
        Assert.Equal(30, await CountAsync(later));
        Assert.Equal(1, _odd.Count("GET /v1/images"));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Another_question_another_user_and_no_lifetime_are_asked()
    {
        await using IRemoteStore store = await OpenAsync();
        Assert.Equal(30, await CountAsync(store));
        Assert.Equal(7, (await store.GetImageSeriesAsync(new() { First = 7 }).ToListAsync()).Count);
        await using IRemoteStore other = await OpenAsync(user: LabServer.Reader);
        Assert.Equal(30, await CountAsync(other));
        await using IRemoteStore always = await OpenAsync(TimeSpan.Zero);
        Assert.Equal(30, await CountAsync(always));

        Assert.Equal(4, _odd.Count("GET /v1/images"));
    }

    [Fact]
    public async Task A_change_through_the_connection_drops_what_it_made_stale()
    {
        await using IRemoteStore store = await OpenAsync();
        Assert.Equal(30, await CountAsync(store));

        _ = await store.SendImagesAsync(Pictures.WriteSeries(_folder["more"], Device, 31).ToAsyncEnumerable(), new()).ToListAsync();
        Assert.Equal(31, await CountAsync(store));
        _ = await store.RemoveImagesAsync([new ImageReference(Device, Pictures.Start)]);
        Assert.Equal(30, await CountAsync(store));
    }

    [Fact]
    public async Task A_change_whose_answer_breaks_drops_what_was_kept_while_it_came()
    {
        TaskCompletionSource counted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _fault = context => context.Request.Path != "/v1/images/delete" ? null : RemoveAsync(context);
        await using IRemoteStore store = await OpenAsync();
        Assert.Equal(30, await CountAsync(store));

        Task removing = store.RemoveImagesAsync([new ImageReference(Device, Pictures.Start)]).AsTask();
        await WaitAsync(() => Answers().Length == 0);
        Assert.Equal(30, await CountAsync(store));
        Assert.Single(Answers());
        counted.SetResult();

        Assert.Equal("ServerUnreachable", (await Assert.ThrowsAsync<StickyException>(async () => await removing)).ErrorId);
        Assert.Equal(29, await CountAsync(store));

        async Task RemoveAsync(HttpContext context)
        {
            context.Response.ContentType = "application/x-ndjson";
            await context.Response.Body.FlushAsync();
            await counted.Task;
            _ = await _server.Store.RemoveImagesAsync([new ImageReference(Device, Pictures.Start)]);
            context.Abort();
        }
    }

    [Fact]
    public async Task A_change_whose_answer_is_not_read_to_its_end_drops_what_was_kept_while_it_came()
    {
        _fault = context =>
        {
            if (context.Request.Path != "/x")
            {
                return null;
            }

            context.Response.ContentType = "application/x-ndjson";
            return context.Response.WriteAsync("{}\n{}\n");
        };
        await using IRemoteStore store = await OpenAsync();
        using (await store.Api.SendAsync(new ApiRequest(HttpMethod.Post, "x")))
        {
            Assert.Equal(30, await CountAsync(store));
            _ = await _server.Store.RemoveImagesAsync([new ImageReference(Device, Pictures.Start)]);
        }

        Assert.Equal(29, await CountAsync(store));
    }

    [Fact]
    public async Task An_answer_that_is_read_while_another_connection_changes_something_is_not_kept()
    {
        await using IRemoteStore reader = await OpenAsync();
        await using IRemoteStore changer = await OpenAsync();
        int seen = 0;
        await foreach (StickyImage image in reader.GetImageSeriesAsync(new()))
        {
            if (seen++ == 0)
            {
                _ = await changer.RemoveImagesAsync([image.Reference]);
            }
        }

        Assert.Equal(30, seen);
        Assert.Empty(Answers());
        Assert.Equal(29, await CountAsync(reader));
    }

    [Fact]
    public async Task An_old_answer_serves_with_a_warning_where_the_server_cannot_be_reached()
    {
        await using IRemoteStore store = await OpenAsync(TimeSpan.Zero);
        Assert.Equal(30, await CountAsync(store));
        foreach (string file in Answers())
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-5));
        }

        await _odd.DisposeAsync();

        Assert.Equal(30, await CountAsync(store));
        Assert.Contains("known 5 hours ago", Assert.Single(_warnings), StringComparison.Ordinal);
        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.GetImageSeriesAsync(new() { First = 2 }).ToListAsync());
        Assert.Equal("ServerUnreachable", error.ErrorId);
    }

    [Fact]
    public async Task What_is_decided_by_is_never_old()
    {
        string[] files = Pictures.WriteSeries(_folder["card"], Device, 30);
        await using IRemoteStore store = await OpenAsync();
        _ = await store.GetImagesAsync([.. files.Select(file => ImageReference.Parse(Path.GetFileName(file)))]);
        await _odd.DisposeAsync();

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await store.SendImagesAsync(files.ToAsyncEnumerable(), new()).ToListAsync());

        Assert.Equal("ServerUnreachable", error.ErrorId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(3000)]
    [InlineData(-1)]
    public async Task A_damaged_answer_is_dropped_and_asked_for_again(int place)
    {
        await using IRemoteStore store = await OpenAsync();
        Assert.Equal(30, await CountAsync(store));
        string file = Assert.Single(Answers());
        byte[] content = await File.ReadAllBytesAsync(file);
        if (place < 0)
        {
            await File.WriteAllBytesAsync(file, content[..^10]);
        }
        else
        {
            content[place] ^= 0xFF;
            await File.WriteAllBytesAsync(file, content);
        }

        Assert.Equal(30, await CountAsync(store));
        Assert.Equal(2, _odd.Count("GET /v1/images"));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Half_an_answer_is_not_kept()
    {
        await using IRemoteStore store = await OpenAsync();
        await foreach (StickyImage image in store.GetImageSeriesAsync(new()))
        {
            break;
        }

        Assert.Empty(Directory.GetFiles(_folder["cache"], "*.partial", SearchOption.AllDirectories));
        Assert.Empty(Answers());
        Assert.Equal(30, await CountAsync(store));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        int asked = 0;
        _fault = context =>
        {
            if (context.Request.Path != "/v1/devices/names")
            {
                return null;
            }

            asked++;
            context.Response.Headers.ETag = "\"e1\"";
            if (context.Request.Headers.IfNoneMatch == "\"e1\"")
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }

            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("[\"5c173ff2\"]");
        };
        await using IRemoteStore store = await OpenAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal([Device], await store.GetDeviceNamesAsync());
        File.SetLastWriteTimeUtc(Assert.Single(Answers()), DateTime.UtcNow.AddHours(-1));

        Assert.Equal([Device], await store.GetDeviceNamesAsync());

        Assert.Equal(2, asked);
        Assert.InRange(DateTime.UtcNow - File.GetLastWriteTimeUtc(Assert.Single(Answers())), TimeSpan.Zero, TimeSpan.FromMinutes(30));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Answers_are_their_owners_alone_and_are_forgotten_when_asked()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows protects the profile.");
        await using IRemoteStore store = await OpenAsync();
        _ = await CountAsync(store);
        string file = Assert.Single(Answers());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));

        store.ClearCache();
        Assert.Empty(Answers());
    }

    [Fact]
    public async Task What_a_session_that_was_killed_has_left_goes_with_the_rest()
    {
        await using IRemoteStore store = await OpenAsync();
        Assert.Equal(30, await CountAsync(store));
        string left = UnfinishedFile.NewPath(Assert.Single(Answers()));
        await File.WriteAllTextAsync(left, "half");

        store.ClearCache();

        Assert.False(File.Exists(left));
    }

    private static async Task<int> CountAsync(IRemoteStore store) => (await store.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync()).Count;

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(30); !condition() && DateTime.UtcNow < end;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    private string[] Answers() => Directory.GetFiles(_folder["cache"], "*.answer", SearchOption.AllDirectories);

    private async Task<IRemoteStore> OpenAsync(TimeSpan? lifetime = null, string user = LabServer.Administrator)
    {
        using Secret password = new(LabServer.Password);
        return await RemoteConnection.OpenAsync(
            new RemoteOptions
            {
                Uri = _odd.Uri,
                UserName = user,
                Password = password,
                CacheFolder = _folder["cache"],
                CacheLifetime = lifetime ?? RemoteOptions.DefaultCacheLifetime,
                Warn = _warnings.Add,
            },
            Pictures.Providers);
    }
}

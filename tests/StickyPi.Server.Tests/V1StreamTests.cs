using System.Globalization;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using StickyPi.Core.Remote.Api;
using StickyPi.Server.V1;
using Xunit.Abstractions;

namespace StickyPi.Tests;

/// <summary>Long answers: they come at once, take no memory, and end when nobody reads them.</summary>
[Collection(nameof(MemoryTests))]
public sealed partial class V1StreamTests(ITestOutputHelper output) : V1Test
{
    private const int Count = 100_000;
    private const long MebiByte = 1024 * 1024;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.Equal(Count, Server.Execute(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {Count - 1})
            INSERT INTO images (device, datetime, md5, width, height, lat, lng, temp, hum, no_flash_shutter_speed, no_flash_exposure_time,
                no_flash_bv, no_flash_iso, api_version, datetime_created)
            SELECT printf('%08x', i / 10000), strftime('%Y-%m-%d %H:%M:%S.000000', 1600000000 + 60 * i, 'unixepoch'), printf('%032x', i), 2592, 1944,
                49.5, 8.25, 20.5, 55.5, 1.5, 0.25, 0.5, 100, '0.1.0', '2021-01-01 00:00:00.000000' FROM n
            """));
    }

    [Fact]
    public async Task A_hundred_thousand_pictures_stream_in_memory_that_does_not_grow_with_them()
    {
        using HttpClient reader = Reader;
        _ = await ReadAsync(reader, 1000);

        // The server lives in this process: what both sides hold is what is measured, again and again while the lines come.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        int count = await ReadAsync(reader, int.MaxValue, number =>
        {
            if (number % 20_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        });
        output.WriteLine($"{count} lines in {watch.Elapsed.TotalSeconds:0.00} s, {most / (double)MebiByte:0.0} MiB more");

        // A page of the store is 4,096 rows.
        Assert.Equal(Count, count);
        Assert.True(most < 16 * MebiByte, $"{most / MebiByte} MiB");
    }

    [Fact]
    public async Task A_page_of_a_long_series_is_read_without_the_rest_of_it()
    {
        using HttpClient reader = Reader;

        List<JsonNode> images = await reader.GetPagesAsync("/v1/images", 10_000);

        Assert.Equal(Count, images.Count);
        Assert.Equal(Count, images.Select(image => (long)image["id"]!).Distinct().Count());
    }

    [Fact]
    public async Task The_reading_ends_when_the_client_goes_away()
    {
        using HttpClient reader = Reader;
        using HttpRequestMessage request = Request("/v1/images");
        using (HttpResponseMessage response = await reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Stream body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[100]) > 0);
        }

        // The line of the request comes when it has ended, and says how much went out: about 40 MB would be all.
        string? line = null;
        for (int i = 0; i < 600 && line is null; i++)
        {
            await Task.Delay(50);
            line = Server.Log.Lines.FirstOrDefault(text => text.Contains(" Path=/v1/images ", StringComparison.Ordinal));
        }

        Assert.NotNull(line);
        output.WriteLine(line);
        Assert.InRange(long.Parse(BytesOf().Match(line).Groups[1].Value, CultureInfo.InvariantCulture), 1, 20 * MebiByte);
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json")]
    public async Task The_writing_ends_at_the_first_flush_after_the_reader_has_gone(string accept)
    {
        Pipe pipe = new();
        await pipe.Reader.CompleteAsync();
        DefaultHttpContext context = new() { Request = { Headers = { Accept = accept } } };
        context.Features.Set<IHttpResponseBodyFeature>(new PipeBody(pipe.Writer));
        context.Features.Set<IHttpRequestLifetimeFeature>(new Connection());
        int written = 0;

        async IAsyncEnumerable<string> Items()
        {
            for (; written < 1_000_000; written++)
            {
                yield return "0123456789";
            }

            await Task.CompletedTask;
        }

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Streaming.WriteAsync(context, Items(), ApiJson.Default.String));

        Assert.True(context.RequestAborted.IsCancellationRequested);
        Assert.InRange(written, 1, 100_000);
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        private readonly CancellationTokenSource _aborted = new();

        public CancellationToken RequestAborted
        {
            get => _aborted.Token;
            set => throw new NotSupportedException();
        }

        public void Abort() => _aborted.Cancel();
    }

    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    [GeneratedRegex(@" Bytes=(\d+)")]
    private static partial Regex BytesOf();

    [Fact]
    public async Task An_answer_that_fails_in_the_middle_says_so_in_its_last_line()
    {
        Assert.Equal(1, Server.Execute("UPDATE images SET datetime_created = 'nonsense' WHERE id = 50000"));

        List<JsonNode> lines = await Reader.GetLinesAsync("/v1/images");

        Assert.InRange(lines.Count, 40_000, 50_000);
        Assert.All(lines.SkipLast(1), line => Assert.Null(line["error"]));
        Assert.False(string.IsNullOrEmpty((string?)lines[^1]["error"]!["title"]));
        Assert.False(string.IsNullOrEmpty((string?)lines[^1]["error"]!["requestId"]));
        Assert.DoesNotContain(Server["store"], lines[^1].ToJsonString());
    }

    [Fact]
    public async Task An_answer_that_breaks_with_its_database_does_not_tell_where_that_is_but_the_log_does()
    {
        using HttpRequestMessage request = Request("/v1/images");
        using HttpResponseMessage response = await Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync());
        Assert.NotNull(await lines.ReadLineAsync());
        _ = Server.Execute("ALTER TABLE images RENAME TO gone");

        string? last = null;
        while (await lines.ReadLineAsync() is string line)
        {
            last = line;
        }

        JsonNode error = JsonNode.Parse(last!)!["error"]!;
        Assert.Equal("The store can't be used at the moment.", (string?)error["detail"]);
        Assert.DoesNotContain(Server["store"], last);
        Assert.Contains(Server.Log.Lines, line => line.Contains((string)error["requestId"]!, StringComparison.Ordinal) && line.Contains("failed", StringComparison.Ordinal));
    }

    private static HttpRequestMessage Request(string path) =>
        new(HttpMethod.Get, path) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue(Streaming.Lines) } } };

    private static async Task<int> ReadAsync(HttpClient client, int most, Action<int>? read = null)
    {
        using HttpRequestMessage request = Request($"/v1/images?first={most}");
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync());
        int count = 0;
        while (await lines.ReadLineAsync() is string line)
        {
            using JsonDocument image = JsonDocument.Parse(line);
            Assert.Equal(2592, image.RootElement.GetProperty("width").GetInt32());
            read?.Invoke(++count);
            count += read is null ? 1 : 0;
        }

        return count;
    }
}

using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public sealed class SeriesTests : IAsyncLifetime
{
    private readonly LocalStore _store = new();

    // Three devices with 300, 10 and 10 pictures: the first one takes more than one page.
    public async Task InitializeAsync()
    {
        _ = await _store.SendAsync(
        [
            .. Pictures.WriteSeries(_store.Card, "5c173ff2", 300),
            .. Pictures.WriteSeries(_store.Card, "5c17aaaa", 10),
            .. Pictures.WriteSeries(_store.Card, "0a5bb6f4", 10),
        ]);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_series_is_ordered_by_device_and_time_and_complete()
    {
        List<StickyImage> series = await SeriesAsync(new ImageSeriesQuery());

        Assert.Equal(320, series.Count);
        Assert.Equal(series.OrderBy(image => image.Device, StringComparer.Ordinal).ThenBy(image => image.DateTime), series);
        Assert.Equal(320, series.Select(image => image.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("5c17*", 310)]
    [InlineData("5C17%", 310)]
    [InlineData("____6f4", 0)]
    [InlineData("____b6f4", 10)]
    [InlineData("5c17????", 310)]
    [InlineData("5c173ff2", 300)]
    [InlineData("x' OR '1'='1", 0)]
    public async Task A_device_may_be_a_pattern(string pattern, int count)
    {
        Assert.Equal(count, (await SeriesAsync(new ImageSeriesQuery { Devices = [pattern] })).Count);
        Assert.Equal(count, await _store.Store.CountImageSeriesAsync(new ImageSeriesQuery { Devices = [pattern] }));
    }

    [Fact]
    public async Task Several_patterns_yield_each_picture_once() =>
        Assert.Equal(310, (await SeriesAsync(new ImageSeriesQuery { Devices = ["5c17*", "5c173ff2", "*aaaa"] })).Count);

    [Fact]
    public async Task The_range_of_time_contains_its_start_and_not_its_end()
    {
        DateTime start = Pictures.Start.AddMinutes(40);

        List<StickyImage> series = await SeriesAsync(
            new ImageSeriesQuery { Devices = ["5c173ff2"], StartTime = start, EndTime = start.AddMinutes(60) });

        Assert.Equal([start, start.AddMinutes(20), start.AddMinutes(40)], series.Select(image => image.DateTime));
        Assert.All(series, image => Assert.Equal(DateTimeKind.Utc, image.DateTime.Kind));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(8, 5)] // across two devices
    [InlineData(305, 100)]
    [InlineData(400, 5)]
    [InlineData(7, 250)]
    public async Task Skip_and_first_cut_the_series_where_they_should(int skip, int first)
    {
        List<StickyImage> all = await SeriesAsync(new ImageSeriesQuery());

        List<StickyImage> part = await SeriesAsync(new ImageSeriesQuery { Skip = skip, First = first });

        Assert.Equal(all.Skip(skip).Take(first), part);
    }

    [Fact]
    public async Task What_gives_the_place_of_a_file()
    {
        foreach ((ImageContent what, string suffix) in new[]
            { (ImageContent.Image, ".jpg"), (ImageContent.Thumbnail, ".jpg.thumbnail"), (ImageContent.ThumbnailMini, ".jpg.thumbnail-mini") })
        {
            StickyImage image = (await SeriesAsync(new ImageSeriesQuery { First = 1, What = what }))[0];
            Assert.Equal(what, image.What);
            Assert.EndsWith(suffix, image.Url, StringComparison.Ordinal);
            Assert.True(File.Exists(image.Url));
        }

        Assert.Equal("", (await SeriesAsync(new ImageSeriesQuery { First = 1 }))[0].Url);
    }

    [Fact]
    public async Task Exact_pictures_come_in_the_order_in_which_they_were_asked_for()
    {
        ImageReference[] wanted =
        [
            new("5c173ff2", Pictures.Start.AddMinutes(20)),
            new("5c173ff2", Pictures.Start.AddMinutes(21)),
            new("0a5bb6f4", Pictures.Start),
        ];

        IReadOnlyList<StickyImage?> images = await _store.Store.GetImagesAsync(wanted, ImageContent.Image);

        Assert.Equal([wanted[0].FileName, null, wanted[2].FileName], images.Select(image => image?.FileName));
        Assert.True(File.Exists(images[0]!.Url));
    }

    [Fact]
    public async Task A_slow_reader_does_not_keep_others_from_writing()
    {
        await foreach (StickyImage image in _store.Store.GetImageSeriesAsync(new ImageSeriesQuery { Devices = ["0a5bb6f4"] }))
        {
            Outcome<StickyImage> removed = Assert.Single(await _store.Store.RemoveImagesAsync([new(image.Device, image.DateTime)]));
            Assert.True(removed.Succeeded);
        }

        Assert.Empty(await SeriesAsync(new ImageSeriesQuery { Devices = ["0a5bb6f4"] }));
    }

    [Fact]
    public async Task Devices_come_with_what_their_pictures_say()
    {
        List<StickyDevice> devices = await _store.Store.GetDevicesAsync(["5c17*"]).ToListAsync();

        Assert.Equal(["5c173ff2", "5c17aaaa"], devices.Select(device => device.Device));
        Assert.Equal(300, devices[0].ImageCount);
        Assert.Equal((Pictures.Start, Pictures.Start.AddMinutes(20 * 299)), (devices[0].FirstImage, devices[0].LastImage));
        Assert.Equal(new GeoPosition(2.5, 1.5, 3, Swapped: false), devices[0].LastPosition);
        Assert.Equal(19.9, devices[0].LastTemperature);
    }

    private async Task<List<StickyImage>> SeriesAsync(ImageSeriesQuery query) => await _store.Store.GetImageSeriesAsync(query).ToListAsync();
}

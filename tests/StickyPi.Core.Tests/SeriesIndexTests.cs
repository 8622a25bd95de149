using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class SeriesIndexTests
{
    private static readonly DateTime Start = new(2021, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void The_series_of_a_device_are_those_that_name_it_and_those_whose_pattern_it_fits_in_the_order_of_their_beginnings()
    {
        SeriesIndex index = new(
        [
            Series("0A0B0C0D", 5, 6), Series("0a*", 1, 2), Series("0a0b0c0d", 3, 3), Series("1111____", 0, 9), Series("0a0b0c0d", 1, 4), Series("*", 8, 9),
        ]);

        Assert.Equal(["0a0b0c0d", "11112222", "33333333"], index.FindDevices(["33333333", "11112222", "0a0b0c0d"]));
        Assert.Equal([4, 1, 0, 5], index.FindOfDevice("0a0b0c0d"));
        Assert.Equal([3, 5], index.FindOfDevice("11112222"));
        Assert.Equal([[4, 1], [0], [5]], index.Join("0a0b0c0d").Select(part => part.Members));
        Assert.Equal([Series("0a0b0c0d", 1, 4), Series("0a0b0c0d", 5, 6), Series("0a0b0c0d", 8, 9)], index.FindWidest("0a0b0c0d"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_has_something_in_it_is_found_whatever_the_order(bool isOrdered)
    {
        Random random = new(1);
        SeriesRange[] ranges =
        [
            .. Enumerable.Range(0, 500).Select(_ => random.Next(1000)).Select(from => Series("0a0b0c0d", from, from + random.Next(1, 20))),
            new("0a0b0c0d", null, null),
        ];
        (DateTime Start, DateTime End)[] spans =
        [
            .. Enumerable.Range(0, 200).Select(_ => Start.AddHours(random.Next(1000))).Select(from => (from, from.AddHours(random.Next(5)))),
        ];
        spans = isOrdered ? [.. spans.OrderBy(span => span.Start)] : spans;
        IReadOnlyList<int> members = new SeriesIndex(ranges).FindOfDevice("0a0b0c0d");
        bool[] pictures = new bool[ranges.Length];
        bool[] tuboids = new bool[ranges.Length];
        SeriesTally ofPictures = new(ranges, members, pictures);
        SeriesTally ofTuboids = new(ranges, members, tuboids);

        foreach ((DateTime from, DateTime until) in spans)
        {
            ofPictures.Count(from);
            ofTuboids.Count(from, until);
        }

        Assert.Equal(ranges.Select(range => spans.Any(span => range.Contains(span.Start))), pictures);
        Assert.Equal(ranges.Select(range => spans.Any(span => range.Contains(span.Start, span.End))), tuboids);
    }

    [Fact]
    public void Twenty_thousand_series_of_as_many_devices_take_no_longer_than_sorting_them()
    {
        SeriesRange[] ranges = [.. Enumerable.Range(0, 20_000).Select(i => Series($"{i:x8}", i, i + 1))];
        bool[] found = new bool[ranges.Length];
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();

        SeriesIndex index = new(ranges);
        foreach (string device in index.FindDevices([]))
        {
            SeriesTally tally = new(ranges, index.FindOfDevice(device), found);
            tally.Count(Start.AddHours(Convert.ToInt32(device, 16)));
        }

        // Looking at each series for each device took minutes.
        Assert.True(Array.TrueForAll(found, isFound => isFound));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }

    private static SeriesRange Series(string device, int from, int until) => new(device, Start.AddHours(from), Start.AddHours(until));
}

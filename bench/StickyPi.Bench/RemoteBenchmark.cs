using System.Diagnostics;
using System.Globalization;
using StickyPi.Core.Images;
using StickyPi.Core.Remote;
using StickyPi.Core.Stores;
using StickyPi.Providers;

namespace StickyPi.Bench;

/// <summary>The lab's server on loopback against the same store opened directly: a series of 100,000 rows, and sending 200 pictures of 2 MB.</summary>
internal static class RemoteBenchmark
{
    public static async Task RunAsync(string folder)
    {
        await CompareSeriesAsync(folder);
        await CompareSendingAsync(folder);
    }

    private static async Task CompareSeriesAsync(string folder)
    {
        string path = await SeriesBenchmark.MakeStoreAsync(folder);
        using ServerProcess server = await ServerProcess.StartAsync(path);
        await using Store local = Store.OpenLocal(path, new StickyProviders());
        await using IRemoteStore remote = await server.ConnectAsync();
        _ = await SeriesBenchmark.ReadAsync(remote, SeriesBenchmark.Query, 100_000);
        _ = await SeriesBenchmark.ReadAsync(local, SeriesBenchmark.Query, 100_000);
        double before = server.PeakMemory();
        (double ours, double theirs) = Report.Compare(
            () => SeriesBenchmark.ReadAsync(remote, SeriesBenchmark.Query, 100_000).GetAwaiter().GetResult(),
            () => SeriesBenchmark.ReadAsync(local, SeriesBenchmark.Query, 100_000).GetAwaiter().GetResult());
        Report.Ratio("Series of 100,000 rows over HTTP, into C# objects", ours, "the same from the store itself", theirs, "goal: at most 3");
        Report.Figure("  heap of the client while streaming 100,000 rows", await SeriesBenchmark.MeasureHeapAsync(remote, SeriesBenchmark.Query));
        Report.Figure("  heap of the client while streaming 1,000,000 rows", await SeriesBenchmark.MeasureHeapAsync(remote, new ImageSeriesQuery()), "goal: the same");
        Report.Figure(
            "  peak memory of the server",
            string.Create(CultureInfo.InvariantCulture, $"{server.PeakMemory(),8:0} MB after 1,000,000 rows, {before:0} MB after the first 100,000"),
            "goal: the same");
    }

    private static async Task CompareSendingAsync(string folder)
    {
        string card = SendBenchmark.MakeCard(folder);
        string[] warmUp = SendBenchmark.MakeSmallCard(folder, count: 100);
        int run = 0;

        async Task<double> SendAsync(IStickyStore store)
        {
            long start = Stopwatch.GetTimestamp();
            int sent = await store.SendImagesAsync(SendBenchmark.Files(card).ToAsyncEnumerable(), new SendImageOptions())
                .CountAsync(outcome => outcome.Value?.Status == SendImageStatus.Added);
            return sent == SendBenchmark.Pictures ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"{sent} were sent.");
        }

        // A lab's server has been running for a while, as this process has. Its store is emptied between the runs.
        using ServerProcess server = await ServerProcess.StartAsync(Path.Combine(folder, "remote store"));
        await using IRemoteStore remote = await server.ConnectAsync();
        _ = await remote.SendImagesAsync(warmUp.ToAsyncEnumerable(), new SendImageOptions()).CountAsync();

        async Task<double> RemoteAsync()
        {
            _ = await remote.RemoveImagesAsync(await remote.GetImageSeriesAsync(new ImageSeriesQuery()).Select(image => new ImageReference(image.Device, image.DateTime)).ToListAsync());
            return await SendAsync(remote);
        }

        async Task<double> LocalAsync()
        {
            await using Store store = Store.OpenLocal(Path.Combine(folder, $"local store {++run}"), new StickyProviders());
            return await SendAsync(store);
        }

        (double ours, double theirs) = Report.Compare(() => RemoteAsync().GetAwaiter().GetResult(), () => LocalAsync().GetAwaiter().GetResult());
        Report.Ratio("Sending 200 pictures of 2 MB to a server on loopback", ours, "to the store itself", theirs, "goal: at most 1.5");
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using QuickStart;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Remote;
using StickyPi.Core.Stores;
using StickyPi.Providers;

namespace StickyPi.Bench;

/// <summary>
/// A lab at work: 32 clients that send pictures, look them up, read series, annotate and fetch files for a minute, over each kind of catalog.
/// Then the same while the server is killed. What counts is that nothing fails, is lost or doubled; how long requests take is printed.
/// </summary>
internal static class LoadBenchmark
{
    private const int Clients = 32;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UntilKilled = TimeSpan.FromSeconds(10);
    private static readonly DateTime Start = new(2021, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    public static async Task RunAsync(string folder)
    {
        string card = MakeCard(folder);
        await RunAsync("SQLite", card, () => ServerProcess.StartAsync(Path.Combine(folder, "load")));
        await RunAsync("SQLite, killed under load", card, () => ServerProcess.StartAsync(Path.Combine(folder, "killed")), kill: true);
        if (Environment.GetEnvironmentVariable("STICKYPI_TEST_POSTGRES") is not string database)
        {
            Report.Skipped("Load on PostgreSQL", "STICKYPI_TEST_POSTGRES names no database; tests/start-postgres.sh starts one");
            return;
        }

        await OnPostgresAsync("PostgreSQL", kill: false);
        await OnPostgresAsync("PostgreSQL, killed under load", kill: true);

        async Task OnPostgresAsync(string what, bool kill)
        {
            string name = "bench_" + Guid.NewGuid().ToString("N");
            await ExecuteAsync($"CREATE DATABASE {name}");
            try
            {
                NpgsqlConnectionStringBuilder options = new(database) { Database = name };
                await RunAsync(what, card, () => ServerProcess.StartAsync(Path.Combine(folder, what), options.ToString()), kill);
            }
            finally
            {
                await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
            }
        }

        async Task ExecuteAsync(string sql)
        {
            await using NpgsqlConnection connection = new(database);
            await connection.OpenAsync();
            await using NpgsqlCommand command = new(sql, connection);
            _ = await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task RunAsync(string what, string card, Func<Task<ServerProcess>> start, bool kill = false)
    {
        using ServerProcess server = await start();
        ConcurrentBag<ImageReference> acknowledged = [];
        ConcurrentBag<AnnotationReference> annotated = [];
        ConcurrentBag<double> times = [];
        ConcurrentBag<string> errors = [];
        using CancellationTokenSource stop = new(kill ? UntilKilled : Length);
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(() => WorkAsync(client)))];
        if (kill)
        {
            await Task.Delay(UntilKilled - TimeSpan.FromSeconds(1));
            await server.KillAndRestartAsync();
        }

        await Task.WhenAll(clients);
        await using IRemoteStore store = await server.ConnectAsync();
        List<ImageReference> stored = await store.GetImageSeriesAsync(new ImageSeriesQuery()).Select(image => new ImageReference(image.Device, image.DateTime)).ToListAsync();
        HashSet<AnnotationReference> annotations =
            [.. await store.GetAnnotationSeriesAsync(new ImageSeriesQuery(), new AnnotationQuery()).Select(outcome => outcome.Value!.GetReference()).ToListAsync()];
        int lost = acknowledged.Except(stored).Count() + annotated.Count(reference => !annotations.Contains(reference));
        int doubled = stored.Count - stored.Distinct().Count();
        int broken = await store.SaveImagesAsync(
            stored.ToAsyncEnumerable(), new SaveImageOptions { Destination = Path.Combine(card, "..", "saved " + what) }).CountAsync(outcome => !outcome.Succeeded);
        double[] sorted = [.. times.Order()];
        Report.Figure(
            $"Load, {Clients} clients, {what}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{sorted.Length} requests, median {Percentile(0.5):0} ms, p99 {Percentile(0.99):0} ms; {acknowledged.Count} pictures and {annotated.Count} annotations acknowledged, "
                    + $"{lost} lost, {doubled} doubled, {broken} broken; {errors.Count} errors; server {server.PeakMemory():0} MB"),
            kill ? "goal: nothing lost, doubled or broken" : "goal: no error, nothing lost, doubled or broken");
        foreach (IGrouping<string, string> error in errors.GroupBy(error => error).Take(5))
        {
            Report.Figure($"  {error.Count()} times", error.Key);
        }

        double Percentile(double part) => sorted.Length == 0 ? 0 : sorted[Math.Min((int)(sorted.Length * part), sorted.Length - 1)];

        async Task WorkAsync(int client)
        {
            Random random = new(client);
            try
            {
                await using IRemoteStore store = await server.ConnectAsync();
                string device = string.Create(CultureInfo.InvariantCulture, $"10ad00{client:x2}");
                for (int i = 0; !stop.IsCancellationRequested; i++)
                {
                    try
                    {
                        await StepAsync(store, client, device, i, random);
                    }
                    catch (StickyException e)
                    {
                        errors.Add(e.ErrorId + (kill ? "" : ": " + e.Message));
                        if (kill)
                        {
                            return;
                        }
                    }
                }
            }
            catch (StickyException e)
            {
                errors.Add(e.ErrorId);
            }
        }

        async Task StepAsync(IRemoteStore store, int client, string device, int i, Random random)
        {
            long begun = Stopwatch.GetTimestamp();
            switch (i % 4)
            {
                case 0:
                    // Half of the pictures are sent by two clients at a time.
                    string shared = client % 2 == 0 && i % 8 == 0 ? string.Create(CultureInfo.InvariantCulture, $"10ad00{client + 1:x2}") : device;
                    string path = Path.Combine(card, shared, new ImageReference(shared, Start.AddMinutes(20 * (i / 4))).FileName);
                    Write(card, shared, i / 4);
                    Outcome<SendImageResult> sent = await store.SendImagesAsync(((string[])[path]).ToAsyncEnumerable(), new SendImageOptions()).SingleAsync();
                    if (!sent.Succeeded)
                    {
                        throw sent.Error;
                    }

                    acknowledged.Add(new ImageReference(sent.Value.Device, sent.Value.DateTime));
                    AnnotationElement element = AnnotationJson.Create(
                        new ImageReference(sent.Value.Device, sent.Value.DateTime), sent.Value.Md5, "load", string.Create(CultureInfo.InvariantCulture, $"{1_600_000_000 + client}-{i:x32}"),
                        [new AnnotatedObject { Contour = [new(1, 2), new(30, 4), new(5, 60)] }], "load");
                    await foreach (Outcome<StickyAnnotation> refused in store.AddAnnotationsAsync(
                        ((Outcome<AnnotationElement>[])[new(element)]).ToAsyncEnumerable(), new AddAnnotationOptions()))
                    {
                        throw refused.Error!;
                    }

                    annotated.Add(element.GetReference());
                    break;
                case 1:
                    _ = await store.GetImageSeriesAsync(new ImageSeriesQuery { Devices = [device], First = 500 }).CountAsync();
                    break;
                case 2:
                    ImageReference known = new(device, Start.AddMinutes(20 * random.Next(Math.Max(i / 4, 1))));
                    if ((await store.GetImagesAsync([known]))[0] is not null)
                    {
                        _ = await store.ReadImageAsync(known, ImageContent.Thumbnail);
                    }

                    break;
                default:
                    _ = await store.GetDeviceNamesAsync();
                    break;
            }

            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    private static SampleCamera? Camera;
    private static byte[]? Drawing;

    private static string MakeCard(string folder)
    {
        Camera = new SampleCamera(new StickyProviders().Jpeg);
        Drawing = Camera.Draw(640, 480, seed: 1);
        return Directory.CreateDirectory(Path.Combine(folder, "load card")).FullName;
    }

    private static void Write(string card, string device, int number)
    {
        string make = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'lat': 49.26, 'lng': -123.23, 'alt': 63.0, 'temp': {10 + (number / 1000.0)}, 'hum': 82.0, 'no_flash_exposure_time': (1, 4), 'no_flash_iso': 400, 'no_flash_bv': (1, 2), 'no_flash_shutter_speed': (3, 1)}}");
        lock (Camera!)
        {
            ImageReference reference = new(device, Start.AddMinutes(20 * number));
            if (!File.Exists(Path.Combine(card, device, reference.FileName)))
            {
                _ = SampleCamera.Write(card, reference, SampleCamera.WithExif(Drawing!, make, "RP_ov5647", null));
            }
        }
    }
}

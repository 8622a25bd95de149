using System.Globalization;
using StickyPi.Bench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string? named = Environment.GetEnvironmentVariable("STICKYPI_BENCH_FOLDER");
string folder = named ?? Directory.CreateTempSubdirectory("stickypi-bench-").FullName;
try
{
    if (args is ["send-core", string store, string card])
    {
        return await SendBenchmark.SendAsync(store, card);
    }

    if (args is ["annotations-core", string annotated, string json])
    {
        return await AnnotationBenchmark.MeasureMemoryAsync(annotated, json);
    }

    if (args is ["sync-core", string synced, string bundle, string direction])
    {
        return await SyncBenchmark.SyncAsync(synced, bundle, direction);
    }

    bool Wanted(string name) => args.Length == 0 || args.Contains(name);
    Report.Header();
    if (Wanted("send") || Wanted("again"))
    {
        await SendBenchmark.RunAsync(folder, Wanted("send"), Wanted("again"));
    }

    if (Wanted("series"))
    {
        await SeriesBenchmark.RunAsync(folder);
    }

    if (Wanted("annotations"))
    {
        await AnnotationBenchmark.RunAsync(folder);
    }

    if (Wanted("sync"))
    {
        await SyncBenchmark.RunAsync(folder);
    }

    if (Wanted("remote"))
    {
        await RemoteBenchmark.RunAsync(folder);
    }

    if (Wanted("load"))
    {
        await LoadBenchmark.RunAsync(folder);
    }

    if (Wanted("import"))
    {
        ImportBenchmark.Run();
    }

    return 0;
}
finally
{
    if (named is null && args is not ["send-core" or "annotations-core" or "sync-core", ..])
    {
        Directory.Delete(folder, recursive: true);
    }
}

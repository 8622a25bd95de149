using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Providers;

namespace StickyPi.Bench;

/// <summary>
/// Adding 2,000 annotations of 20 contours, and reading them back typed, against the existing Python client on the same JSON; and
/// that memory does not grow with their number.
/// </summary>
internal static class AnnotationBenchmark
{
    private const int Annotations = 2_000;
    private const int Contours = 20;
    private const int Points = 20;
    private const string Device = "aaaa0000";

    private static readonly DateTime Start = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const string PythonAdd =
        """
        import json, logging, resource, sys, time
        from sticky_pi_api.client import LocalClient
        client = LocalClient(sys.argv[1])
        elements = json.load(open(sys.argv[2]))
        start = time.monotonic()
        client.put_uid_annotations(elements)
        added = time.monotonic() - start
        series = [{'device': 'aaaa0000', 'start_datetime': '2020-01-01_00-00-00', 'end_datetime': '2030-01-01_00-00-00'}]
        start = time.monotonic()
        rows = client.get_uid_annotations_series(series, what='json')
        read = time.monotonic() - start
        assert len(rows) == len(elements)
        print(added, read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        """;

    public static async Task RunAsync(string folder)
    {
        string json = Path.Combine(folder, "annotations.json");
        await WriteJsonAsync(json, Annotations);
        int store = 0;
        string NewStore(int images)
        {
            string path = Path.Combine(folder, $"annotations-{++store}");
            FillAsync(path, images).GetAwaiter().GetResult();
            return path;
        }

        _ = MeasureAsync(NewStore(Annotations), json).GetAwaiter().GetResult();
        List<double> readTimes = [];
        double add = Report.Median(() =>
        {
            (double added, double read) = MeasureAsync(NewStore(Annotations), json).GetAwaiter().GetResult();
            readTimes.Add(read);
            return added;
        });
        double typed = readTimes.Order().ElementAt(readTimes.Count / 2);
        string figure = string.Create(CultureInfo.InvariantCulture, $"{Annotations / add,8:N0} annotations/s, {Annotations * Contours / add:N0} objects/s");
        Report.Figure("Add 2,000 annotations of 20 contours, from a JSON file", figure);
        figure = string.Create(CultureInfo.InvariantCulture, $"{Annotations / typed,8:N0} annotations/s, {Annotations * Contours / typed:N0} objects/s");
        Report.Figure("Read them back typed, every point", figure);

        string? python = Environment.GetEnvironmentVariable("STICKYPI_BENCH_PYTHON");
        if (python is null)
        {
            Report.Skipped("  against the Python client", "STICKYPI_BENCH_PYTHON names no Python that has sticky_pi_api");
        }
        else
        {
            string script = Path.Combine(folder, "annotations.py");
            await File.WriteAllTextAsync(script, PythonAdd);
            List<double[]> theirs = [.. Enumerable.Range(0, 3).Select(_ => Report
                .Run(python, script, NewStore(Annotations), json).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
            double theirAdd = theirs.Select(run => run[0]).Order().ElementAt(1);
            double theirRead = theirs.Select(run => run[1]).Order().ElementAt(1);
            Report.Ratio("  adding", add, "sticky_pi_api, put_uid_annotations", theirAdd, "goal: at most 0.05");
            Report.Ratio("  reading, typed against text", typed, "sticky_pi_api, get_uid_annotations_series", theirRead, "measured");
            Report.Figure("  peak memory of the Python process", string.Create(CultureInfo.InvariantCulture, $"{theirs.Max(run => run[2]),8:0} MB"));
        }

        foreach (int count in (int[])[Annotations, 10 * Annotations])
        {
            string many = Path.Combine(folder, $"annotations-{count}.json");
            await WriteJsonAsync(many, count);
            string path = NewStore(count);
            string self = Path.Combine(AppContext.BaseDirectory, "StickyPi.Bench.dll");
            string output = Report.Run("dotnet", self, "annotations-core", path, many);
            Report.Figure(
                string.Create(CultureInfo.InvariantCulture, $"  a process that adds {count:N0} ({new FileInfo(many).Length / 1e6:0} MB) and reads"),
                output.Trim(),
                "goal: the same");
        }

        if (Report.IsInstalled("pwsh"))
        {
            string path = NewStore(Annotations);
            string output = Report.Run("pwsh", "-NoProfile", "-Command", $$"""
                Import-Module '{{Report.ModulePath}}'; Connect-StickyPi '{{path}}'
                $w = [Diagnostics.Stopwatch]::StartNew(); Add-StickyAnnotation -Path '{{json}}'; $add = $w.Elapsed.TotalSeconds
                $w.Restart(); $n = (Get-StickyImageSeries | Get-StickyAnnotation -What Data | Where-Object { $_.ObjectCount -gt 10 } | Measure-Object).Count
                [string]::Format([cultureinfo]::InvariantCulture, '{0} {1} {2}', $add, $w.Elapsed.TotalSeconds, $n)
                """);
            double[] figures = [.. output.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            figure = string.Create(
                CultureInfo.InvariantCulture,
                $"{Annotations / figures[0],8:N0} annotations/s added, {figures[2] / figures[1]:N0}/s through Get | Get -What Data | Where-Object");
            Report.Figure("  in PowerShell, the first call of a session", figure);
        }
    }

    /// <summary>Adds and reads in a process of its own, and prints what memory that took.</summary>
    public static async Task<int> MeasureMemoryAsync(string store, string json)
    {
        await MeasureAsync(store, json);
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{self.PeakWorkingSet64 / 1e6,8:0} MB peak working set, {GC.GetTotalMemory(forceFullCollection: true) / 1e6:0} MB live at the end"));
        return 0;
    }

    private static async Task<(double Added, double Read)> MeasureAsync(string path, string json)
    {
        await using Store store = Store.OpenLocal(path, new StickyProviders());
        long start = Stopwatch.GetTimestamp();
        await using (FileStream stream = File.OpenRead(json))
        {
            await foreach (Outcome<StickyAnnotation> outcome in store.AddAnnotationsAsync(AnnotationJson.ReadAsync(stream, json), new AddAnnotationOptions()))
            {
                throw outcome.Error!;
            }
        }

        double added = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        long points = 0;
        await foreach (Outcome<StickyAnnotation> outcome in store.GetAnnotationSeriesAsync(
            new ImageSeriesQuery(), new AnnotationQuery { What = AnnotationContent.Data }))
        {
            points += outcome.Value!.Objects.Sum(item => item.Contour.Count);
        }

        return points % (Contours * Points) == 0 && points > 0
            ? (added, Stopwatch.GetElapsedTime(start).TotalSeconds)
            : throw new InvalidOperationException($"{points} points");
    }

    // As json.dumps of Python writes it: what the client sends.
    private static async Task WriteJsonAsync(string path, int count)
    {
        await using StreamWriter writer = new(path);
        await writer.WriteAsync('[');
        Random random = new(1);
        for (int i = 0; i < count; i++)
        {
            string annotations = string.Join(", ", Enumerable.Range(0, Contours).Select(_ =>
                $$"""{"contour": [{{string.Join(", ", Enumerable.Range(0, Points).Select(_ => $"[[{random.Next(2592)}, {random.Next(1944)}]]"))}}], """
                + """ "name": "insect", "stroke_colour": "#0000ff", "value": 0, "fill_colour": "#ff0000"}"""));
            await writer.WriteAsync(
                (i == 0 ? "" : ", ")
                + $$$"""{"annotations": [{{{annotations}}}], "metadata": {"algo_name": "sticky-pi-universal-insect-detector", """
                + $$"""  "algo_version": "1598113346-ad2cd78dfaca12821046dfb8994724d5", "device": "{{Device}}", """
                + $$$""" "datetime": "{{{StickyTime.ToFileText(Start.AddMinutes(20 * i))}}}", "md5": "{{{i:x32}}}"}}""");
        }

        await writer.WriteAsync(']');
        await writer.FlushAsync();
        writer.Close();
        using JsonDocument check = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
    }

    private static async Task FillAsync(string path, int images)
    {
        await Store.OpenLocal(path, new StickyProviders()).DisposeAsync();
        using SqliteConnection connection = new($"Data Source={Store.GetDatabasePath(path)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {images - 1})
            INSERT INTO images
            SELECT '2021-01-01 00:00:00.000000', '0.0.1', NULL, i + 1, '{Device}',
                strftime('%Y-%m-%d %H:%M:%S', '2020-01-01', (i * 20) || ' minutes') || '.000000', printf('%032x', i), NULL, 2592, 1944,
                63, 49.265617, -123.237976, 20.0, 82.5, 3.000115, 0.12499, 0.46, 400.0
            FROM n
            """;
        _ = command.ExecuteNonQuery();
    }
}

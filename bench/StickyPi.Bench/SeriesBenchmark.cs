using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Providers;

namespace StickyPi.Bench;

/// <summary>A series of 100,000 rows out of 1,000,000, against a bare loop over the same rows and columns with Microsoft.Data.Sqlite.</summary>
internal static class SeriesBenchmark
{
    private const int Rows = 1_000_000;
    private const int Devices = 20;
    private const string Pattern = "aaaa000?"; // ten devices

    // 20 devices of 50,000 pictures, one every 20 minutes; of ten of them the first 10,000.
    private static readonly DateTime Start = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime End = Start.AddMinutes(20 * 10_000);

    /// <summary>The 100,000 of them.</summary>
    public static ImageSeriesQuery Query { get; } = new() { Devices = [Pattern], StartTime = Start, EndTime = End };

    /// <summary>Makes a store of 1,000,000 rows, or finds it made.</summary>
    public static async Task<string> MakeStoreAsync(string folder)
    {
        string path = Path.Combine(folder, "series");
        await using Store store = Store.OpenLocal(path, new StickyProviders());
        string database = Store.GetDatabasePath(path);
        if (await store.CountImageSeriesAsync(new ImageSeriesQuery()) != Rows)
        {
            Fill(database);
        }

        return path;
    }

    /// <summary>Reads a series, and returns how many seconds that took.</summary>
    public static async Task<double> ReadAsync(IStickyStore store, ImageSeriesQuery query, int rows)
    {
        long start = Stopwatch.GetTimestamp();
        int count = await store.GetImageSeriesAsync(query).CountAsync();
        return count == rows ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"{count} rows");
    }

    public static async Task RunAsync(string folder)
    {
        string path = await MakeStoreAsync(folder);
        await using Store store = Store.OpenLocal(path, new StickyProviders());
        string database = Store.GetDatabasePath(path);
        ImageSeriesQuery query = Query;
        double first = 0;
        double Ours()
        {
            long start = Stopwatch.GetTimestamp();
            int count = 0;
            Task.Run(async () =>
            {
                await foreach (StickyImage image in store.GetImageSeriesAsync(query))
                {
                    if (count++ == 0)
                    {
                        first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                    }
                }
            }).GetAwaiter().GetResult();
            return count == 100_000 ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"{count} rows");
        }

        double Bare() => ReadBare(database);

        _ = Ours();
        double firstEver = first;
        _ = Bare();
        List<double> firsts = [];
        (double ours, double theirs) = Report.Compare(
            () =>
            {
                double seconds = Ours();
                firsts.Add(first);
                return seconds;
            },
            Bare);
        Report.Ratio("Series of 100,000 of 1,000,000 rows, into C# objects", ours, "bare loop, Microsoft.Data.Sqlite", theirs, "goal: at most 2");
        Report.Figure("  first object", $"{firsts.Order().ElementAt(2),8:0.0} ms ({firstEver:0.0} ms in a cold process)", "goal: at most 50 ms");
        Report.Figure("  heap while streaming 100,000 rows", await MeasureHeapAsync(store, query));
        Report.Figure("  heap while streaming 1,000,000 rows", await MeasureHeapAsync(store, new ImageSeriesQuery()), "goal: the same");

        if (Report.IsInstalled("pwsh"))
        {
            string output = Report.Run("pwsh", "-NoProfile", "-Command", $$"""
                Import-Module '{{Report.ModulePath}}'; Connect-StickyPi '{{path}}'
                $a = @{ Device = '{{Pattern}}'; StartTime = '2020-01-01'; EndTime = '{{End:yyyy-MM-dd_HH-mm-ss}}' }
                $w = [Diagnostics.Stopwatch]::StartNew(); $null = Get-StickyImageSeries @a | Select-Object -First 1; $first = $w.Elapsed.TotalMilliseconds
                $w.Restart(); $null = Get-StickyImageSeries @a | Select-Object -First 1; $again = $w.Elapsed.TotalMilliseconds
                $null = Get-StickyImageSeries @a
                $times = foreach ($i in 1..5) { (Measure-Command { Get-StickyImageSeries @a | Out-Null }).TotalSeconds }
                [string]::Format([cultureinfo]::InvariantCulture, '{0} {1} {2}', ($times | Sort-Object)[2], $first, $again)
                """);
            double[] figures = [.. output.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            Report.Ratio("  into the PowerShell pipeline (| Out-Null)", figures[0], "bare loop, Microsoft.Data.Sqlite", theirs, "measured");
            Report.Figure("  first object through Select-Object -First 1", $"{figures[2],8:0.0} ms ({figures[1]:0.0} ms the first time)", "goal: at most 50 ms");
        }
    }

    public static async Task<string> MeasureHeapAsync(IStickyStore store, ImageSeriesQuery query)
    {
        GC.Collect();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long peak = 0;
        int count = 0;
        await foreach (StickyImage image in store.GetImageSeriesAsync(query))
        {
            if (++count % 20_000 == 0)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        return $"{peak / 1e6,8:0.0} MB live at most, {count:N0} rows";
    }

    private static double ReadBare(string database)
    {
        long start = Stopwatch.GetTimestamp();
        using SqliteConnection connection = new($"Data Source={database}");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT id, device, datetime, md5, device_version, width, height, alt, lat, lng, temp, hum, no_flash_shutter_speed,
                no_flash_exposure_time, no_flash_bv, no_flash_iso, datetime_created, api_version, api_user
            FROM images WHERE device IN ('aaaa0000', 'aaaa0001', 'aaaa0002', 'aaaa0003', 'aaaa0004', 'aaaa0005', 'aaaa0006', 'aaaa0007',
                'aaaa0008', 'aaaa0009') AND datetime >= $start AND datetime < $end ORDER BY device, datetime
            """;
        command.Parameters.AddWithValue("$start", Start.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$end", End.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
        using SqliteDataReader reader = command.ExecuteReader();
        int count = 0;
        while (reader.Read())
        {
            count++;
            _ = reader.GetInt64(0);
            _ = reader.GetString(1);
            _ = reader.GetString(2);
            _ = reader.GetString(3);
            _ = reader.IsDBNull(4) ? null : reader.GetString(4);
            _ = reader.GetInt32(5);
            _ = reader.GetInt32(6);
            for (int column = 7; column <= 15; column++)
            {
                _ = reader.IsDBNull(column) ? (double?)null : reader.GetDouble(column);
            }

            _ = reader.GetString(16);
            _ = reader.IsDBNull(17) ? null : reader.GetString(17);
            _ = reader.IsDBNull(18) ? null : reader.GetString(18);
        }

        return count == 100_000 ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"{count} rows");
    }

    private static void Fill(string database)
    {
        using SqliteConnection connection = new($"Data Source={database}");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            PRAGMA synchronous = OFF;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows - 1})
            INSERT INTO images
            SELECT '2021-01-01 00:00:00.000000', '0.0.1', NULL, i + 1, printf('aaaa%02d%02d', i % {Devices} / 10, i % 10),
                strftime('%Y-%m-%d %H:%M:%S', '2020-01-01', (i / {Devices} * 20) || ' minutes') || '.000000', printf('%032x', i), NULL, 2592, 1944,
                63, 49.265617, -123.237976, 20.0 + i % 100 / 10.0, 82.5, 3.000115, 0.12499, 0.46, 400.0
            FROM n
            """;
        _ = command.ExecuteNonQuery();
    }
}

using System.Diagnostics;
using System.Globalization;
using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Providers;

namespace StickyPi.Bench;

/// <summary>
/// Pushing and pulling an ML bundle of 2,000 files of 20 kB and a model of 200 MiB, and finding that nothing has changed, against rclone with
/// the same number of transfers: with a bucket of a real S3 server, and from disk to disk. Both sides are whole processes.
/// </summary>
internal static class SyncBenchmark
{
    private const int Files = 2_000;
    private const int FileSize = 20_000;
    private const int ModelSize = 200 * 1024 * 1024;
    private const int Transfers = SyncOptions.DefaultParallelism;
    private const string Name = "bench";

    private static readonly StickyProviders Providers = new();

    /// <summary>Brings the bundle to or from a store in a process of its own, and prints what memory that took.</summary>
    /// <param name="store">The folder of the store, or <c>s3:</c> and a base path.</param>
    /// <param name="folder">The bundle.</param>
    /// <param name="direction">Push or Pull.</param>
    public static async Task<int> SyncAsync(string store, string folder, string direction)
    {
        await using Store opened = await OpenAsync(store, folder + " catalog");
        StickySyncSummary summary = await opened.SyncMlBundleAsync(
            Name, folder, new SyncMlBundleOptions { Direction = Enum.Parse<SyncDirection>(direction), Parallelism = Transfers });
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.Synced.Count} {summary.BytesSynced} {self.PeakWorkingSet64 / 1e6:0}"));
        return summary.Failed.Count;
    }

    public static async Task RunAsync(string folder)
    {
        if (!Report.IsInstalled("rclone"))
        {
            Report.Skipped("Sync against rclone", "rclone is not installed");
            return;
        }

        string bundle = Path.Combine(folder, "bundle");
        MakeBundle(bundle);
        Compare("disk", bundle, folder, run => Path.Combine(folder, "stores", run), run => Path.Combine(folder, "stores", run, "ml", Name));
        CompareInSession(
            "disk", $"Connect-StickyPi '{Path.Combine(folder, "session store")}'", bundle, folder, run => Path.Combine(folder, "rclone " + run));
        if (Variable("") is null)
        {
            Report.Skipped("Sync with a bucket", "STICKYPI_TEST_S3, _KEY and _SECRET name no S3 server; tests/start-radosgw.sh starts one");
            return;
        }

        using BucketOptions options = Options("");
        _ = await Providers.CreateBucketAsync(options, CancellationToken.None);
        Compare("bucket", bundle, folder, run => "s3:" + run, run => $"test:{options.Bucket}/{run}/ml/{Name}");
        CompareInSession(
            "bucket",
            $"Connect-StickyPi -Bucket {options.Bucket} -Endpoint {options.Endpoint} -BasePath session -CatalogPath '{Path.Combine(folder, "session catalog", "catalog.db")}' "
                + "-Credential ([pscredential]::new($Env:STICKYPI_TEST_S3_KEY, (ConvertTo-SecureString $Env:STICKYPI_TEST_S3_SECRET -AsPlainText)))",
            bundle,
            folder,
            run => $"test:{options.Bucket}/rclone-{run}");
        await using Store all = await OpenAsync("s3:", Path.Combine(folder, "all catalog"));
        List<string> keys = await all.GetStorageItemsAsync("", KeyFilter.All).Select(item => item.Key).ToListAsync();
        _ = await all.RemoveStorageItemsAsync(keys);
    }

    private static void Compare(string kind, string bundle, string folder, Func<string, string> ours, Func<string, string> theirs)
    {
        string pulled = Path.Combine(folder, "pulled");
        double memory = 0;
        int run = 0;

        double Ours(string store, string local, string direction, int files)
        {
            long start = Stopwatch.GetTimestamp();
            string output = Report.Run("dotnet", typeof(SyncBenchmark).Assembly.Location, "sync-core", ours(store), local, direction);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double[] figures = [.. output.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            memory = Math.Max(memory, figures[2]);
            return figures[0] == files ? seconds : throw new InvalidOperationException($"{figures[0]} files were transferred, and not {files}.");
        }

        double Theirs(string source, string target, params string[] more) => Report.Time(
            "rclone", ["copy", source, target, "--transfers", $"{Transfers}", "--checkers", $"{Transfers}", .. more]);

        // Both read files that the file system has in memory, and write where nothing is.
        (double mine, double other) = Report.Compare(
            () => Ours($"ours-{++run}", bundle, "Push", Files + 2), () => Theirs(bundle, theirs($"rclone-{run}")));
        Report.Ratio($"Push a bundle, {kind}", mine, "rclone copy", other, "goal: at most 1");
        (mine, other) = Report.Compare(
            () => Ours("ours-1", bundle, "Push", 0), () => Theirs(bundle, theirs("rclone-1"), "--checksum"));
        Report.Ratio($"  again, unchanged, {kind}", mine, "rclone copy --checksum", other, "goal: at most 1");
        (mine, other) = Report.Compare(() => Ours("ours-1", bundle, "Push", 0), () => Theirs(bundle, theirs("rclone-1")));
        Report.Ratio($"  again, unchanged, {kind}", mine, "rclone copy, by size and time", other, "goal: at most 1");
        (mine, other) = Report.Compare(
            () => Ours("ours-1", Path.Combine(pulled, $"{kind}-ours-{++run}"), "Pull", Files + 2),
            () => Theirs(theirs("rclone-1"), Path.Combine(pulled, $"{kind}-rclone-{run}")));
        Report.Ratio($"Pull it, {kind}", mine, "rclone copy", other, "goal: at most 1");
        Report.Figure($"  peak memory of our processes, {kind}", string.Create(CultureInfo.InvariantCulture, $"{memory,8:0} MB"), "goal: below 300 MB");
        Directory.Delete(pulled, recursive: true);
    }

    // As people work: several commands in one session, so that only the first of each pays for its start.
    private static void CompareInSession(string kind, string connect, string bundle, string folder, Func<string, string> theirs)
    {
        if (!Report.IsInstalled("pwsh"))
        {
            Report.Skipped($"In a session of PowerShell, {kind}", "pwsh is not installed");
            return;
        }

        string pulled = Path.Combine(folder, $"pulled in session, {kind}");
        string output = Report.Run("pwsh", "-NoProfile", "-Command", $$"""
            $ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'
            Import-Module '{{Report.ModulePath}}'; {{connect}}
            function Time([scriptblock] $work) { $w = [Diagnostics.Stopwatch]::StartNew(); $null = & $work; $w.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture) }
            foreach ($i in 1..5) {
                $ours = "{{Name}}-$i"; $path = "{{theirs("session")}}-$i"; $local = "{{pulled}}-$i"
                @(
                    Time { Sync-StickyMlBundle $ours '{{bundle}}' -Direction Push -ThrottleLimit {{Transfers}} }
                    Time { rclone copy '{{bundle}}' $path --transfers {{Transfers}} --checkers {{Transfers}} }
                    Time { Sync-StickyMlBundle $ours '{{bundle}}' -Direction Push -ThrottleLimit {{Transfers}} }
                    Time { rclone copy '{{bundle}}' $path --transfers {{Transfers}} --checkers {{Transfers}} }
                    Time { Sync-StickyMlBundle $ours "$local ours" -Direction Pull -ThrottleLimit {{Transfers}} }
                    Time { rclone copy $path "$local theirs" --transfers {{Transfers}} --checkers {{Transfers}} }
                ) -join ' '
            }
            Write-Output ([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1e6).ToString('0', [cultureinfo]::InvariantCulture)
            """);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        double[][] runs = [.. lines[..^1].Select(line => line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
        double Median(int column) => runs.Select(run => run[column]).Order().ElementAt(runs.Length / 2);
        Report.Ratio($"Sync-StickyMlBundle -Direction Push, {kind}", Median(0), "rclone copy", Median(1), "goal: at most 1");
        Report.Ratio("  again, unchanged", Median(2), "rclone copy, by size and time", Median(3), "goal: at most 1");
        Report.Ratio("  -Direction Pull", Median(4), "rclone copy", Median(5), "goal: at most 1");
        Report.Figure("  peak memory of the session", $"{lines[^1].Trim(),8} MB", "");
    }

    private static async Task<Store> OpenAsync(string store, string catalogFolder)
    {
        if (!store.StartsWith("s3:", StringComparison.Ordinal))
        {
            return Store.OpenLocal(store, Providers);
        }

        using BucketOptions options = Options(store[3..]);
        return await Store.OpenBucketAsync(options, Path.Combine(catalogFolder, "catalog.db"), Providers);
    }

    private static BucketOptions Options(string basePath)
    {
        Uri endpoint = new(Variable("")!);
        SetForRclone("TYPE", "s3");
        SetForRclone("PROVIDER", "Ceph");
        SetForRclone("ENDPOINT", endpoint.ToString());
        SetForRclone("ACCESS_KEY_ID", Variable("_KEY"));
        SetForRclone("SECRET_ACCESS_KEY", Variable("_SECRET"));
        return new BucketOptions
        {
            Bucket = "stickypi-bench",
            Endpoint = endpoint,
            Region = "us-east-1",
            BasePath = basePath,
            AccessKey = Variable("_KEY"),
            SecretKey = new Secret(Variable("_SECRET")),
        };
    }

    private static void SetForRclone(string name, string? value) => Environment.SetEnvironmentVariable("RCLONE_CONFIG_TEST_" + name, value);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("STICKYPI_TEST_S3" + name);

    private static void MakeBundle(string folder)
    {
        Random random = new(1);
        byte[] content = new byte[ModelSize];
        random.NextBytes(content);
        _ = Directory.CreateDirectory(Path.Combine(folder, "data"));
        _ = Directory.CreateDirectory(Path.Combine(folder, "output"));
        File.WriteAllBytes(Path.Combine(folder, "output", "model_final.pth"), content);
        for (int i = 0; i < Files; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, "data", string.Create(CultureInfo.InvariantCulture, $"{i:0000}.jpg")), content.AsSpan(i * FileSize, FileSize));
        }
    }
}

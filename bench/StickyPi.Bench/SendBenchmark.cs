using System.Diagnostics;
using System.Globalization;
using QuickStart;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Providers;

namespace StickyPi.Bench;

/// <summary>Sending 200 pictures of 2 MB against vipsthumbnail, which only makes their thumbnails; and sending what is there already.</summary>
internal static class SendBenchmark
{
    public const int Pictures = 200;
    private const int SmallPictures = 5000;
    private static readonly DateTime Start = new(2021, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Sends a folder in a process of its own, as one would in a program.</summary>
    public static async Task<int> SendAsync(string store, string card)
    {
        await using Store opened = Store.OpenLocal(store, new StickyProviders());
        return await opened.SendImagesAsync(Files(card).ToAsyncEnumerable(), new SendImageOptions()).AllAsync(outcome => outcome.Succeeded) ? 0 : 1;
    }

    public static async Task RunAsync(string folder, bool send, bool again)
    {
        StickyProviders providers = new();
        if (send)
        {
            CompareSending(folder, MakeCard(folder));
        }

        if (again)
        {
            string card = Path.Combine(folder, "small card");
            string store = Path.Combine(folder, "again");
            _ = MakePictures(providers, card, SmallPictures, 64, 48, quality: 85);
            if (await SendAsync(store, card) != 0)
            {
                throw new InvalidOperationException("The pictures could not be sent.");
            }

            await using Store opened = Store.OpenLocal(store, providers);
            string[] files = Files(card);
            double seconds = Report.Median(() =>
            {
                long start = Stopwatch.GetTimestamp();
                int skipped = opened.SendImagesAsync(files.ToAsyncEnumerable(), new SendImageOptions())
                    .CountAsync(outcome => outcome.Value?.Status == SendImageStatus.Skipped).AsTask().GetAwaiter().GetResult();
                return skipped == files.Length ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException("Not all were skipped.");
            });
            Report.Figure("Send again, unchanged, from C#", $"{files.Length / seconds,8:N0} files/s", "goal: at least 5,000");
            if (Report.IsInstalled("pwsh"))
            {
                string output = Report.Run("pwsh", "-NoProfile", "-Command", $$"""
                    Import-Module '{{Report.ModulePath}}'; Connect-StickyPi '{{store}}'
                    foreach ($i in 1..5) {
                        $n = 0; $t = (Measure-Command { $n = @(Get-ChildItem '{{card}}' -Recurse -Filter *.jpg | Send-StickyImage | Where-Object Status -eq Skipped).Count }).TotalSeconds
                        [string]::Format([cultureinfo]::InvariantCulture, '{0}', $n / $t)
                    }
                    """);
                double[] rates = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
                Report.Figure("  Get-ChildItem | Send-StickyImage | Where-Object", $"{rates.Order().ElementAt(2),8:N0} files/s", "goal: at least 5,000");
            }
        }
    }

    /// <summary>Makes the pictures, or finds them made.</summary>
    public static string MakeCard(string folder)
    {
        string card = Path.Combine(folder, "card");
        long size = MakePictures(new StickyProviders(), card, Pictures, 2592, 1944, quality: 93);
        Report.Figure("Pictures", $"{Pictures} of 2592x1944 pixels and {size / 1e6:0.00} MB");
        return card;
    }

    /// <summary>Makes small pictures of devices of their own.</summary>
    public static string[] MakeSmallCard(string folder, int count)
    {
        string card = Path.Combine(folder, "warm-up card");
        _ = MakePictures(new StickyProviders(), card, count, 640, 480, quality: 85, device: "3a3a3a");
        return Files(card);
    }

    public static string[] Files(string card) => [.. Directory.EnumerateFiles(card, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static void CompareSending(string folder, string card)
    {
        if (!Report.IsInstalled("vipsthumbnail"))
        {
            Report.Skipped("Send against vipsthumbnail", "vipsthumbnail is not installed");
            return;
        }

        string thumbnails = Directory.CreateDirectory(Path.Combine(folder, "thumbnails")).FullName;
        string store = Path.Combine(folder, "store");

        // The quickest way to use it: one call a size for all pictures, both calls at once. One call a picture and size pays its start 400 times.
        double AllAtOnce() => Report.Time("sh", "-c", $$"""
            find '{{card}}' -name '*.jpg' > '{{thumbnails}}/list'
            printf '512x384\n128x96\n' | xargs -P 2 -I SIZE sh -c 'xargs vipsthumbnail --vips-concurrency=1 --size SIZE -o "{{thumbnails}}/%s.SIZE.jpg" < "{{thumbnails}}/list"'
            """);
        double OneByOne() => Report.Time("sh", "-c", $$"""
            for size in 512x384 128x96; do find '{{card}}' -name '*.jpg' | sed "s|^|$size |"; done |
                xargs -P 2 -L 1 sh -c 'vipsthumbnail --vips-concurrency=1 --size "$0" -o "{{thumbnails}}/%s.$0.jpg" "$1"'
            """);
        double Core()
        {
            Clear(store);
            return Report.Time("dotnet", typeof(SendBenchmark).Assembly.Location, "send-core", store, card);
        }

        double Cmdlet()
        {
            Clear(store);
            return Report.Time(
                "pwsh", "-NoProfile", "-Command",
                $"Import-Module '{Report.ModulePath}'; Connect-StickyPi '{store}'; if (@(Send-StickyImage '{card}' -Recurse).Count -ne {Pictures}) {{ exit 1 }}");
        }

        (double ours, double theirs) = Report.Compare(Core, AllAtOnce);
        Report.Ratio("Send, a C# process", ours, "vipsthumbnail, one call a size for all", theirs, "goal: at most 0.75");
        if (Report.IsInstalled("pwsh"))
        {
            (ours, theirs) = Report.Compare(Cmdlet, AllAtOnce);
            Report.Ratio("Send-StickyImage, a pwsh process", ours, "vipsthumbnail, one call a size for all", theirs, "goal: at most 0.75");
        }

        (ours, theirs) = Report.Compare(Core, OneByOne);
        Report.Ratio("Send, a C# process", ours, "vipsthumbnail, one call a size and picture", theirs, "goal: at most 0.75");
    }

    private static void Clear(string store)
    {
        if (Directory.Exists(store))
        {
            Directory.Delete(store, recursive: true);
        }
    }

    // Five drawings under many names: every file has its own readings, so no two are alike.
    private static long MakePictures(StickyProviders providers, string card, int count, int width, int height, int quality, string device = "5c173f")
    {
        SampleCamera camera = new(providers.Jpeg);
        byte[][] drawings = [.. Enumerable.Range(0, Math.Min(5, count)).Select(seed => camera.Draw(width, height, seed, quality))];
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            string make = string.Create(CultureInfo.InvariantCulture, $"{{'lat': 49.26, 'lng': -123.23, 'alt': 63.0, 'temp': {10 + (i / 1000.0)}, 'hum': 82.0, 'no_flash_exposure_time': (124990, 1000000), 'no_flash_iso': 400, 'no_flash_bv': (46, 100), 'no_flash_shutter_speed': (3000115, 1000000)}}");
            byte[] picture = SampleCamera.WithExif(drawings[i % drawings.Length], make, "RP_ov5647", null);
            _ = SampleCamera.Write(card, new ImageReference($"{device}{i % 4:x2}", Start.AddMinutes(20 * i)), picture);
            total += picture.Length;
        }

        return total / count;
    }
}

// From an SD card to thumbnails in one sitting: makes a few pictures as two generations of devices would, sends them to a new store,
// asks for a series, saves its thumbnails, and prints what happened.
//
//   dotnet run --project examples/QuickStart                          everything, in a new temporary folder
//   dotnet run --project examples/QuickStart -- <folder>              the same, in a folder of yours
//   dotnet run --project examples/QuickStart -- --pictures <folder>   only makes the pictures
using System.Globalization;
using QuickStart;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Providers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
StickyProviders providers = new();
SampleCamera camera = new(providers.Jpeg);

if (args is ["--pictures", string card])
{
    Console.WriteLine($"{camera.WriteCard(Path.GetFullPath(card)).Count} pictures in {card}");
    return 0;
}

string root = args is [string folder] ? Path.GetFullPath(folder) : Directory.CreateTempSubdirectory("stickypi-").FullName;
List<string> pictures = camera.WriteCard(Path.Combine(root, "card"));
await using Store store = Store.OpenLocal(Path.Combine(root, "store"), providers);

Console.WriteLine($"Sending {pictures.Count} pictures to {store.Location}");
Console.WriteLine();
Console.WriteLine("Status   Device    DateTime (UTC)       Temp °C  Firmware  Position");
Console.WriteLine("------   ------    --------------       -------  --------  --------");
List<SendImageResult> results = [];
await foreach (Outcome<SendImageResult> outcome in store.SendImagesAsync(pictures.ToAsyncEnumerable(), new SendImageOptions()))
{
    if (outcome.Succeeded)
    {
        results.Add(outcome.Value);
    }
    else
    {
        Console.Error.WriteLine(outcome.Error.Message);
    }
}

foreach (SendImageResult result in results.OrderBy(result => result.Device).ThenBy(result => result.DateTime))
{
    StickyImage image = result.Image;
    Console.WriteLine(
        $"{result.Status,-7}  {image.Device}  {image.DateTime:yyyy-MM-dd HH:mm:ss}  {image.Temperature,7:0.0}  "
        + $"{(image.DeviceVersion is null ? "1" : $"2 ({image.DeviceVersion})"),-9} {image.Position}");
}

// A series is a device, or a pattern, and a half-open range of time.
ImageSeriesQuery night = new()
{
    Devices = ["5c17*"],
    StartTime = new DateTime(2021, 6, 1, 20, 0, 0, DateTimeKind.Utc),
    EndTime = new DateTime(2021, 6, 1, 21, 0, 0, DateTimeKind.Utc),
};
List<StickyImage> series = await store.GetImageSeriesAsync(night).ToListAsync();
Console.WriteLine();
Console.WriteLine($"Series of {night.Devices[0]} from {night.StartTime:yyyy-MM-dd HH:mm} to before {night.EndTime:HH:mm}: {series.Count} pictures");

SaveImageOptions thumbnails = new() { Destination = Path.Combine(root, "thumbnails"), What = [ImageContent.Thumbnail] };
await foreach (Outcome<SavedImage> outcome in store
    .SaveImagesAsync(series.Select(image => new ImageReference(image.Device, image.DateTime)).ToAsyncEnumerable(), thumbnails)
    .OrderBy(outcome => outcome.Value?.Path, StringComparer.Ordinal))
{
    Console.WriteLine(outcome.Succeeded
        ? $"{outcome.Value.Status,-8} {Path.GetRelativePath(root, outcome.Value.Path)} ({new FileInfo(outcome.Value.Path).Length:N0} bytes)"
        : outcome.Error.Message);
}

int skipped = await store.SendImagesAsync(pictures.ToAsyncEnumerable(), new SendImageOptions())
    .CountAsync(outcome => outcome.Value?.Status == SendImageStatus.Skipped);
Console.WriteLine();
Console.WriteLine($"Sent again: {skipped} of {pictures.Count} skipped.");
return results.Count == pictures.Count ? 0 : 1;

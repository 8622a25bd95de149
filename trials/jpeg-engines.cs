#:project ../src/StickyPi.Providers/StickyPi.Providers.csproj

// Sends every JPEG below a folder through both JPEG engines and prints where they differ:
//
//   dotnet run --no-cache trials/jpeg-engines.cs <folder>
//
// Without --no-cache, dotnet runs what it built before, whatever has changed in the projects since.
//
// For each picture both refuse it, both accept it, or one of them does. Where both accept it, the thumbnails must have the same size; how
// alike they are is said in decibels (PSNR). Nothing is written.

using System.Diagnostics;
using System.Globalization;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using StickyPi.Core.Images;
using StickyPi.Providers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [string folder])
{
    Console.Error.WriteLine("Name the folder of the pictures: dotnet run --no-cache trials/jpeg-engines.cs <folder>");
    return 2;
}

IJpegEngine libvips = new StickyProviders("libvips").Jpeg;
IJpegEngine managed = new StickyProviders("managed").Jpeg;
Console.WriteLine($"libvips: {libvips.Describe()}; managed: {managed.Describe()}");
string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
    .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg").Order(StringComparer.Ordinal)];
int accepted = 0, refused = 0, unlike = 0;
double least = double.PositiveInfinity;
TimeSpan slowest = default;
foreach (string file in files)
{
    string name = Path.GetRelativePath(folder, file);
    byte[] jpeg = File.ReadAllBytes(file);
    JpegHeader header;
    try
    {
        header = JpegHeader.Read(jpeg);
    }
    catch (InvalidDataException e)
    {
        refused++;
        Console.WriteLine($"both refuse   {name}: {e.Message}");
        continue;
    }

    (Thumbnails? ours, string reason) = Try(libvips, jpeg, header);
    (Thumbnails? theirs, string otherReason) = Try(managed, jpeg, header);
    if (ours is null && theirs is null)
    {
        refused++;
        Console.WriteLine($"both refuse   {name}: {reason} / {otherReason}");
    }
    else if (theirs is null)
    {
        Console.WriteLine($"only libvips  {name} ({header.Width}×{header.Height}): {otherReason}");
    }
    else if (ours is null)
    {
        Console.WriteLine($"only managed  {name} ({header.Width}×{header.Height}): {reason}");
    }
    else
    {
        accepted++;
        (string size, double decibels) = Compare(ours.Thumbnail, theirs.Thumbnail);
        (string miniSize, double miniDecibels) = Compare(ours.ThumbnailMini, theirs.ThumbnailMini);
        decibels = Math.Min(decibels, miniDecibels);
        least = Math.Min(least, decibels);
        if (decibels < 30 || size.Length + miniSize.Length > 0)
        {
            unlike++;
            Console.WriteLine($"both, unlike  {name} ({header.Width}×{header.Height}): {decibels:0.0} dB{size}{miniSize}");
        }
    }
}

Console.WriteLine(
    $"{files.Length} pictures: {accepted} accepted by both, {refused} refused by both, {files.Length - accepted - refused} accepted by one; "
    + $"of those accepted, {unlike} are unlike, at least {least:0.0} dB; the slowest took {slowest.TotalSeconds:0.0} s");
return 0;

(Thumbnails? Thumbnails, string Reason) Try(IJpegEngine engine, byte[] jpeg, JpegHeader header)
{
    long start = Stopwatch.GetTimestamp();
    try
    {
        return (engine.CreateThumbnails(jpeg, header), "");
    }
    catch (InvalidDataException e)
    {
        return (null, e.Message);
    }
    finally
    {
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        slowest = time > slowest ? time : slowest;
    }
}

static (string Sizes, double Decibels) Compare(byte[] one, byte[] other)
{
    using Image<Rgb24> first = Image.Load<Rgb24>(one);
    using Image<Rgb24> second = Image.Load<Rgb24>(other);
    if (first.Size() != second.Size())
    {
        return ($" {first.Width}×{first.Height} and {second.Width}×{second.Height}", 0);
    }

    byte[] firstPixels = new byte[first.Width * first.Height * 3];
    byte[] secondPixels = new byte[firstPixels.Length];
    first.CopyPixelDataTo(firstPixels);
    second.CopyPixelDataTo(secondPixels);
    double squares = firstPixels.Zip(secondPixels, (a, b) => (double)(a - b) * (a - b)).Sum();
    return ("", 10 * Math.Log10(255.0 * 255 * firstPixels.Length / squares));
}

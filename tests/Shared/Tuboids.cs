using System.Globalization;
using StickyPi.Core;

namespace StickyPi.Tests;

/// <summary>Small tuboids of one series, for tests that need valid folders and not what is in them.</summary>
public static class Tuboids
{
    public const string Device = "5c173ff2";
    public const string Version = "1606980656-91e2199f";

    public static readonly DateTime Start = Pictures.Start;
    public static readonly DateTime End = Pictures.Start.AddHours(19);

    private static readonly byte[] Jpeg = Pictures.Camera.Draw(32, 24, seed: 1);

    public static string Id(int number, string device = Device, DateTime? start = null, DateTime? end = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{device}.{StickyTime.ToFileText(start ?? Start)}.{StickyTime.ToFileText(end ?? End)}.{Version}.{number:0000}");

    /// <summary>Writes the folder of a tuboid; by default with shots at the first and the last moment of its series.</summary>
    public static string Write(string folder, string id, string? metadata = null)
    {
        string path = Directory.CreateDirectory(Path.Combine(folder, id)).FullName;
        File.WriteAllBytes(Path.Combine(path, "tuboid.jpg"), Jpeg);
        File.WriteAllBytes(Path.Combine(path, "context.jpg"), Jpeg);
        string[] fields = id.Split('.');
        File.WriteAllText(
            Path.Combine(path, "metadata.txt"),
            metadata ?? $"{fields[0]}.{fields[1]},854.248847,185.418994,2.333333\n{fields[0]}.{fields[^3]},853.9,184.3,2.24\n");
        return path;
    }

    /// <summary>Writes the folders of tuboids of one series.</summary>
    public static string[] WriteSeries(string folder, int count, string device = Device, DateTime? start = null, DateTime? end = null) =>
        [.. Enumerable.Range(0, count).Select(number => Write(folder, Id(number, device, start, end)))];
}

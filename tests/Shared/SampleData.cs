using System.Text.Json;

namespace StickyPi.Tests;

/// <summary>Pictures of real devices, which lie outside the project: tests that use them are skipped where they are absent.</summary>
public static class SampleData
{
    /// <summary>The folder with the pictures and <c>expected.json</c>, or null.</summary>
    public static string? RawImages { get; } = Find("raw_images");

    /// <summary>The folder with the folders of series of tuboids, or null.</summary>
    public static string? Tuboids { get; } = Find("tiled_tuboids");

    /// <summary>The folder of a part of a bundle, or null.</summary>
    public static string? MlBundle { get; } = Find("ml_bundle");

    /// <summary>What the existing program has computed of the files of the bundle, by key.</summary>
    public static Dictionary<string, JsonElement> ExpectedOfMlBundle =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(MlBundle + "-expected.json"))!;

    /// <summary>The folders of the tuboids.</summary>
    public static IReadOnlyList<string> TuboidFolders =>
        [.. Directory.EnumerateDirectories(Tuboids!).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal)];

    public static Dictionary<string, JsonElement> Expected =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(Path.Combine(RawImages!, "expected.json")))!;

    public static IReadOnlyList<string> Pictures =>
        [.. Directory.EnumerateFiles(RawImages!, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static void SkipIfAbsent() => Skip.If(
        RawImages is null || Tuboids is null || MlBundle is null, "The sample data of real devices is absent (set STICKYPI_SAMPLE_DATA to its folder).");

    // Named by the environment, or in a folder called shared/data beside the repository or above it.
    private static string? Find(string name)
    {
        string? named = Environment.GetEnvironmentVariable("STICKYPI_SAMPLE_DATA");
        IEnumerable<string> candidates = named is null ? [] : [named];
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            candidates = candidates.Append(Path.Combine(folder.FullName, "shared", "data"));
        }

        return candidates.Select(candidate => Path.Combine(candidate, name)).FirstOrDefault(Directory.Exists);
    }
}

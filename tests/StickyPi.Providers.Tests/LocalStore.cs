using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

/// <summary>A local store in a temporary folder, and the short forms that tests use on it.</summary>
public sealed class LocalStore : IAsyncDisposable
{
    private readonly TestFolder _folder = new();

    public LocalStore() => Store = Open();

    public Store Store { get; private set; }

    public string Folder => _folder["store"];

    public string Card => _folder["card"];

    public string this[string name] => _folder[name];

    public Store Open() => Store.OpenLocal(Folder, Pictures.Providers);

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = Open();
    }

    public async Task<List<Outcome<SendImageResult>>> SendAsync(IEnumerable<string> paths, SendImageOptions? options = null) =>
        await Store.SendImagesAsync(paths.ToAsyncEnumerable(), options ?? new SendImageOptions()).ToListAsync();

    public Task<List<Outcome<SendImageResult>>> SendAsync(params string[] paths) => SendAsync(paths, null);

    public async Task<List<StickyImage>> AllAsync(ImageContent what = ImageContent.Metadata) =>
        await Store.GetImageSeriesAsync(new ImageSeriesQuery { What = what }).ToListAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Checks that every listed picture has its three files, that they are what they should be, and that nothing else lies about.</summary>
    public static async Task AssertWholeAsync(Store store, bool orphansAllowed = false)
    {
        HashSet<string> known = [];
        await foreach (StickyImage image in store.GetImageSeriesAsync(new ImageSeriesQuery { What = ImageContent.Image }))
        {
            Assert.Equal(image.Md5, Md5Of(image.Url));
            foreach (string suffix in (string[])["", ".thumbnail", ".thumbnail-mini"])
            {
                string file = image.Url + suffix;
                Assert.True(known.Add(file));
                (int width, int height) = suffix switch { "" => (int.MaxValue, int.MaxValue), ".thumbnail" => (512, 384), _ => (128, 96) };
                JpegHeader header = JpegHeader.Read(await File.ReadAllBytesAsync(file));
                Assert.True(header.Width <= width && header.Height <= height, $"{file} is {header.Width}×{header.Height}");
            }
        }

        if (!orphansAllowed && Directory.Exists(Path.Combine(store.Location, "raw_images")))
        {
            Assert.Equal(known.Order(), Directory.EnumerateFiles(Path.Combine(store.Location, "raw_images"), "*", SearchOption.AllDirectories).Order());
        }
    }

    public static string Md5Of(string path) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(File.ReadAllBytes(path)));
}

using System.Text;
using QuickStart;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public class DamagedFileTests
{
    private const string Name = "5c173ff2.2021-06-01_00-00-00.jpg";

    private static readonly byte[] Plain = Pictures.Camera.Draw(640, 480, seed: 7);
    private static readonly byte[] Good = SampleCamera.WithExif(Plain, Pictures.Literal(20), "RP_ov5647", null);

    public static TheoryData<string, string, byte[]> Cases => new()
    {
        { Name, "InvalidImage", [] },
        { Name, "InvalidImage", "not a picture at all"u8.ToArray() },
        { Name, "InvalidImage", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[100]] },
        { Name, "InvalidImage", [0xFF, 0xD8, 0xFF, 0xD9] },
        { Name, "InvalidMetadata", Plain },
        { Name, "InvalidMetadata", SampleCamera.WithExif(Plain, "Canon", "EOS", null) },
        { Name, "InvalidMetadata", SampleCamera.WithExif(Plain, "{'lat': f(g(h(1)))}", "x", null) },
        { Name, "InvalidMetadata", SampleCamera.WithExif(Plain, "{'lat': " + new string('(', 3000), "x", null) },
        { Name, "InvalidMetadata", SampleCamera.WithExif(Plain, "{'lat': '" + new string('9', 10_000) + "'}", "x", null) },
        { Name, "InvalidMetadata", SampleCamera.WithExif(Plain, "StickyPi", "x", new byte[10_000]) },
        { Name, "InvalidMetadata", SampleCamera.WithExif(Plain, "StickyPi", "x", Encoding.ASCII.GetBytes("v,T\n1,")[..5]) },
        { "5c173ff2.2021-06-01_00-00-00.png", "InvalidFileName", Good },
        { "5c173ff2.2021-06-01_00-00-00.jpeg", "InvalidFileName", Good },
        { "picture.jpg", "InvalidFileName", Good },
        { "5c173ff2.2018-06-01_00-00-00.jpg", "InvalidFileName", Good },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_file_that_is_no_picture_of_a_sticky_pi_gives_one_error_and_the_rest_goes_on(string name, string errorId, byte[] content)
    {
        await using LocalStore store = new();
        string good = Pictures.Write(store.Card, "0a5bb6f4", Pictures.Start);
        string bad = Path.Combine(store.Card, name);
        await File.WriteAllBytesAsync(bad, content);

        List<Outcome<SendImageResult>> outcomes = await store.SendAsync(bad, good);

        StickyException error = Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!;
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(bad, error.Target);
        Assert.Contains($"'{bad}'", error.Message, StringComparison.Ordinal);
        Assert.Equal("0a5bb6f4", Assert.Single(await store.AllAsync()).Device);
        await LocalStore.AssertWholeAsync(store.Store);
        StickyException alone = await Assert.ThrowsAsync<StickyException>(() => ImageFile.ReadAsync(bad, Pictures.Providers.Exif, default));
        Assert.Equal(errorId, alone.ErrorId);
    }

    [Fact]
    public async Task A_picture_that_claims_a_hundred_megapixels_is_refused_before_it_is_decoded()
    {
        await using LocalStore store = new();
        byte[] bomb = [.. Good];
        int frame = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0x00, 0x11]);
        (bomb[frame + 5], bomb[frame + 6], bomb[frame + 7], bomb[frame + 8]) = (0x27, 0x10, 0x27, 0x10); // 10,000 × 10,000
        string path = Path.Combine(Directory.CreateDirectory(store.Card).FullName, Name);
        await File.WriteAllBytesAsync(path, bomb);

        StickyException error = Assert.Single(await store.SendAsync(path)).Error!;

        Assert.Equal("InvalidImage", error.ErrorId);
        Assert.Contains("10000×10000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_whose_data_does_not_decode_is_refused_however_good_its_exif()
    {
        await using LocalStore store = new();
        byte[] damaged = [.. Good];
        Random random = new(1);
        for (int i = damaged.Length / 2; i < damaged.Length - 2; i++)
        {
            damaged[i] = (byte)random.Next(255);
        }

        string path = Path.Combine(Directory.CreateDirectory(store.Card).FullName, Name);
        await File.WriteAllBytesAsync(path, damaged);

        Assert.Equal("InvalidImage", Assert.Single(await store.SendAsync(path)).Error?.ErrorId);
        Assert.Empty(await store.AllAsync());
        Assert.NotNull((await ImageFile.ReadAsync(path, Pictures.Providers.Exif, default)).Metadata.Temperature);
    }

    // A JPEG has no checksum: a flipped bit that leaves a valid code only changes pixels, or a digit of a reading, and nobody can tell.
    // So a damaged file may be taken for a picture; what must never happen is a crash, a hang, or a row whose files are not its own.
    [Fact]
    public async Task Flipped_bytes_give_an_error_or_a_whole_picture_and_never_anything_else()
    {
        await using LocalStore store = new();
        _ = Directory.CreateDirectory(store.Card);
        List<string> paths = [];
        Random random = new(20260101);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. Good];
            int flips = 1 << (round % 8);
            int limit = round % 3 == 0 ? 1024 : damaged.Length; // every third time only in the header
            for (int flip = 0; flip < flips; flip++)
            {
                damaged[random.Next(limit)] ^= (byte)(1 << random.Next(8));
            }

            string path = Path.Combine(store.Card, new ImageReference("5c173ff2", Pictures.Start.AddMinutes(round)).FileName);
            await File.WriteAllBytesAsync(path, damaged);
            paths.Add(path);
        }

        List<Outcome<SendImageResult>> outcomes = await store.SendAsync(paths);

        Assert.Equal(300, outcomes.Count);
        Assert.All(outcomes.Where(outcome => !outcome.Succeeded), outcome => Assert.Contains(
            outcome.Error!.ErrorId, (string[])["InvalidImage", "InvalidMetadata"]));
        Assert.All(outcomes.Where(outcome => outcome.Succeeded), outcome => Assert.Equal(LocalStore.Md5Of(outcome.Value!.Path), outcome.Value.Md5));
        Assert.True(outcomes.Count(outcome => !outcome.Succeeded) > 150, "Most damage should be noticed.");
        await LocalStore.AssertWholeAsync(store.Store);
    }
}

using System.Diagnostics;
using QuickStart;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

/// <summary>What every JPEG engine does alike, so that a store does not show which one a machine has.</summary>
public abstract class JpegEngineContract(IJpegEngine engine, string name)
{
    private static readonly byte[] Picture = Pictures.Camera.Draw(640, 480, seed: 7);

    [Theory]
    [InlineData(2592, 1944, "512x384", "128x96")]
    [InlineData(1576, 2315, "262x384", "66x96")]
    [InlineData(640, 480, "512x384", "128x96")]
    public void Thumbnails_keep_the_aspect(int width, int height, string thumbnail, string mini) =>
        Assert.Equal((thumbnail, mini), Sizes(Make(Pictures.Camera.Draw(width, height, seed: 1))));

    [Theory]
    [InlineData(512, 384)]
    [InlineData(64, 48)]
    [InlineData(1, 1)]
    public void Small_pictures_are_not_enlarged(int width, int height) =>
        Assert.Equal($"{width}x{height}", Sizes(Make(Pictures.Camera.Draw(width, height, seed: 1))).Thumbnail);

    [Fact]
    public void The_turn_that_EXIF_asks_for_is_left_to_whoever_shows_the_picture() =>
        Assert.Equal("512x384", Sizes(Make(OddJpegs.TurnedWithProfile(640, 480))).Thumbnail);

    [Fact]
    public void Nothing_but_the_picture_gets_into_a_thumbnail()
    {
        foreach (byte[] picture in (byte[][])[OddJpegs.TurnedWithProfile(640, 480), Pictures.Camera.TakeFirstGeneration(Pictures.Start, 20), OddJpegs.TurnedWithProfile(100, 80)])
        {
            Thumbnails thumbnails = Make(picture);
            foreach (byte[] thumbnail in (byte[][])[thumbnails.Thumbnail, thumbnails.ThumbnailMini])
            {
                Assert.All(Markers(thumbnail), marker => Assert.Contains(marker, (byte[])[0xE0, 0xDB, 0xC0, 0xC4, 0xDA]));
            }
        }
    }

    [Theory]
    [InlineData("Progressive")]
    [InlineData("Grey")]
    [InlineData("Cmyk")]
    [InlineData("FullColour")]
    [InlineData("WithRestarts")]
    public void Pictures_of_other_programs_are_taken(string kind)
    {
        byte[] picture = kind switch
        {
            "Progressive" => OddJpegs.Progressive(650, 487),
            "Grey" => OddJpegs.Grey(650, 487),
            "Cmyk" => OddJpegs.Cmyk(650, 487),
            "FullColour" => OddJpegs.FullColour(650, 487),
            _ => OddJpegs.WithRestarts(650, 487),
        };

        Assert.Equal(("512x384", "128x96"), Sizes(Make(picture)));
    }

    [Fact]
    public void A_picture_that_is_cut_anywhere_is_refused_even_if_it_then_ends_as_one_should()
    {
        for (int length = Picture.Length * 9 / 10; length > 700; length -= 977)
        {
            AssertRefused(Picture[..length]);
            AssertRefused([.. Picture[..length], 0xFF, 0xD9]);
        }
    }

    [Fact]
    public void A_picture_of_which_a_block_of_the_card_is_erased_is_refused()
    {
        byte[] damaged = Pictures.Camera.Draw(1280, 960, seed: 7, quality: 93);
        damaged.AsSpan(damaged.Length / 2, 4096).Fill(0xFF);
        AssertRefused(damaged);
    }

    [Fact]
    public void A_picture_that_is_half_noise_is_refused()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] damaged = [.. Picture];
            Span<byte> half = damaged.AsSpan(damaged.Length / 2, (damaged.Length / 2) - 2);
            new Random(seed).NextBytes(half);
            half.Replace((byte)0xFF, (byte)0xFE);
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void A_marker_where_none_belongs_is_refused()
    {
        foreach (byte marker in (byte[])[0xD0, 0xD9, 0xC0, 0xDA, 0xE1, 0x02, 0xF7])
        {
            byte[] damaged = [.. Picture];
            (damaged[damaged.Length / 2], damaged[(damaged.Length / 2) + 1]) = (0xFF, marker);
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void A_picture_that_has_lost_a_restart_marker_or_has_them_in_another_order_is_refused()
    {
        byte[] picture = OddJpegs.WithRestarts(640, 480);
        _ = Make(picture);
        int[] restarts = [.. Enumerable.Range(0, picture.Length - 1).Where(i => picture[i] == 0xFF && picture[i + 1] is >= 0xD0 and <= 0xD7)];
        int one = restarts[20];

        AssertRefused([.. picture[..one], .. picture[(one + 2)..]]);
        AssertRefused([.. picture[..restarts[20]], .. picture[restarts[21]..]]);
        byte[] swapped = [.. picture];
        (swapped[restarts[20] + 1], swapped[restarts[21] + 1]) = (swapped[restarts[21] + 1], swapped[restarts[20] + 1]);
        AssertRefused(swapped);
    }

    [Fact]
    public void Bytes_after_the_end_are_no_damage() => _ = Make([.. Picture, 1, 2, 3, 0xFF, 0xC0, 0, 0]);

    [Fact]
    public void Other_formats_are_refused()
    {
        foreach (byte[] file in (byte[][])
            [OddJpegs.Png(64, 48), OddJpegs.Gif(64, 48), OddJpegs.WebP(64, 48), OddJpegs.Tiff(64, 48), "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()])
        {
            // Without the look at the header that refuses them in the product.
            _ = Assert.Throws<InvalidDataException>(() => engine.CreateThumbnails(file, new JpegHeader(64, 48)));
        }
    }

    [Theory]
    [InlineData(9000, 7000)]
    [InlineData(65_500, 65_500)]
    public void A_file_that_claims_to_be_large_costs_neither_memory_nor_time(int width, int height)
    {
        byte[] bomb = [.. Picture];
        int frame = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0x00, 0x11]);
        (bomb[frame + 5], bomb[frame + 6], bomb[frame + 7], bomb[frame + 8]) = ((byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width);
        long start = Stopwatch.GetTimestamp();

        // The header that is handed over belongs to another picture, as if the file had fooled the one who read it.
        _ = Assert.Throws<InvalidDataException>(() => engine.CreateThumbnails(bomb, new JpegHeader(640, 480)));

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_picture_of_hundreds_of_scans_is_refused_before_any_of_them_is_decoded()
    {
        byte[] picture = OddJpegs.Progressive(650, 487);
        int last = picture.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] scan = picture[last..^2];
        byte[] hostile = [.. picture[..^2], .. Enumerable.Repeat(scan, 690).SelectMany(bytes => bytes), 0xFF, 0xD9];

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Make(hostile));
        Assert.Matches("the JPEG file has 7[0-9]{2} scans, more than the 64 that are decoded", error.Message);

        // A comment holds what looks like the end of the picture, and the file ends within the next segment.
        byte[] cut = [.. hostile[..^2], 0xFF, 0xFE, 0, 4, 0xFF, 0xD9, 0xFF, 0xFE];
        Assert.Equal(error.Message, Assert.Throws<InvalidDataException>(() => Make(cut)).Message);

        // Few scans of many pixels cost as much as many of few. Where the decoder finds a marker that garbage hides, it counts.
        int frame = picture.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        byte[] large = [.. picture[..last], 1, 2, 3, .. Enumerable.Repeat(scan, 20).SelectMany(bytes => bytes), 0xFF, 0xD9];
        (large[frame + 5], large[frame + 6], large[frame + 7], large[frame + 8]) = (0x1B, 0x20, 0x24, 0x20);
        Assert.Contains("scans of 64 megapixels, more than the 1,000 megapixels", Assert.Throws<InvalidDataException>(() => Make(large)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoding_stops_with_whoever_asked_for_it()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        _ = Assert.ThrowsAny<OperationCanceledException>(() => engine.CreateThumbnails(Picture, JpegHeader.Read(Picture), stop.Token));
    }

    [Fact]
    public void Flipped_bits_give_thumbnails_or_an_error_and_never_anything_else()
    {
        byte[] small = Pictures.Camera.Draw(64, 48, seed: 1);
        Random random = new(20261130);
        int refused = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = [.. small];
            for (int flip = 0; flip < 1 << (round % 6); flip++)
            {
                damaged[random.Next(round % 2 == 0 ? 700 : damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                _ = Make(damaged);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 1999);
    }

    [Fact]
    public async Task A_picture_always_gives_the_same_thumbnails_on_any_number_of_threads()
    {
        Thumbnails expected = Make(Picture);
        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (i, _) =>
        {
            Thumbnails thumbnails = Make(Picture);
            Assert.Equal(expected.Thumbnail, thumbnails.Thumbnail);
            Assert.Equal(expected.ThumbnailMini, thumbnails.ThumbnailMini);
            if (i % 4 == 0)
            {
                AssertRefused(Picture[..(Picture.Length / 2)]);
            }

            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void What_is_encoded_is_the_same_picture_again()
    {
        byte[] rgb = new byte[64 * 48 * 3];
        Array.Fill(rgb, (byte)200);

        byte[] jpeg = engine.Encode(rgb, 64, 48, quality: 90);

        Assert.Equal(new JpegHeader(64, 48), JpegHeader.Read(jpeg));
        Assert.All(JpegPixels.Read(jpeg).Rgb, value => Assert.InRange(value, 198, 202));
        Assert.True(engine.Encode(rgb, 64, 48, quality: 30).Length <= jpeg.Length);
    }

    [Fact]
    public async Task Nothing_is_printed_about_pictures_that_are_damaged()
    {
        using TestFolder folder = new();
        for (int i = 0; i < 6; i++)
        {
            byte[] damaged = Pictures.Camera.TakeFirstGeneration(Pictures.Start, 20);
            new Random(i).NextBytes(damaged.AsSpan(damaged.Length / 2, 16 << i));
            _ = SampleCamera.Write(folder["card"], new ImageReference("5c173ff2", Pictures.Start.AddMinutes(i)), damaged);
        }

        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "StickyPi.TestSender.dll"), folder["store"], folder["card"] },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["STICKYPI_JPEG_ENGINE"] = name;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal((0, ""), (process.ExitCode, await errors));
        Assert.Contains("InvalidImage", output, StringComparison.Ordinal);
    }

    private Thumbnails Make(byte[] picture) => engine.CreateThumbnails(picture, JpegHeader.Read(picture));

    private void AssertRefused(byte[] picture) => Assert.Throws<InvalidDataException>(() => Make(picture));

    private static (string Thumbnail, string Mini) Sizes(Thumbnails thumbnails)
    {
        JpegHeader thumbnail = JpegHeader.Read(thumbnails.Thumbnail);
        JpegHeader mini = JpegHeader.Read(thumbnails.ThumbnailMini);
        return ($"{thumbnail.Width}x{thumbnail.Height}", $"{mini.Width}x{mini.Height}");
    }

    private static IEnumerable<byte> Markers(byte[] jpeg)
    {
        for (int position = 2; ; position += 2 + (jpeg[position + 2] << 8) + jpeg[position + 3])
        {
            yield return jpeg[position + 1];
            if (jpeg[position + 1] == 0xDA)
            {
                yield break;
            }
        }
    }
}

/// <summary>The engine on libvips.</summary>
public sealed class VipsJpegEngineTests() : JpegEngineContract(new Providers.StickyProviders("libvips").Jpeg, "libvips");

/// <summary>The engine on ImageSharp.</summary>
public sealed class ImageSharpJpegEngineTests() : JpegEngineContract(new Providers.StickyProviders("managed").Jpeg, "managed");

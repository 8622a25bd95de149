using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public class SampleDataTests
{
    [SkippableFact]
    public async Task Pictures_of_real_devices_read_as_the_existing_parser_reads_them()
    {
        SampleData.SkipIfAbsent();
        await using LocalStore store = new();
        Dictionary<string, JsonElement> expected = SampleData.Expected;
        Assert.Equal(expected.Keys.Order(), SampleData.Pictures.Select(Path.GetFileName).Order());

        foreach (string path in SampleData.Pictures)
        {
            JsonElement values = expected[Path.GetFileName(path)];
            ImageMetadata metadata = (await ImageFile.ReadAsync(path, Pictures.Providers.Exif, default)).Metadata;
            Assert.Equal(values.GetProperty("device").GetString(), metadata.Device);
            Assert.Equal(values.GetProperty("datetime").GetString(), StickyTime.ToFileText(metadata.DateTime));
            Assert.Equal(values.GetProperty("filename").GetString(), metadata.FileName);
            Assert.Equal(values.GetProperty("md5").GetString(), metadata.Md5);
            Assert.Equal(values.GetProperty("width").GetInt32(), metadata.Width);
            Assert.Equal(values.GetProperty("height").GetInt32(), metadata.Height);
            Assert.Equal(Number("lng"), metadata.RecordedLongitude);
            Assert.Equal(Number("lat"), metadata.RecordedLatitude);
            Assert.Equal(Number("alt"), metadata.Altitude);
            Assert.Equal(Number("no_flash_exposure_time"), metadata.NoFlashExposureTime);
            Assert.Equal(Number("no_flash_iso"), metadata.NoFlashIso);
            Assert.Equal(Number("no_flash_bv"), metadata.NoFlashBrightness);
            Assert.Equal(Number("no_flash_shutter_speed"), metadata.NoFlashShutterSpeed);
            Assert.Equal(Number("temp"), metadata.Temperature);
            Assert.Equal(Number("hum"), metadata.Humidity);

            // The row says the same as the file, and the thumbnails have the sizes of the existing ones.
            StickyImage row = Assert.Single(await store.SendAsync(path)).Value!.Image;
            Assert.Equal(
                (metadata.RecordedLatitude, metadata.RecordedLongitude, metadata.Altitude, metadata.Temperature, metadata.Humidity),
                (row.RecordedLatitude, row.RecordedLongitude, row.Altitude, row.Temperature, row.Humidity));
            Assert.Equal(
                (metadata.NoFlashExposureTime, metadata.NoFlashIso, metadata.NoFlashBrightness, metadata.NoFlashShutterSpeed),
                (row.NoFlashExposureTime, row.NoFlashIso, row.NoFlashBrightness, row.NoFlashShutterSpeed));
            string stored = Path.Combine(store.Folder, "raw_images", metadata.Device, metadata.FileName);
            Assert.Equal(Size("thumbnail_size"), JpegHeader.Read(File.ReadAllBytes(stored + ".thumbnail")));
            Assert.Equal(Size("thumbnail_mini_size"), JpegHeader.Read(File.ReadAllBytes(stored + ".thumbnail-mini")));
            Assert.InRange(new FileInfo(stored + ".thumbnail-mini").Length, 500, 4000);

            double? Number(string name) => values.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

            JpegHeader Size(string name) => new(values.GetProperty(name)[0].GetInt32(), values.GetProperty(name)[1].GetInt32());
        }

        await LocalStore.AssertWholeAsync(store.Store);
    }

    [SkippableFact]
    public async Task A_real_picture_cut_short_at_every_kilobyte_gives_an_error_each_and_never_a_row()
    {
        SampleData.SkipIfAbsent();
        await using LocalStore store = new();
        string original = SampleData.Pictures[0];
        byte[] picture = await File.ReadAllBytesAsync(original);
        int[] lengths = [.. Enumerable.Range(0, (picture.Length + 1023) / 1024).Select(i => i * 1024)];
        foreach (int[] batch in lengths.Chunk(32))
        {
            string[] paths = [.. batch.Select((length, i) => Path.Combine(store.Card, $"{i}", Path.GetFileName(original)))];
            foreach ((string path, int length) in paths.Zip(batch))
            {
                _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, picture.AsMemory(0, length));
            }

            List<Outcome<SendImageResult>> outcomes = await store.SendAsync(paths);

            Assert.All(outcomes, outcome => Assert.Equal("InvalidImage", outcome.Error?.ErrorId));
            Assert.Equal(paths.Order(), outcomes.Select(outcome => outcome.Error!.Target).Cast<string>().Order());
        }

        Assert.Empty(await store.AllAsync());
        await LocalStore.AssertWholeAsync(store.Store);
    }
}

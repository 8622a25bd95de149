using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

public abstract partial class CatalogContract
{
    private static PropertyTarget ImageTarget => PropertyTarget.Of(new ImageReference(Device, Time));

    /// <summary>Removes a picture as a program does that knows nothing of properties.</summary>
    protected abstract Task RemoveImagePastEverythingAsync();

    [SkippableFact]
    public async Task Properties_are_written_over_and_removed_and_tell_by_whom_and_when()
    {
        await WriteAsync(rows => rows.AddImage(Picture()));
        Assert.Equal([null], await Catalog.FindPropertiesAsync([ImageTarget], default));
        await WriteAsync(rows => rows.SetProperties(ImageTarget, null));

        await WriteAsync(rows => rows.SetProperties(ImageTarget, "{\"a\": 1.50, \"ü\": \"\\u0000\"}"u8.ToArray()), "ada");
        StickyPropertySet first = Assert.Single(await Catalog.FindPropertiesAsync([ImageTarget], default))!;
        await WriteAsync(
            rows =>
            {
                rows.SetProperties(ImageTarget, "{\"b\": null}"u8.ToArray());
                Assert.Equal("{\"b\":null}", rows.FindProperties(ImageTarget)!.Properties.ToJsonString());
            },
            "eve");
        StickyPropertySet second = Assert.Single(await Catalog.FindPropertiesAsync([ImageTarget], default))!;

        Assert.Equal((StickyPropertyKind.Image, "5c173ff2.2021-06-01_00-00-00", "ada"), (first.Kind, first.Id, first.ApiUser));
        Assert.Equal("1.50", first.Properties["a"]!.ToJsonString());
        Assert.Equal("\0", (string?)first.Properties["ü"]);
        Assert.Equal(DateTimeKind.Utc, first.UpdatedAt!.Value.Kind);
        Assert.Equal(("eve", "{\"b\":null}"), (second.ApiUser, second.Properties.ToJsonString()));
        Assert.True(second.UpdatedAt > first.UpdatedAt);

        await WriteAsync(rows =>
        {
            rows.SetProperties(ImageTarget, null);
            Assert.Null(rows.FindProperties(ImageTarget));
        });
        Assert.Equal([null], await Catalog.FindPropertiesAsync([ImageTarget], default));
    }

    [SkippableFact]
    public async Task Properties_of_one_kind_come_page_by_page_in_order_of_their_ids()
    {
        string[] names = ["b", "a", "B", "é", "a-b", "a.b", "蝶"];
        await WriteAsync(rows =>
        {
            Assert.All(names, name => rows.SetProperties(new PropertyTarget(StickyPropertyKind.Bundle, name), "{\"x\":1}"u8.ToArray()));
            _ = rows.AddImage(Picture());
            rows.SetProperties(ImageTarget, "{\"x\":1}"u8.ToArray());
        });

        List<string> found = [];
        while (await Catalog.GetPropertyPageAsync(StickyPropertyKind.Bundle, found.LastOrDefault(""), 3, default) is { Count: > 0 } page)
        {
            Assert.All(page, properties => Assert.Equal(StickyPropertyKind.Bundle, properties.Kind));
            found.AddRange(page.Select(properties => properties.Id));
        }

        Assert.Equal(["B", "a", "a-b", "a.b", "b", "é", "蝶"], found);
        PropertyTarget[] targets = [new(StickyPropertyKind.Bundle, "é"), new(StickyPropertyKind.Device, "é"), new(StickyPropertyKind.Bundle, "A"), new(StickyPropertyKind.Bundle, "a")];
        Assert.Equal(["é", null, null, "a"], (await Catalog.FindPropertiesAsync(targets, default)).Select(properties => properties?.Id));
        Assert.Empty(await Catalog.FindPropertiesAsync([], default));
    }

    [SkippableFact]
    public async Task Properties_go_with_the_picture_and_do_not_come_back_with_another()
    {
        await WriteAsync(rows =>
        {
            _ = rows.AddImage(Picture());
            rows.SetProperties(ImageTarget, "{\"x\":1}"u8.ToArray());
        });

        await WriteAsync(rows =>
        {
            Assert.True(rows.RemoveImage(new ImageReference(Device, Time)));
            Assert.Null(rows.FindProperties(ImageTarget));
            _ = rows.AddImage(Picture());
            Assert.Null(rows.FindProperties(ImageTarget));
        });

        Assert.Equal([null], await Catalog.FindPropertiesAsync([ImageTarget], default));
        Assert.Equal(0L, Convert.ToInt64(await ScalarAsync("SELECT count(*) FROM properties"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [SkippableFact]
    public async Task Properties_of_a_picture_that_another_program_removed_do_not_come_back_with_another()
    {
        await WriteAsync(rows =>
        {
            _ = rows.AddImage(Picture());
            rows.SetProperties(ImageTarget, "{\"x\":1}"u8.ToArray());
        });
        await RemoveImagePastEverythingAsync();
        Assert.Equal([null], await Catalog.FindPropertiesAsync([ImageTarget], default));
        Assert.Empty(await Catalog.GetPropertyPageAsync(StickyPropertyKind.Image, "", 10, default));

        await WriteAsync(rows =>
        {
            _ = rows.AddImage(Picture());
            Assert.Null(rows.FindProperties(ImageTarget));
        });
        Assert.Equal([null], await Catalog.FindPropertiesAsync([ImageTarget], default));

        // What was left does not keep new ones out either.
        await WriteAsync(rows => rows.SetProperties(ImageTarget, "{\"y\":1}"u8.ToArray()));
        Assert.Equal("{\"y\":1}", Assert.Single(await Catalog.FindPropertiesAsync([ImageTarget], default))!.Properties.ToJsonString());
    }

    [SkippableFact]
    public async Task Properties_go_with_the_series_and_show_with_the_device()
    {
        PropertyTarget series = PropertyTarget.Of(Series() with { AlgoName = "siamese.matcher" });
        PropertyTarget device = new(StickyPropertyKind.Device, Device);
        await WriteAsync(rows =>
        {
            _ = rows.AddTuboidSeries(Series() with { AlgoName = "siamese.matcher" }, 1, 1);
            _ = rows.AddImage(Picture());
            rows.SetProperties(series, "{\"x\":1}"u8.ToArray());
            rows.SetProperties(device, "{\"site\":\"greenhouse\"}"u8.ToArray());
        });
        Assert.Equal([series.Id, device.Id], (await Catalog.FindPropertiesAsync([series, device], default)).Select(properties => properties?.Id));

        await WriteAsync(rows =>
        {
            _ = rows.RemoveTuboidSeries(rows.FindTuboidSeries(Series() with { AlgoName = "siamese.matcher" })!);
            _ = rows.RemoveImage(new ImageReference(Device, Time));
        });
        Assert.Equal([null, null], await Catalog.FindPropertiesAsync([series, device], default));

        // The trap stands where it stood, whether or not its pictures are kept.
        await WriteAsync(rows => rows.AddImage(Picture(Device, 5)));
        Assert.Equal([null, device.Id], (await Catalog.FindPropertiesAsync([series, device], default)).Select(properties => properties?.Id));
    }

    [SkippableFact]
    public async Task Properties_of_what_is_not_there_are_refused()
    {
        PropertyTarget series = PropertyTarget.Of(Series());
        await WriteAsync(rows =>
        {
            Assert.Equal("PropertyTargetNotFound", Assert.Throws<StickyException>(() => rows.SetProperties(ImageTarget, "{}"u8.ToArray())).ErrorId);
            Assert.Equal("PropertyTargetNotFound", Assert.Throws<StickyException>(() => rows.SetProperties(series, "{}"u8.ToArray())).ErrorId);
            _ = rows.AddImage(Picture());
        });
    }

    [SkippableFact]
    public async Task Properties_that_another_program_broke_are_told_of()
    {
        await WriteAsync(rows =>
        {
            _ = rows.AddImage(Picture());
            rows.SetProperties(ImageTarget, "{\"x\":1}"u8.ToArray());
        });
        await ExecuteAsync("UPDATE properties SET json = '[1]'");

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Catalog.FindPropertiesAsync([ImageTarget], default));

        Assert.Equal("InvalidRow", error.ErrorId);
        Assert.Contains("5c173ff2.2021-06-01_00-00-00", error.Message, StringComparison.Ordinal);
    }
}

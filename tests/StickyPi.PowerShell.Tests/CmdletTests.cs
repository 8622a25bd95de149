using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Images;
using StickyPi.PowerShell.Loading;

namespace StickyPi.Tests;

/// <summary>The work of the cmdlets without an engine; Pester has the rest.</summary>
public sealed class CmdletTests : StoreCmdletTest
{
    [Fact]
    public async Task Sending_a_folder_and_its_files_gives_one_result_a_file()
    {
        string[] files = Pictures.WriteSeries(Folder["card"], "5c173ff2", 5);
        await File.WriteAllTextAsync(Path.Combine(Folder["card"], "5c173ff2", "notes.txt"), "no picture");
        using SendStickyImageCommand send = new() { Connection = Connection };

        await send.ProcessAsync(((string[])[Path.GetDirectoryName(files[0])!, .. files]).ToAsyncEnumerable(), Sink, default);

        Assert.Equal(files.Order(), Sink.Objects.Cast<SendImageResult>().Select(result => result.Path).Order());
        Assert.Empty(Sink.Errors);
        Assert.Equal(5, Sink.Questions.Count);
    }

    [Fact]
    public void Folders_within_folders_are_searched_when_asked_for_and_links_are_not_followed()
    {
        string[] inner = Pictures.WriteSeries(Folder["card"], "5c173ff2", 2);
        string[] deeper = Pictures.WriteSeries(Path.Combine(Folder["card"], "old"), "0a5bb6f4", 2);
        _ = Directory.CreateSymbolicLink(Path.Combine(Folder["card"], "again"), Folder["card"]);

        Assert.Empty(new PictureFiles(recurse: false).Find(Folder["card"], default));
        Assert.Equal([.. inner, .. deeper], new PictureFiles(recurse: true).Find(Folder["card"], default).Select(found => found.File));
    }

    [Fact]
    public async Task A_folder_without_pictures_of_its_own_is_a_warning_that_names_recurse()
    {
        _ = Pictures.WriteSeries(Folder["card"], "5c173ff2", 2);
        using SendStickyImageCommand send = new() { Connection = Connection };

        await send.ProcessAsync(Input(Folder["card"]), Sink, default);

        Assert.Empty(Sink.Objects);
        Assert.Contains("-Recurse", Assert.Single(Sink.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_is_an_error_and_the_rest_goes_on()
    {
        string good = Pictures.Write(Folder["card"], "5c173ff2", Pictures.Start);
        string bad = Path.Combine(Folder["card"], "holiday.jpg");
        File.Copy(good, bad);
        using SendStickyImageCommand send = new() { Connection = Connection };

        await send.ProcessAsync(((string[])[bad, good]).ToAsyncEnumerable(), Sink, default);

        Assert.Equal("InvalidFileName", Assert.Single(Sink.Errors).ErrorId);
        _ = Assert.Single(Sink.Objects);
    }

    [Fact]
    public async Task Metadata_come_in_the_order_of_the_files_and_need_no_store()
    {
        string[] files = Pictures.WriteSeries(Folder["card"], "5c173ff2", 20);
        string broken = Path.Combine(Folder["card"], "5c173ff2.2021-01-01_00-00-00.jpg");
        await File.WriteAllBytesAsync(broken, []);
        using GetStickyImageMetadataCommand get = new();

        await get.ProcessAsync(((string[])[broken, .. files]).ToAsyncEnumerable(), Sink, default);

        Assert.Equal(files, Sink.Objects.Cast<ImageMetadata>().Select(metadata => metadata.Path));
        Assert.Equal("InvalidImage", Assert.Single(Sink.Errors).ErrorId);
    }

    [Fact]
    public async Task An_empty_series_is_a_warning()
    {
        using GetStickyImageSeriesCommand get = new() { Connection = Connection, StartTime = Pictures.Start };

        await get.ProcessAsync(Input("5c17*"), Sink, default);

        Assert.Equal(
            "The series is empty: the store has no picture of '5c17*' from 2021-06-01_00-00-00 (UTC).", Assert.Single(Sink.Warnings));
        Assert.Empty(Sink.Objects);
    }

    [Fact]
    public async Task An_empty_pipeline_of_devices_means_none_and_not_all()
    {
        using SendStickyImageCommand send = new() { Connection = Connection };
        await send.ProcessAsync(Pictures.WriteSeries(Folder["card"], "5c173ff2", 3).ToAsyncEnumerable(), new RecordingSink(), default);
        using GetStickyImageSeriesCommand series = new() { Connection = Connection };
        using GetStickyDeviceCommand devices = new() { Connection = Connection };

        await series.ProcessAsync(AsyncEnumerable.Empty<string>(), Sink, default);
        await devices.ProcessAsync(AsyncEnumerable.Empty<string>(), Sink, default);

        Assert.Empty(Sink.Objects);
    }

    [Fact]
    public async Task Nothing_is_removed_or_saved_without_consent()
    {
        string[] files = Pictures.WriteSeries(Folder["card"], "5c173ff2", 3);
        using SendStickyImageCommand send = new() { Connection = Connection };
        await send.ProcessAsync(files.ToAsyncEnumerable(), Sink, default);
        ImageReference[] all = [.. Sink.Objects.Cast<SendImageResult>().Select(result => new ImageReference(result.Device, result.DateTime))];
        RecordingSink refusing = new(shouldProcess: false);

        using RemoveStickyImageCommand remove = new() { Connection = Connection };
        await remove.ProcessAsync(all.ToAsyncEnumerable(), refusing, default);

        Assert.Equal(3, refusing.Questions.Count);
        Assert.Equal(3, await Connection.Store.CountImageSeriesAsync(new ImageSeriesQuery()));
        Assert.Empty(refusing.Errors);
    }

    [Fact]
    public async Task Thousands_of_exact_pictures_come_in_order_and_unknown_ones_yield_nothing()
    {
        string[] files = Pictures.WriteSeries(Folder["card"], "5c173ff2", 10);
        using SendStickyImageCommand send = new() { Connection = Connection };
        await send.ProcessAsync(files.ToAsyncEnumerable(), new RecordingSink(), default);
        ImageReference[] asked = [.. Enumerable.Range(0, 3000).Select(i => new ImageReference("5c173ff2", Pictures.Start.AddMinutes(10 * i)))];
        using GetStickyImageCommand get = new() { Connection = Connection, What = ImageContent.Image };

        await get.ProcessAsync(asked.ToAsyncEnumerable(), Sink, default);

        Assert.Equal(asked.Where((_, i) => i % 2 == 0).Take(10).Select(r => r.DateTime), Sink.Objects.Cast<StickyImage>().Select(i => i.DateTime));
    }

    [Fact]
    public async Task A_closed_connection_says_so()
    {
        await Connection.CloseAsync();
        using SendStickyImageCommand send = new() { Connection = Connection };

        Assert.Equal("ConnectionClosed", Assert.Throws<StickyException>(send.Prepare).ErrorId);
    }

    [Fact]
    public void An_end_before_the_start_is_refused()
    {
        using GetStickyImageSeriesCommand get = new() { Connection = Connection, StartTime = Pictures.Start, EndTime = Pictures.Start.AddDays(-1) };

        Assert.Equal("InvalidTimeRange", Assert.Throws<StickyException>(get.Prepare).ErrorId);
    }

    private static IAsyncEnumerable<string> Input(string item) => ((string[])[item]).ToAsyncEnumerable();
}

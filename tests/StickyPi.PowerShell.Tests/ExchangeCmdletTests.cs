using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Annotations;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Loading;

namespace StickyPi.Tests;

public sealed class ExchangeCmdletTests : IAsyncLifetime
{
    private static readonly AnnotatedObject[] Objects = [new() { Contour = [new(1, 2), new(30, 4), new(5, 40)], Name = "moth" }];

    private readonly TestFolder _folder = new();
    private readonly StickyConnection _connection;
    private readonly RecordingSink _sink = new();
    private AnnotationElement[] _annotations = [];

    public ExchangeCmdletTests()
    {
        ProviderLoader.Replacement = Pictures.Providers;
        _connection = new StickyConnection(Store.OpenLocal(_folder["store"], Pictures.Providers), "Local", Store.GetDatabasePath(_folder["store"]));
    }

    public async Task InitializeAsync()
    {
        List<Outcome<SendImageResult>> sent = await _connection.Store
            .SendImagesAsync(Pictures.WriteSeries(_folder["card"], "5c173ff2", 3).ToAsyncEnumerable(), new SendImageOptions()).ToListAsync();
        _annotations =
        [
            .. sent.Select(outcome => outcome.Value!.Image).OrderBy(image => image.DateTime)
                .Select(image => RandomAnnotations.Element(new ImageReference(image.Device, image.DateTime), image.Md5, Objects)),
        ];
    }

    public Task DisposeAsync()
    {
        _connection.CloseAsync().AsTask().Wait();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("drawings", null, "5c173ff2.2021-06-01_00-00-00.svg", 3)]
    [InlineData("insects.json", null, "insects.json", 1)]
    [InlineData("insects.JSON", null, "insects.JSON", 1)]
    [InlineData("insects.coco", AnnotationFormat.Coco, "insects.coco", 1)]
    [InlineData("drawings.json", AnnotationFormat.Svg, "5c173ff2.2021-06-01_00-00-00.svg", 3)]
    public async Task The_format_follows_from_the_destination_unless_it_is_named(string destination, AnnotationFormat? format, string first, int count)
    {
        await ExportAsync(destination, format);

        Assert.Empty(_sink.Errors);
        Assert.Equal(count, _sink.Objects.Count);
        Assert.Equal(first, Assert.IsType<FileInfo>(_sink.Objects[0]).Name);
        Assert.All(_sink.Objects.Cast<FileInfo>(), file => Assert.True(file.Exists));
        Assert.Equal(_sink.Objects.Cast<FileInfo>().Select(file => (file.FullName, "Export annotations")), _sink.Questions);
    }

    [Fact]
    public async Task Nothing_is_exported_without_consent()
    {
        RecordingSink refusing = new(shouldProcess: false);

        await ExportAsync("drawings", null, refusing);
        await ExportAsync("insects.json", null, refusing);

        Assert.Equal(4, refusing.Questions.Count);
        Assert.Empty(refusing.Objects);
        Assert.Equal(["card", "store"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_folder_is_its_drawings_and_a_file_is_what_its_name_ends_in()
    {
        await ExportAsync("drawings", null);
        await ExportAsync("insects.json", null);
        await File.WriteAllTextAsync(Path.Combine(_folder["drawings"], "notes.txt"), "no drawing");
        await File.WriteAllTextAsync(Path.Combine(_folder["drawings"], "5c173ff2.2021-06-01_00-20-00.svg"), "damage");
        RecordingSink sink = new();

        await ImportAsync(sink, _folder["drawings"], _folder["insects.json"], Path.Combine(_folder["drawings"], "notes.txt"));

        Assert.Equal(["InvalidSvg", "UnknownFormat"], sink.Errors.Select(error => error.ErrorId));
        Assert.Equal(
            new[] { 0, 2, 0, 1, 2 }.Select(i => _annotations[i].GetReference()), sink.Objects.Cast<AnnotationElement>().Select(element => element.GetReference()));
        Assert.Empty(sink.Warnings);
    }

    [Fact]
    public async Task A_folder_without_drawings_is_a_warning_each()
    {
        _ = Directory.CreateDirectory(_folder["empty"]);

        await ImportAsync(_sink, _folder["empty"], _folder["card"]);

        Assert.Equal(
            ((string[])["empty", "card"]).Select(name => $"The folder '{_folder[name]}' has no .svg files of its own. To read a COCO file, name the file."),
            _sink.Warnings);
    }

    [Fact]
    public async Task What_is_left_out_of_a_drawing_is_a_warning()
    {
        await ExportAsync("drawings", null);
        string path = Assert.IsType<FileInfo>(_sink.Objects[0]).FullName;
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("</svg>", "<rect/></svg>", StringComparison.Ordinal));

        await ImportAsync(_sink, path);

        Assert.StartsWith(
            $"In '{path}', shapes that are no paths are left out (1 <rect>). ", Assert.Single(_sink.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coco_file_that_lacks_md5_is_read_by_the_store_of_the_connection()
    {
        await File.WriteAllTextAsync(
            _folder["foreign.json"],
            """
            {"images": [{"id": 1, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}], "categories": [{"id": 1, "name": "moth"}]}
            """);

        await ImportAsync(_sink, _folder["foreign.json"]);
        Assert.Equal(_annotations[1].Md5, Assert.IsType<AnnotationElement>(Assert.Single(_sink.Objects)).Md5);
    }

    [Fact]
    public void A_version_that_no_store_takes_is_refused_before_anything_is_read()
    {
        using ImportStickyAnnotationCommand import = new() { AlgoVersion = "two" };

        Assert.Equal("InvalidAlgoVersion", Assert.Throws<StickyException>(import.Prepare).ErrorId);
    }

    private async Task ImportAsync(RecordingSink sink, params string[] paths)
    {
        using ImportStickyAnnotationCommand import = new() { Connection = _connection };
        await import.ProcessAsync(paths.ToAsyncEnumerable(), sink, default);
    }

    private async Task ExportAsync(string destination, AnnotationFormat? format, RecordingSink? sink = null)
    {
        using ExportStickyAnnotationCommand export = new() { Connection = _connection, Destination = _folder[destination], Format = format };
        await export.ProcessAsync(_annotations.ToAsyncEnumerable(), sink ?? _sink, default);
    }
}

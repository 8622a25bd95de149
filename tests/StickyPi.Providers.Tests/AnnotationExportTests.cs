using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public sealed class AnnotationExportTests : IAsyncLifetime
{
    private static readonly AnnotatedObject[] Objects =
    [
        new() { Contour = [new(1, 2), new(30, 4), new(5, 40), new(1, 2)], Name = "moth", Value = 4, FillColour = "#00ff00" },
        new() { Contour = [new(10, 12), new(13, 14), new(15, 10)], Name = "fly & <co>" },
    ];

    private readonly LocalStore _store = new();
    private List<StickyImage> _images = [];

    private string Folder => _store["drawings [x]"];

    private string Coco => _store["out/insects.json"];

    public async Task InitializeAsync()
    {
        _ = await _store.SendAsync(Pictures.WriteSeries(_store.Card, "5c173ff2", 5));
        _images = await _store.AllAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(AnnotationFormat.Svg)]
    [InlineData(AnnotationFormat.Coco)]
    public async Task What_a_store_holds_goes_out_and_into_another_store_unchanged(AnnotationFormat format)
    {
        Random random = new(3);
        Assert.All(await AddAsync(_store.Store, _images.Select(image => Element(image, RandomAnnotations.Draw(random, RandomAnnotations.Names)))), AssertDone);
        List<StickyAnnotation> stored = await StoredAsync(_store.Store);
        Assert.Equal(5, stored.Count);

        List<Outcome<ExportedFile>> files = await ExportAsync(stored, format);
        Assert.All(files, file => Assert.Equal(SaveImageStatus.Saved, file.Value!.Status));
        await using LocalStore other = new();
        _ = await other.SendAsync(Directory.GetFiles(_store.Card, "*.jpg", SearchOption.AllDirectories));
        Assert.All(await AddAsync(other.Store, await ImportAsync(files, new AnnotationImportOptions())), AssertDone);

        List<StickyAnnotation> moved = await StoredAsync(other.Store);
        Assert.Equal(5, moved.Count);
        foreach ((StickyAnnotation before, StickyAnnotation after) in stored.Zip(moved))
        {
            RandomAnnotations.AssertSame(before, after);
        }
    }

    [Fact]
    public async Task A_drawing_holds_the_picture_byte_for_byte_and_is_named_like_it()
    {
        ExportedFile file = Assert.Single(await ExportAsync([Element(_images[0])])).Value!;

        Assert.Equal(Path.Combine(Folder, "5c173ff2.2021-06-01_00-00-00.svg"), file.Path);
        SvgAnnotation drawing = await AnnotationSvg.ReadAsync(file.Path, new AnnotationImportOptions());
        RandomAnnotations.AssertSame(Element(_images[0]), drawing.Annotation);
        Assert.Contains($"{{'Make': {Pictures.Literal(10)}, 'device': '5c173ff2', 'datetime': '2021-06-01_00-00-00', 'md5': '{_images[0].Md5}'",
            await File.ReadAllTextAsync(file.Path), StringComparison.Ordinal);
        Assert.Equal([file.Path], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task The_same_drawing_is_left_and_another_one_is_overwritten_only_when_told_to()
    {
        string path = Assert.Single(await ExportAsync([Element(_images[0])])).Value!.Path;
        DateTime written = new(2022, 2, 2, 2, 2, 2, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, written);

        Assert.Equal(SaveImageStatus.Skipped, Assert.Single(await ExportAsync([Element(_images[0])])).Value!.Status);
        StickyException error = Assert.Single(await ExportAsync([Element(_images[0], [])])).Error!;
        Assert.Equal(("FileExists", path, written), (error.ErrorId, error.Target, File.GetLastWriteTimeUtc(path)));

        Assert.Equal(SaveImageStatus.Replaced, Assert.Single(await ExportAsync([Element(_images[0], [])], force: true)).Value!.Status);
        Assert.Empty((await AnnotationSvg.ReadAsync(path, new AnnotationImportOptions())).Annotation.Objects);
        Assert.Equal([path], Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData(AnnotationFormat.Svg, "raw_images")]
    [InlineData(AnnotationFormat.Coco, "database.db")]
    public async Task Nothing_is_exported_among_the_files_of_a_store(AnnotationFormat format, string destination)
    {
        _ = Directory.CreateDirectory(_store["other"]);
        await File.WriteAllTextAsync(_store["other/database.db"], "rows");
        ExportAnnotationOptions options = Options(format, force: true) with { Destination = _store[$"other/{destination}"] };

        string? errorId;
        try
        {
            errorId = Assert.Single(await RunAsync([Element(_images[0])], options)).Error?.ErrorId;
        }
        catch (StickyException e)
        {
            errorId = e.ErrorId;
        }

        Assert.Equal("ReservedKey", errorId);
        Assert.Equal("rows", await File.ReadAllTextAsync(Assert.Single(Directory.GetFileSystemEntries(_store["other"]))));
    }

    [Fact]
    public async Task A_coco_file_is_overwritten_only_when_told_to()
    {
        _ = await ExportAsync([Element(_images[0])], AnnotationFormat.Coco);
        byte[] before = await File.ReadAllBytesAsync(Coco);

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => ExportAsync([Element(_images[1])], AnnotationFormat.Coco));
        Assert.Equal(("FileExists", Coco), (error.ErrorId, error.Target));
        Assert.Equal(before, await File.ReadAllBytesAsync(Coco));

        Assert.Equal(SaveImageStatus.Replaced, Assert.Single(await ExportAsync([Element(_images[1])], AnnotationFormat.Coco, force: true)).Value!.Status);
        Assert.NotEqual(before, await File.ReadAllBytesAsync(Coco));
        Assert.Equal([Coco], Directory.GetFiles(Path.GetDirectoryName(Coco)!));
    }

    [Theory]
    [InlineData(AnnotationFormat.Svg)]
    [InlineData(AnnotationFormat.Coco)]
    public async Task What_cannot_be_exported_is_an_error_each_and_the_rest_goes_on(AnnotationFormat format)
    {
        AnnotationElement good = Element(_images[0]);
        AnnotationElement noPicture = RandomAnnotations.Element(new ImageReference("0a5bb6f4", Pictures.Start), _images[0].Md5, Objects);
        AnnotationElement otherPicture = RandomAnnotations.Element(new ImageReference("5c173ff2", _images[1].DateTime), _images[0].Md5, Objects);
        AnnotationElement noData = Element(_images[2]) with { Objects = [] };

        List<Outcome<ExportedFile>> outcomes = await ExportAsync([noData, good, noPicture, otherPicture, good, Element(_images[3])], format);

        Assert.Equal(
            [("ImageNotFound", noPicture), ("Md5Mismatch", otherPicture), ("NoAnnotationData", noData), ("SeveralAnnotations", good)],
            outcomes.Where(outcome => !outcome.Succeeded)
                .Select(outcome => (outcome.Error!.ErrorId, (AnnotationElement)outcome.Error.Target!)).OrderBy(error => error.ErrorId));
        List<AnnotationElement> read = [.. (await ImportAsync(outcomes, new AnnotationImportOptions())).Select(outcome => outcome.Value!)];
        Assert.Equal([good.GetReference(), Element(_images[3]).GetReference()], read.Select(element => element.GetReference()));
    }

    [Fact]
    public async Task Two_algorithms_on_a_picture_fit_into_a_coco_file_and_not_into_a_drawing()
    {
        AnnotationElement[] both = [Element(_images[0]), RandomAnnotations.Element(new("5c173ff2", _images[0].DateTime), _images[0].Md5, [], "another")];

        Assert.Equal(["SeveralAnnotations"], (await ExportAsync(both)).Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Error!.ErrorId));
        List<Outcome<AnnotationElement>> read = await ImportAsync(await ExportAsync(both, AnnotationFormat.Coco), new AnnotationImportOptions());
        Assert.Equal(both.Select(element => element.GetReference()), read.Select(outcome => outcome.Value!.GetReference()));
        Assert.Equal([2, 0], read.Select(outcome => outcome.Value!.ObjectCount));
    }

    [Theory]
    [InlineData(AnnotationFormat.Svg)]
    [InlineData(AnnotationFormat.Coco)]
    public async Task Without_consent_or_annotations_not_even_a_folder_is_made(AnnotationFormat format)
    {
        List<string> asked = [];
        ExportAnnotationOptions options = Options(format) with
        {
            Confirm = (path, _) =>
            {
                asked.Add(path);
                return ValueTask.FromResult(false);
            },
        };

        Assert.Empty(await RunAsync(_images.Select(image => Element(image)), options));
        Assert.Empty(await ExportAsync([], format));

        Assert.Equal(format == AnnotationFormat.Svg ? 5 : 1, asked.Count);
        Assert.False(Directory.Exists(Folder) || Directory.Exists(Path.GetDirectoryName(Coco)));
    }

    [Fact]
    public async Task A_folder_cannot_be_a_coco_file_and_a_file_cannot_be_a_folder_of_drawings()
    {
        _ = Directory.CreateDirectory(Coco);
        Assert.Equal("InvalidDestination", (await Assert.ThrowsAsync<StickyException>(() => ExportAsync([Element(_images[0])], AnnotationFormat.Coco))).ErrorId);

        await File.WriteAllTextAsync(Folder, "");
        Assert.Equal("FileNotWritten", Assert.Single(await ExportAsync([Element(_images[0])])).Error!.ErrorId);
    }

    [Fact]
    public async Task An_export_that_fails_half_way_leaves_no_file()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await AnnotationExport
            .RunAsync(_store.Store, Pictures.Providers.Exif, FailAsync(), Options(AnnotationFormat.Coco)).ToListAsync());

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Coco)!));

        async IAsyncEnumerable<Annotation> FailAsync()
        {
            yield return Element(_images[0]);
            await Task.Delay(50);
            throw new InvalidOperationException("no more");
        }
    }

    [Fact]
    public async Task Coco_files_without_md5_are_about_the_pictures_of_the_store()
    {
        string json = """
            {"images": [{"id": 1, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": 64, "height": 48},
              {"id": 2, "file_name": "0a5bb6f4.2021-06-01_00-20-00.jpg", "width": 64, "height": 48}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}, {"id": 2, "image_id": 2, "category_id": 1, "bbox": [1, 2, 3, 4]}],
             "categories": [{"id": 1, "name": "moth"}]}
            """;
        await File.WriteAllTextAsync(_store["foreign.json"], json);

        List<Outcome<AnnotationElement>> read =
            await AnnotationCoco.ReadAsync(_store["foreign.json"], new AnnotationImportOptions { Store = _store.Store }).ToListAsync();

        Assert.Equal(_images[1].Md5, read[0].Value!.Md5);
        Assert.Equal(("ImageNotFound", new ImageReference("0a5bb6f4", _images[1].DateTime)), (read[1].Error!.ErrorId, read[1].Error!.Target));
        Assert.All(await AddAsync(_store.Store, read.Take(1)), AssertDone);
    }

    [Fact]
    public async Task The_files_of_a_picture_are_read_byte_for_byte_and_a_damaged_one_is_noticed()
    {
        ImageReference reference = new("5c173ff2", _images[0].DateTime);
        string path = Path.Combine(_store.Folder, "raw_images", "5c173ff2", "5c173ff2.2021-06-01_00-00-00.jpg");
        Assert.Equal(await File.ReadAllBytesAsync(path), (await _store.Store.ReadImageAsync(reference)).ToArray());
        Assert.Equal(
            await File.ReadAllBytesAsync(path + ".thumbnail-mini"), (await _store.Store.ReadImageAsync(reference, ImageContent.ThumbnailMini)).ToArray());

        await File.WriteAllTextAsync(path, "damage");
        Assert.Equal("StoredFileDamaged", await ErrorAsync(reference));
        Assert.Equal("StoredFileDamaged", Assert.Single(await ExportAsync([Element(_images[0])])).Error!.ErrorId);
        File.Delete(path);
        Assert.Equal("StoredFileMissing", await ErrorAsync(reference));
        Assert.Equal("ImageNotFound", await ErrorAsync(new ImageReference("5c173ff2", Pictures.Start.AddDays(1))));

        async Task<string> ErrorAsync(ImageReference image) =>
            (await Assert.ThrowsAsync<StickyException>(async () => await _store.Store.ReadImageAsync(image))).ErrorId;
    }

    private static AnnotationElement Element(StickyImage image, AnnotatedObject[]? objects = null) =>
        RandomAnnotations.Element(new ImageReference(image.Device, image.DateTime), image.Md5, objects ?? Objects);

    private static void AssertDone(Outcome<StickyAnnotation> outcome) => Assert.Null(outcome.Error);

    private static Task<List<Outcome<StickyAnnotation>>> AddAsync(Store store, IEnumerable<AnnotationElement> elements) =>
        AddAsync(store, elements.Select(element => new Outcome<AnnotationElement>(element)));

    private static async Task<List<Outcome<StickyAnnotation>>> AddAsync(Store store, IEnumerable<Outcome<AnnotationElement>> elements) =>
        await store.AddAnnotationsAsync(elements.ToAsyncEnumerable(), new AddAnnotationOptions { ReturnStored = true }).ToListAsync();

    private static async Task<List<StickyAnnotation>> StoredAsync(Store store) => await store
        .GetAnnotationSeriesAsync(new ImageSeriesQuery(), new AnnotationQuery { What = AnnotationContent.Data })
        .Select(outcome => outcome.Value!)
        .ToListAsync();

    private static async Task<List<Outcome<AnnotationElement>>> ImportAsync(IEnumerable<Outcome<ExportedFile>> files, AnnotationImportOptions options)
    {
        List<Outcome<AnnotationElement>> elements = [];
        foreach (string path in files.Where(file => file.Succeeded).Select(file => file.Value!.Path))
        {
            if (path.EndsWith(".json", StringComparison.Ordinal))
            {
                elements.AddRange(await AnnotationCoco.ReadAsync(path, options).ToListAsync());
            }
            else
            {
                elements.Add(new((await AnnotationSvg.ReadAsync(path, options)).Annotation));
            }
        }

        return elements;
    }

    private ExportAnnotationOptions Options(AnnotationFormat format, bool force = false) =>
        new() { Destination = format == AnnotationFormat.Coco ? Coco : Folder, Format = format, Force = force };

    private Task<List<Outcome<ExportedFile>>> ExportAsync(
        IEnumerable<Annotation> annotations, AnnotationFormat format = AnnotationFormat.Svg, bool force = false) =>
        RunAsync(annotations, Options(format, force));

    private async Task<List<Outcome<ExportedFile>>> RunAsync(IEnumerable<Annotation> annotations, ExportAnnotationOptions options) =>
        await AnnotationExport.RunAsync(_store.Store, Pictures.Providers.Exif, annotations.ToAsyncEnumerable(), options).ToListAsync();
}

using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public sealed class ExchangeCmdletTests : StoreCmdletTest, IAsyncLifetime
{
    private static readonly AnnotatedObject[] Objects = [new() { Contour = [new(1, 2), new(30, 4), new(5, 40)], Name = "moth" }];

    private AnnotationElement[] _annotations = [];

    public async Task InitializeAsync()
    {
        List<Outcome<SendImageResult>> sent = await Connection.Store
            .SendImagesAsync(Pictures.WriteSeries(Folder["card"], "5c173ff2", 3).ToAsyncEnumerable(), new SendImageOptions()).ToListAsync();
        _annotations =
        [
            .. sent.Select(outcome => outcome.Value!.Image).OrderBy(image => image.DateTime)
                .Select(image => RandomAnnotations.Element(new ImageReference(image.Device, image.DateTime), image.Md5, Objects)),
        ];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("drawings", null, "5c173ff2.2021-06-01_00-00-00.svg", 3)]
    [InlineData("insects.json", null, "insects.json", 1)]
    [InlineData("insects.JSON", null, "insects.JSON", 1)]
    [InlineData("insects.coco", AnnotationFormat.Coco, "insects.coco", 1)]
    [InlineData("drawings.json", AnnotationFormat.Svg, "5c173ff2.2021-06-01_00-00-00.svg", 3)]
    public void The_format_follows_from_the_destination_unless_it_is_named(string destination, AnnotationFormat? format, string first, int count)
    {
        Session.Said said = Export(destination, format);

        Assert.Empty(said.Errors);
        Assert.Equal(count, said.Objects.Count);
        Assert.Equal(first, Assert.IsType<FileInfo>(said.Objects[0]).Name);
        Assert.All(said.Objects.Cast<FileInfo>(), file => Assert.True(file.Exists));
        Assert.Equal(said.Objects.Cast<FileInfo>().Select(file => (file.FullName, "Export annotations")), said.Questions);
    }

    [Fact]
    public void Nothing_is_exported_without_consent()
    {
        Session.Consents = false;

        Session.Said[] refused = [Export("drawings"), Export("insects.json")];

        Assert.Equal(4, refused.Sum(said => said.Questions.Count));
        Assert.All(refused, said => Assert.Empty(said.Objects));
        Assert.Equal(["card", "store"], Directory.GetFileSystemEntries(Folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task AFolder_is_its_drawings_and_a_file_is_what_its_name_ends_in()
    {
        _ = Export("drawings");
        _ = Export("insects.json");
        await File.WriteAllTextAsync(Path.Combine(Folder["drawings"], "notes.txt"), "no drawing");
        await File.WriteAllTextAsync(Path.Combine(Folder["drawings"], "5c173ff2.2021-06-01_00-20-00.svg"), "damage");

        Session.Said said = Import(Folder["drawings"], Folder["insects.json"], Path.Combine(Folder["drawings"], "notes.txt"));

        Assert.Equal(["InvalidSvg", "UnknownFormat"], said.ErrorIds);
        Assert.Equal(
            new[] { 0, 2, 0, 1, 2 }.Select(i => _annotations[i].GetReference()), said.Objects.Cast<AnnotationElement>().Select(element => element.GetReference()));
        Assert.Empty(said.Warnings);
    }

    [Fact]
    public void AFolder_without_drawings_is_a_warning_each()
    {
        _ = Directory.CreateDirectory(Folder["empty"]);

        Session.Said said = Import(Folder["empty"], Folder["card"]);

        Assert.Equal(
            ((string[])["empty", "card"]).Select(name => $"The folder '{Folder[name]}' has no .svg files of its own. To read a COCO file, name the file."),
            said.Warnings);
    }

    [Fact]
    public async Task What_is_left_out_of_a_drawing_is_a_warning()
    {
        string path = Assert.IsType<FileInfo>(Export("drawings").Objects[0]).FullName;
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("</svg>", "<rect/></svg>", StringComparison.Ordinal));

        Session.Said said = Import(path);

        Assert.StartsWith(
            $"In '{path}', shapes that are no paths are left out (1 <rect>). ", Assert.Single(said.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coco_file_that_lacks_md5_is_read_by_the_store_of_theConnection()
    {
        await File.WriteAllTextAsync(
            Folder["foreign.json"],
            """
            {"images": [{"id": 1, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": 64, "height": 48}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}], "categories": [{"id": 1, "name": "moth"}]}
            """);

        Session.Said said = Import(Folder["foreign.json"]);

        Assert.Equal(_annotations[1].Md5, Assert.IsType<AnnotationElement>(Assert.Single(said.Objects)).Md5);
    }

    [Fact]
    public void A_version_that_no_store_takes_is_refused_before_anything_is_read()
    {
        Assert.Equal("InvalidAlgoVersion", RunToFailure("Import-StickyAnnotation none.json -AlgoVersion two").FailureId);
    }

    private Session.Said Import(params string[] paths) => Run("Import-StickyAnnotation -LiteralPath $paths", ("paths", paths));

    private Session.Said Export(string destination, AnnotationFormat? format = null) => Run(
        $"$annotations | Export-StickyAnnotation $destination{(format is null ? "" : $" -Format {format}")}",
        ("annotations", _annotations),
        ("destination", Folder[destination]));
}

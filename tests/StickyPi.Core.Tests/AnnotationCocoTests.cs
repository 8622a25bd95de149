using System.Text;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public sealed class AnnotationCocoTests : IDisposable
{
    private const string Md5 = "9e6e908d9c29d332b511f8d5121857f8";
    private const string Image = $$"""{"id": 7, "file_name": "images/5c173ff2.2021-06-01_00-00-00.jpg", "width": 64, "height": 48, "md5": "{{Md5}}"}""";
    private const string Category = """{"id": 1, "name": "moth"}""";
    private const string Annotation = """{"id": 4, "image_id": 7, "category_id": 1, "segmentation": [[1, 2, 3, 4, 5, 0]]}""";

    private readonly TestFolder _folder = new();

    private string FilePath => _folder["coco.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_exported_comes_back_the_same_whatever_it_is()
    {
        string[] names = [.. RandomAnnotations.OddNames, "a\0b\u0001\u001F\u007F", "\uFFFE\uFFFF"];
        Random random = new(2);
        for (int i = 0; i < 100; i++)
        {
            AnnotationElement[] annotations =
            [
                .. Enumerable.Range(0, random.Next(1, 8)).Select(n => RandomAnnotations.Element(
                    new ImageReference("5c173ff2", Pictures.Start.AddMinutes(n / 2)),
                    Md5,
                    RandomAnnotations.Draw(random, names),
                    n % 2 == 0 ? "second\0" : RandomAnnotations.AlgoName)),
            ];

            await WriteAsync(annotations);
            List<Outcome<AnnotationElement>> read = await ReadAsync();

            Assert.Equal(annotations.Length, read.Count);
            foreach ((AnnotationElement expected, Outcome<AnnotationElement> actual) in annotations.Zip(read))
            {
                RandomAnnotations.AssertSame(expected, actual.Value!);
            }
        }
    }

    [Fact]
    public async Task What_python_stored_under_any_version_comes_back_under_one_of_the_file()
    {
        AnnotationElement stored = RandomAnnotations.Element(
            new ImageReference("5c173ff2", Pictures.Start), Md5, [new() { Contour = [new(1, 2), new(5, 2), new(5, 5)], Name = "moth" }], "uid");
        await WriteAsync([stored with { AlgoVersion = "v1" }]);

        AnnotationElement read = Assert.Single(await ReadAsync()).Value!;

        Assert.Equal("manual", read.AlgoName);
        Assert.True(AlgorithmVersion.IsValid(read.AlgoVersion));
        Assert.Equal(stored.Objects[0].Contour, Assert.Single(read.Objects).Contour);
    }

    [Fact]
    public async Task Numbers_of_tables_that_write_1_0_for_1_are_the_same_numbers()
    {
        string annotation = """{"id": 4.0, "image_id": 7.0, "category_id": 1.0, "iscrowd": 0.0, "segmentation": [[1, 2, 3, 4, 5, 0]]}""";
        await File.WriteAllTextAsync(FilePath, $$"""{"images": [{{Image}}], "annotations": [{{annotation}}], "categories": [{{Category}}]}""");

        AnnotationElement read = Assert.Single(await ReadAsync()).Value!;

        Assert.Equal("moth", Assert.Single(read.Objects).Name);
    }

    [Fact]
    public async Task A_file_has_what_coco_asks_for()
    {
        AnnotatedObject[] objects =
        [
            new() { Contour = [new(1, 2), new(5, 2), new(5, 5)], Name = "moth", Value = 3, FillColour = "#ABCDEF" },
            new() { Contour = [new(0, 0), new(2, 0), new(2, 2), new(0, 2)], Name = "fly" },
            new() { Contour = [new(0, 0), new(2, 0), new(2, 2), new(0, 2)], Name = "moth" },
        ];
        await WriteAsync([RandomAnnotations.Element(new ImageReference("5c173ff2", Pictures.Start), Md5, objects, "uid")]);
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(FilePath));
        JsonElement root = document.RootElement;

        Assert.Equal(
            $$"""{"id":1,"image_id":1,"category_id":1,"segmentation":[[1,2,5,2,5,5]],"area":6,"bbox":[1,2,4,3],"iscrowd":0,"value":3,"stroke_colour":"#0000ff","fill_colour":"#abcdef","algo_name":"uid","algo_version":"{{RandomAnnotations.AlgoVersion}}"}""",
            root.GetProperty("annotations")[0].GetRawText());
        Assert.Equal([1, 2, 1], root.GetProperty("annotations").EnumerateArray().Select(item => item.GetProperty("category_id").GetInt32()));
        Assert.Equal([1, 2, 3], root.GetProperty("annotations").EnumerateArray().Select(item => item.GetProperty("id").GetInt32()));
        Assert.StartsWith(
            """[{"id":1,"file_name":"5c173ff2.2021-06-01_00-00-00.jpg","width":64,"height":48,"date_captured":"2021-06-01 00:00:00","md5":""",
            root.GetProperty("images").GetRawText(),
            StringComparison.Ordinal);
        Assert.Equal(
            """[{"id":1,"name":"moth","supercategory":"object"},{"id":2,"name":"fly","supercategory":"object"}]""",
            root.GetProperty("categories").GetRawText());
    }

    [Fact]
    public async Task A_file_of_another_program_needs_only_what_coco_asks_for()
    {
        await File.WriteAllTextAsync(
            FilePath,
            $$"""
            {"licenses": [{"id": 1}], "annotations": [
              {"id": "a", "image_id": 7, "category_id": 2, "segmentation": [[1.5, 2.5, 3.4, 4.6, -0.5, 0], [9, 9, 8, 8, 7, 9]], "iscrowd": 0, "area": 3},
              {"id": "b", "image_id": 7, "category_id": 1, "bbox": [10.4, 20, 5, 6.2]},
              {"id": "c", "image_id": 7, "category_id": 1, "segmentation": [], "bbox": [1, 2, 3, 4], "iscrowd": false, "attributes": {"occluded": false} }],
             "categories": [{{Category}}, {"id": 2, "name": "fly"}],
             "images": [{{Image}}, {"id": 8, "file_name": "a\\b\\5C173FF2.2021-06-01_00-20-00.JPG", "width": 64, "height": 48, "md5": "{{Md5}}"}]}
            """);

        AnnotationElement[] annotations = [.. (await ReadAsync()).Select(outcome => outcome.Value!)];

        Assert.Equal([3 + 1, 0], annotations.Select(annotation => annotation.ObjectCount));
        Assert.Equal(["5c173ff2.2021-06-01_00-00-00.jpg", "5c173ff2.2021-06-01_00-20-00.jpg"], annotations.Select(annotation => annotation.FileName));
        Assert.Equal(
            ["2,2 3,5 0,0", "9,9 8,8 7,9", "10,20 15,20 15,26 10,26", "1,2 4,2 4,6 1,6"],
            annotations[0].Objects.Select(item => string.Join(' ', item.Contour)));
        Assert.Equal(["fly", "fly", "moth", "moth"], annotations[0].Objects.Select(item => item.Name));
        Assert.All(annotations[0].Objects, item => Assert.Equal((null, "#0000ff", "#ff0000"), (item.Value, item.StrokeColour, item.FillColour)));
        Assert.All(annotations, annotation => Assert.Equal("manual", annotation.AlgoName));
        Assert.All(annotations, annotation => Assert.EndsWith(
            Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(File.ReadAllBytes(FilePath))), annotation.AlgoVersion, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("17", "Annotation 2 of 'F' cannot be used: its image_id is missing, or neither a number nor a text.")]
    [InlineData("""{"id": 5, "image_id": 99, "category_id": 1}""", "Annotation 2 (id 5) of 'F' cannot be used: there is no image with its image_id 99.")]
    [InlineData("""{"id": 5, "image_id": null, "category_id": 1}""", "Annotation 2 (id 5) of 'F' cannot be used: its image_id is missing, or neither a number nor a text.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "category_id": 2, "bbox": [1, 2, 30, 40]}""", "Annotation 2 (id 5) of 'F' cannot be used: its 'category_id' comes twice.")]
    [InlineData("""{"id": 5, "image_id": 7}""", "Annotation 2 (id 5) of 'F' cannot be used: it has no category_id.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 9}""", "Annotation 2 (id 5) of 'F' cannot be used: there is no category with its category_id 9.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1}""", "Annotation 2 (id 5) of 'F' cannot be used: it has neither a segmentation nor a bbox.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3]}""", "Annotation 2 (id 5) of 'F' cannot be used: its bbox has 3 numbers instead of 4.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, "3", 4]}""", "Annotation 2 (id 5) of 'F' cannot be used: its bbox has \"3\" where a number should be.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[1, 2, 3, 4, 5]]}""", "Annotation 2 (id 5) of 'F' cannot be used: a polygon of its segmentation has 5 numbers, and")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[0, 0, 2, 2, 0, 2], [1, 2, 3, 4]]}""", "Annotation 2 (id 5) of 'F' cannot be used: a polygon of its segmentation has 4 numbers, and")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [1, 2, 3, 4, 5, 6]}""", "Annotation 2 (id 5) of 'F' cannot be used: its segmentation is no array of numbers.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[1e99, 2, 3, 4, 5, 6]]}""", "Annotation 2 (id 5) of 'F' cannot be used: its segmentation has numbers that are much too far from the picture.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": {"counts": [1], "size": [4, 4]}}""", "Annotation 2 (id 5) of 'F' cannot be used: it is a crowd in run-length encoding")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "iscrowd": 1, "bbox": [1, 2, 3, 4]}""", "Annotation 2 (id 5) of 'F' cannot be used: it is a crowd in run-length encoding")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "value": 1.5}""", "Annotation 2 (id 5) of 'F' cannot be used: its value 1.5 is no whole number.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "fill_colour": "reddish"}""", "Annotation 2 (id 5) of 'F' cannot be used: its fill_colour 'reddish' is no colour.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "stroke_colour": 3}""", "Annotation 2 (id 5) of 'F' cannot be used: its stroke_colour is no text.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "algo_name": "uid"}""", "Annotation 2 (id 5) of 'F' cannot be used: its algo_name 'uid' and algo_version '' are not")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "algo_name": "\ud83e"}""", "Annotation 2 (id 5) of 'F' cannot be used: one of its texts holds characters that do not exist.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [0.1, 0.2, 0.5, 1]}""", "Annotation 2 (id 5) of 'F' cannot be used: its bbox has fractions of the picture, from 0 to 1")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [0, 0, 1, 1]}""", "Annotation 2 (id 5) of 'F' cannot be used: its bbox has fractions of the picture, from 0 to 1")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[0.1, 0, 1, 0, 1, 0.9]]}""", "Annotation 2 (id 5) of 'F' cannot be used: its segmentation has fractions of the picture")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[0.0, 0.0, 1.0, 0.0, 1.0, 1.0]]}""", "Annotation 2 (id 5) of 'F' cannot be used: its segmentation has fractions of the picture")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[0, 0, 1, 0, 1, 1]], "bbox": [0, 0, 1, 1]}""", "Annotation 2 (id 5) of 'F' cannot be used: its segmentation has fractions of the picture")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [20, 20, -5, 5]}""", "Annotation 2 (id 5) of 'F' cannot be used: its bbox has a width or height below 0")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [20, 20, 0, 5]}""", "Annotation 2 (id 5) of 'F' cannot be used: its outline has no area")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [64, 0, 5, 5]}""", "Annotation 2 (id 5) of 'F' cannot be used: its outline lies wholly outside of the picture, which is 64×48 pixels large.")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "segmentation": [[1, 1, 9, 1, 9, 9], [-9, -9, -1, -9, -1, -1]]}""", "Annotation 2 (id 5) of 'F' cannot be used: its outline 2 lies wholly outside")]
    public async Task An_annotation_that_is_wrong_is_named_and_the_others_go_on(string annotation, string message)
    {
        await WriteAsync($"{Annotation}, {annotation}, {Annotation}", Image, Category);

        List<Outcome<AnnotationElement>> outcomes = await ReadAsync();

        Assert.Equal(2, Assert.Single(outcomes, outcome => outcome.Succeeded).Value!.ObjectCount);
        StickyException error = Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!;
        Assert.Equal(("InvalidCoco", FilePath), (error.ErrorId, error.Target));
        Assert.StartsWith(message.Replace("'F'", $"'{FilePath}'", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id": 8, "width": 64, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": 640, "height": 480}""", "Image 2 (id 8) of 'F' cannot be used: its 'width' comes twice.")]
    [InlineData("""{"id": 8}""", "Image 2 (id 8) of 'F' cannot be used: it has no file_name.")]
    [InlineData("""{"id": 8, "file_name": 5}""", "Image 2 (id 8) of 'F' cannot be used: its file_name is no text.")]
    [InlineData("""{"id": 8, "file_name": "dog.jpg"}""", "Image 2 (id 8) of 'F' cannot be used: its file_name 'dog.jpg' is not the name of a Sticky Pi picture: it has 2")]
    [InlineData("""{"file_name": "5c173ff2.2021-06-01_00-20-00.jpg"}""", "Image 2 of 'F' cannot be used: it has no id.")]
    [InlineData("""{"id": {}, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg"}""", "Image 2 (id {}) of 'F' cannot be used: its id is neither a number nor a text.")]
    [InlineData("""{"id": 7, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg"}""", "Image 2 (id 7) of 'F' cannot be used: another image has its id.")]
    [InlineData("""{"id": 8, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "md5": "12"}""", "Image 2 (id 8) of 'F' cannot be used: its md5 '12' is not 32 hexadecimal digits.")]
    [InlineData("\"dog.jpg\"", "Image 2 of 'F' cannot be used: it is no object.")]
    [InlineData("""{"id": 8, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": "wide"}""", "Image 2 (id 8) of 'F' cannot be used: its width \"wide\" is no number of pixels.")]
    [InlineData("""{"id": 8, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "height": 48}""", "Image 2 (id 8) of 'F' cannot be used: it has no width.")]
    [InlineData("""{"id": 8, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": 64, "height": null}""", "Image 2 (id 8) of 'F' cannot be used: it has no height.")]
    [InlineData("""{"id": 8, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": 0, "height": 0}""", "Image 2 (id 8) of 'F' cannot be used: its width 0 is no number of pixels.")]
    [InlineData("""{"id": 8, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": 64, "height": -48}""", "Image 2 (id 8) of 'F' cannot be used: its height -48 is no number of pixels.")]
    [InlineData("""{"id": 8, "file_name": "5c173ff2.2021-06-01_00-20-00.jpg", "width": 64.5, "height": 48}""", "Image 2 (id 8) of 'F' cannot be used: its width 64.5 is no number of pixels.")]
    public async Task A_picture_that_is_wrong_is_named_and_the_others_go_on(string image, string message)
    {
        await WriteAsync(Annotation, $"{Image}, {image}", Category);

        List<Outcome<AnnotationElement>> outcomes = await ReadAsync();

        Assert.Equal(1, Assert.Single(outcomes, outcome => outcome.Succeeded).Value!.ObjectCount);
        StickyException error = Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!;
        Assert.Equal("InvalidCoco", error.ErrorId);
        Assert.StartsWith(message.Replace("'F'", $"'{FilePath}'", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id": 2}""", "Category 2 (id 2) of 'F' cannot be used: it has no name.")]
    [InlineData("""{"id": 2, "name": " \t"}""", "Category 2 (id 2) of 'F' cannot be used: it has no name.")]
    [InlineData("""{"id": 2, "name": "\u200b"}""", "Category 2 (id 2) of 'F' cannot be used: it has no name.")]
    [InlineData("""{"id": 2, "name": "\u00a0\u2060\ufeff\u3164"}""", "Category 2 (id 2) of 'F' cannot be used: it has no name.")]
    [InlineData("""{"id": 1, "name": "fly"}""", "Category 2 (id 1) of 'F' cannot be used: another category has its id.")]
    [InlineData("null", "Category 2 of 'F' cannot be used: it is no object.")]
    public async Task A_category_that_is_wrong_is_named(string category, string message)
    {
        await WriteAsync(Annotation, Image, $"{Category}, {category}");

        List<Outcome<AnnotationElement>> outcomes = await ReadAsync();

        Assert.Equal("moth", Assert.Single(Assert.Single(outcomes, outcome => outcome.Succeeded).Value!.Objects).Name);
        Assert.Equal(
            message.Replace("'F'", $"'{FilePath}'", StringComparison.Ordinal), Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!.Message);
    }

    [Fact]
    public async Task A_picture_whose_annotations_cannot_be_read_is_not_one_on_which_nothing_was_found()
    {
        await WriteAsync("""{"id": 4, "image_id": 7, "category_id": 1, "iscrowd": 1}""", Image, Category);

        Assert.Equal("InvalidCoco", Assert.Single(await ReadAsync()).Error!.ErrorId);
    }

    [Theory]
    [InlineData("", "The input does not contain any JSON tokens")]
    [InlineData("[]", "it is no object")]
    [InlineData("{}", "it has no 'images'")]
    [InlineData("""{"images": []}""", "it has no 'annotations'")]
    [InlineData("""{"images": {}, "annotations": []}""", "its 'images' is no array")]
    [InlineData("""{"images": [], "annotations": 3}""", "its 'annotations' is no array")]
    [InlineData("""{"images": [], "annotations": []""", "Expected depth to be zero")]
    [InlineData("""{"images": [], "annotations": []} more""", "'m' is invalid after a single JSON value")]
    public async Task A_file_that_is_no_coco_says_why(string json, string reason)
    {
        await File.WriteAllTextAsync(FilePath, json);

        StickyException error = await Assert.ThrowsAsync<StickyException>(ReadAsync);

        Assert.Equal("InvalidCoco", error.ErrorId);
        Assert.StartsWith($"'{FilePath}' is no COCO file: {reason}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_of_unknown_md5_needs_a_store()
    {
        await WriteAsync(Annotation, Image.Replace(Md5, "", StringComparison.Ordinal).Replace(""", "md5": """ + "\"\"", "", StringComparison.Ordinal), Category);

        StickyException error = Assert.Single(await ReadAsync()).Error!;

        Assert.Equal(("Md5Unknown", new ImageReference("5c173ff2", Pictures.Start)), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task A_file_with_a_byte_order_mark_is_read()
    {
        await File.WriteAllTextAsync(
            FilePath, $$"""{"images": [{{Image}}], "annotations": [{{Annotation}}], "categories": [{{Category}}]}""", new UTF8Encoding(true));

        Assert.Equal(1, Assert.Single(await ReadAsync()).Value!.ObjectCount);
    }

    [Fact]
    public async Task The_caller_may_say_who_found_the_objects_and_what_nameless_ones_are()
    {
        await WriteAsync([RandomAnnotations.Element(
            new ImageReference("5c173ff2", Pictures.Start), Md5, [new() { Contour = [new(1, 2), new(5, 2), new(5, 5)], Name = "" }], "uid")]);

        AnnotationElement annotation = Assert.Single(
            await ReadAsync(new AnnotationImportOptions { AlgoName = "me", DefaultName = "thing" })).Value!;

        Assert.Equal(("me", "thing"), (annotation.AlgoName, annotation.Objects[0].Name));
        Assert.NotEqual(RandomAnnotations.AlgoVersion, annotation.AlgoVersion);
    }

    [Fact]
    public async Task A_box_that_reaches_beyond_the_picture_is_clipped_with_a_warning()
    {
        List<string> warnings = [];
        await WriteAsync("""{"id": 4, "image_id": 7, "category_id": 1, "bbox": [60, 40, 100, 100]}""", Image, Category);

        AnnotationElement read = Assert.Single(await ReadAsync(new AnnotationImportOptions { Warn = warnings.Add })).Value!;

        Assert.Equal(new BoundingBox(60, 40, 5, 9), Assert.Single(read.Objects).BoundingBox);
        Assert.Equal(
            $"Annotation 1 (id 4) of '{FilePath}' reaches beyond the picture, which is 64×48 pixels large, and was clipped.", Assert.Single(warnings));
    }

    private Task<List<Outcome<AnnotationElement>>> ReadAsync() => ReadAsync(new AnnotationImportOptions());

    private async Task<List<Outcome<AnnotationElement>>> ReadAsync(AnnotationImportOptions options) =>
        await AnnotationCoco.ReadAsync(FilePath, options).ToListAsync();

    private Task WriteAsync(string annotations, string images, string categories) => File.WriteAllTextAsync(
        FilePath, $$"""{"annotations": [{{annotations}}], "images": [{{images}}], "categories": [{{categories}}]}""");

    private async Task WriteAsync(IEnumerable<AnnotationElement> annotations)
    {
        await using FileStream output = File.Create(FilePath);
        using CocoWriter writer = new(output);
        foreach (AnnotationElement annotation in annotations)
        {
            StickyImage image = new()
            {
                Id = 1,
                Device = annotation.Device,
                DateTime = annotation.DateTime,
                Md5 = annotation.Md5,
                Width = 64,
                Height = 48,
            };
            await writer.WriteAsync(annotation, image, default);
        }

        await writer.CompleteAsync(default);
    }
}

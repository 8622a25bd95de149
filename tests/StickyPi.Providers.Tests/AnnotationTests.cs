using System.Text;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public class AnnotationTests
{
    private const string Detector = "sticky-pi-universal-insect-detector";
    private const string Version = "1598113346-ad2cd78dfaca12821046dfb8994724d5";
    private const string NewerVersion = "1604062778-262624ad1767b977801645a8addefbe6";

    private static readonly ImageSeriesQuery All = new();
    private static readonly AnnotationQuery Data = new() { What = AnnotationContent.Data };

    [SkippableFact]
    public async Task What_was_added_reads_back_with_the_sqlite3_program_as_the_schema_says()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        AnnotationElement element = Element(image, objects: 3);

        StickyAnnotation added = Assert.Single(await AddAsync(store, new() { ReturnStored = true }, element)).Value!;
        await store.Store.DisposeAsync();

        Assert.Equal(
            $"1|{image.Id}|{Detector}|{Version}|3|text|{element.Json}|0.1.0|",
            CatalogFileTests.Sqlite3(store.Folder, "SELECT id, parent_image_id, algo_name, algo_version, n_objects, typeof(json), json, api_version, api_user FROM uid_annotations"));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$", CatalogFileTests.Sqlite3(store.Folder, "SELECT datetime_created FROM uid_annotations"));
        Assert.Equal(
            (1L, image.Id, image.Device, image.DateTime, image.Md5, Detector, Version, 3, "", AnnotationContent.Metadata),
            (added.Id, added.ImageId, added.Device, added.DateTime, added.Md5, added.AlgoName, added.AlgoVersion, added.ObjectCount, added.Json, added.What));
    }

    [Fact]
    public async Task Rows_of_plain_sql_are_read_with_their_json_byte_for_byte()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        string json = """{"metadata":  {"x": 1}, "annotations": [{"contour": [[[1.4, 2]], [[30, 4.6]], [[5, 60]]], "name": "é", "stroke_colour": "red", "value": null}]}""";
        Database.Execute(
            store.Folder,
            $"INSERT INTO uid_annotations VALUES ('2021-01-01 10:00:00.123456', '0.0.1', 'lab', 7, {image.Id}, 'théo''s %_', 'v1', 1, '{json}')");

        StickyAnnotation annotation = Assert.Single(await SeriesAsync(store, Data)).Value!;

        Assert.Equal(json, annotation.Json);
        Assert.Equal(("théo's %_", "v1", 7L, "lab", "0.0.1"), (annotation.AlgoName, annotation.AlgoVersion, annotation.Id, annotation.ApiUser, annotation.ApiVersion));
        Assert.Equal(new DateTime(2021, 1, 1, 10, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456), annotation.CreatedAt);
        AnnotatedObject item = Assert.Single(annotation.Objects);
        Assert.Equal([new ContourPoint(1, 2), new(30, 5), new(5, 60)], item.Contour);
        Assert.Equal(("é", null, "red", "#ff0000"), (item.Name, item.Value, item.StrokeColour, item.FillColour));
    }

    [Fact]
    public async Task A_row_with_numbers_that_only_python_has_is_read_and_its_json_kept()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        string json = """{"annotations": [{"contour": [[[1, 2]], [[3, 4]], [[5, 6]]], "name": "a \" NaN", "value": NaN, "score": -Infinity}], "metadata": {"temp": NaN}}""";
        Database.Execute(store.Folder, $"INSERT INTO uid_annotations VALUES ('2021-01-01 10:00:00.000000', NULL, NULL, 9, {image.Id}, 'a', 'v', 1, '{json}')");

        StickyAnnotation annotation = Assert.Single(await SeriesAsync(store, Data)).Value!;

        Assert.Equal(json, annotation.Json);
        Assert.Equal(("a \" NaN", null), (annotation.Objects[0].Name, annotation.Objects[0].Value));
    }

    [Fact]
    public async Task A_row_whose_json_is_broken_is_one_error_and_the_others_come()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        _ = await AddAsync(store, new(), Element(image));
        Database.Execute(store.Folder, $"INSERT INTO uid_annotations VALUES ('2021-01-01 10:00:00.000000', NULL, NULL, 9, {image.Id}, 'a', 'v', 1, '[half')");

        List<Outcome<StickyAnnotation>> outcomes = await SeriesAsync(store, Data);

        Assert.Equal(["InvalidAnnotation", null], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.Equal(2, (await SeriesAsync(store, new())).Count(outcome => outcome.Succeeded));
    }

    [Fact]
    public async Task Each_refusal_says_which_element_and_why()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        AnnotationElement good = Element(image);
        _ = await AddAsync(store, new(), good);
        AnnotationElement[] wrong =
        [
            Element(image with { DateTime = image.DateTime.AddSeconds(1) }),
            Element(image with { Device = "ffffffff" }),
            Element(image with { Md5 = new string('0', 32) }, NewerVersion),
            good,
        ];

        foreach (bool simulate in (bool[])[true, false])
        {
            List<Outcome<StickyAnnotation>> outcomes = await AddAsync(store, new() { ContinueOnError = true, Simulate = simulate }, wrong);
            Assert.Equal(["ImageNotFound", "ImageNotFound", "Md5Mismatch", "AnnotationExists"], outcomes.Select(outcome => outcome.Error!.ErrorId));
            Assert.All(outcomes, outcome => Assert.Contains("the test's element", outcome.Error!.Message, StringComparison.Ordinal));
            Assert.Equal(wrong, outcomes.Select(outcome => outcome.Error!.Target));
        }

        Assert.Single(await SeriesAsync(store, new()));
    }

    [Fact]
    public async Task An_md5_in_upper_case_is_the_same_md5()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);

        Assert.Empty(await AddAsync(store, new(), Element(image with { Md5 = image.Md5.ToUpperInvariant() })));
        Assert.Single(await SeriesAsync(store, new()));
    }

    [Fact]
    public async Task One_calls_elements_are_stored_all_or_none_and_every_refusal_is_told()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 200);
        AnnotationElement[] elements = [.. images.Select(image => Element(image))];
        elements[70] = elements[70] with { Md5 = new string('0', 32) };
        elements[150] = Element(images[0] with { Device = "ffffffff" });
        StickyException unread = AnnotationJson.Invalid("somewhere", "it is broken");

        List<Outcome<StickyAnnotation>> outcomes = await store.Store
            .AddAnnotationsAsync(elements.Select(element => new Outcome<AnnotationElement>(element)).Append(new(unread)).ToAsyncEnumerable(), new() { ReturnStored = true })
            .ToListAsync();

        Assert.Equal(["Md5Mismatch", "ImageNotFound", "InvalidAnnotation"], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.Empty(await SeriesAsync(store, new()));

        outcomes = await AddAsync(store, new() { ContinueOnError = true, ReturnStored = true }, elements);
        Assert.Equal((198, 2), (outcomes.Count(outcome => outcome.Succeeded), outcomes.Count(outcome => !outcome.Succeeded)));
        Assert.Equal(198, (await SeriesAsync(store, new())).Count);
    }

    [Fact]
    public async Task The_same_annotation_twice_in_one_call_stores_none_of_them()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);

        List<Outcome<StickyAnnotation>> outcomes = await AddAsync(store, new() { ReturnStored = true }, Element(image), Element(image));

        Assert.Equal("AnnotationExists", Assert.Single(outcomes).Error!.ErrorId);
        Assert.Empty(await SeriesAsync(store, new()));
        outcomes = await AddAsync(store, new() { ReturnStored = true, ContinueOnError = true }, Element(image), Element(image));
        Assert.Equal([false, true], outcomes.Select(outcome => outcome.Succeeded));
        Assert.Single(await SeriesAsync(store, new()));
    }

    [Fact]
    public async Task While_elements_come_in_another_process_can_write()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 3);
        await using Store other = store.Open();

        async IAsyncEnumerable<Outcome<AnnotationElement>> Slowly()
        {
            foreach (StickyImage image in images)
            {
                yield return new(Element(image));
                _ = await other.SendImagesAsync(
                    new[] { Pictures.Write(store.Card, "0a5bb6f4", image.DateTime) }.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync();
            }
        }

        Assert.Empty(await store.Store.AddAnnotationsAsync(Slowly(), new()).ToListAsync());
        Assert.Equal(3, (await SeriesAsync(store, new())).Count);
    }

    [Fact]
    public async Task Stopping_while_elements_come_in_stores_nothing_and_leaves_no_file()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 3);
        using CancellationTokenSource stop = new();
        int temporary = Directory.GetFiles(Path.GetTempPath()).Length;

        async IAsyncEnumerable<Outcome<AnnotationElement>> Endless()
        {
            for (int i = 0; ; i++)
            {
                yield return new(Element(images[i % 3]));
                if (i == 500)
                {
                    await stop.CancelAsync();
                }

                await Task.Yield();
            }
        }

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.Store.AddAnnotationsAsync(Endless(), new(), stop.Token).ToListAsync(CancellationToken.None));

        Assert.Empty(await SeriesAsync(store, new()));
        Assert.True(Directory.GetFiles(Path.GetTempPath()).Length <= temporary, "The temporary file is still there.");
    }

    [Fact]
    public async Task What_is_not_confirmed_is_left_out_and_the_rest_is_stored()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 3);

        Assert.Empty(await AddAsync(
            store,
            new() { Confirm = (element, _) => new(element.DateTime != images[1].DateTime) },
            [.. images.Select(image => Element(image))]));

        Assert.Equal([images[0].DateTime, images[2].DateTime], (await SeriesAsync(store, new())).Select(outcome => outcome.Value!.DateTime));
    }

    [Fact]
    public async Task Annotations_come_by_pictures_in_their_order_or_by_series_in_order_of_device_and_time()
    {
        await using LocalStore store = new();
        List<StickyImage> images = [.. await SendSeriesAsync(store, 3), .. await SendSeriesAsync(store, 2, "0a5bb6f4")];
        _ = await AddAsync(store, new(), [.. images.Skip(1).Select(image => Element(image))]);

        ImageReference[] references = [.. new[] { 4, 0, 2, 1 }.Select(i => new ImageReference(images[i].Device, images[i].DateTime)), new("ffffffff", Pictures.Start)];
        List<Outcome<StickyAnnotation>> found = await store.Store.GetAnnotationsAsync(references.ToAsyncEnumerable(), Data).ToListAsync();
        Assert.Equal([images[4].FileName, images[2].FileName, images[1].FileName], found.Select(outcome => outcome.Value!.FileName));
        Assert.All(found, outcome => Assert.Equal(outcome.Value!.ObjectCount, outcome.Value.Objects.Count));

        Assert.Equal(
            [images[3].FileName, images[4].FileName, images[1].FileName, images[2].FileName],
            (await SeriesAsync(store, new())).Select(outcome => outcome.Value!.FileName));
        List<Outcome<StickyAnnotation>> part = await store.Store
            .GetAnnotationSeriesAsync(new ImageSeriesQuery { Devices = ["5C*"], StartTime = images[1].DateTime, EndTime = images[2].DateTime }, new()).ToListAsync();
        Assert.Equal(images[1].FileName, Assert.Single(part).Value!.FileName);
        Assert.Equal(("", 0), (part[0].Value!.Json, part[0].Value!.Objects.Count));
    }

    [Fact]
    public async Task A_long_series_comes_page_by_page_and_whole()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 3);

        // Three versions an image so that a page ends between pictures, and big ones so that it ends because of bytes.
        Database.Execute(store.Folder, $"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2999)
            INSERT INTO images SELECT datetime_created, api_version, api_user, 100 + i, '0a5bb6f4', strftime('%Y-%m-%d %H:%M:%S', '2020-01-01', i || ' minutes') || '.000000',
                md5, device_version, width, height, alt, lat, lng, temp, hum, 0, 0, 0, 0 FROM images, n WHERE id = {images[0].Id}
            """);
        Database.Execute(store.Folder, """
            INSERT INTO uid_annotations (datetime_created, parent_image_id, algo_name, algo_version, n_objects, json)
            SELECT datetime_created, id, 'a', v, 0, '{"annotations": [], "x": "' || hex(zeroblob(2000)) || '"}'
            FROM images, (SELECT '1' AS v UNION SELECT '2' UNION SELECT '3')
            """);

        foreach (AnnotationQuery query in (AnnotationQuery[])[new(), Data])
        {
            List<Outcome<StickyAnnotation>> annotations = await SeriesAsync(store, query);
            Assert.Equal(3 * 3003, annotations.Count);
            Assert.Equal(
                annotations.OrderBy(a => a.Value!.Device, StringComparer.Ordinal).ThenBy(a => a.Value!.DateTime).ThenBy(a => a.Value!.AlgoVersion, StringComparer.Ordinal),
                annotations);
            Assert.Equal(3 * 3003, annotations.Select(a => a.Value!.Id).Distinct().Count());
        }
    }

    [Fact]
    public async Task Algorithms_are_chosen_by_wildcards_in_which_sql_means_nothing()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        string[] names = ["insect_detector", "insectXdetector", "100%", "1000", "x'); DROP TABLE images;--", "a*b", "aXb", @"back\slash"];
        _ = await AddAsync(store, new(), [.. names.Select(name => Element(image, name: name))]);

        async Task<string[]> Names(params string[] patterns) =>
            [.. (await SeriesAsync(store, new() { AlgoNames = patterns })).Select(outcome => outcome.Value!.AlgoName).Order(StringComparer.Ordinal)];

        Assert.Equal(["insect_detector"], await Names("insect_detector"));
        Assert.Equal(["insectXdetector", "insect_detector"], await Names("INSECT?detector"));
        Assert.Equal(["100%"], await Names("100%"));
        Assert.Equal(["100%", "1000"], await Names("100*"));
        Assert.Equal(["x'); DROP TABLE images;--"], await Names("x'); DROP TABLE images;--"));
        Assert.Equal(["a*b"], await Names("a`*b"));
        Assert.Equal([@"back\slash"], await Names(@"back\slash"));
        Assert.Equal(["100%", "a*b", "aXb"], await Names("a*b", "100%"));
        Assert.Equal(names.Length, (await Names()).Length);
        Assert.Equal(names.Length, (await SeriesAsync(store, new() { AlgoVersions = ["1598*"] })).Count);
        Assert.Empty(await SeriesAsync(store, new() { AlgoVersions = ["1598%"] }));
    }

    [Fact]
    public async Task The_latest_version_of_each_algorithm_is_chosen_for_each_picture()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 2);
        string old = "999999999-" + new string('f', 32);
        _ = await AddAsync(
            store, new(), Element(images[0]), Element(images[0], NewerVersion), Element(images[0], old), Element(images[0], old, "other"), Element(images[1]));

        (string FileName, string AlgoName, string AlgoVersion)[] expected =
            [(images[0].FileName, "other", old), (images[0].FileName, Detector, NewerVersion), (images[1].FileName, Detector, Version)];

        Assert.Equal(expected, Identities(await SeriesAsync(store, new() { Latest = true })));
        Assert.Equal(expected, Identities(await store.Store.GetAnnotationsAsync(
            images.Select(image => new ImageReference(image.Device, image.DateTime)).ToAsyncEnumerable(), Data with { Latest = true }).ToListAsync()));
        Assert.Equal(
            [(images[0].FileName, Detector, Version), (images[1].FileName, Detector, Version)],
            Identities(await SeriesAsync(store, new() { Latest = true, AlgoNames = ["sticky*"], AlgoVersions = ["1598*", "999*"] })));

        static IEnumerable<(string, string, string)> Identities(IEnumerable<Outcome<StickyAnnotation>> outcomes) =>
            outcomes.Select(outcome => (outcome.Value!.FileName, outcome.Value.AlgoName, outcome.Value.AlgoVersion));
    }

    [Fact]
    public async Task Pictures_are_joined_with_their_annotations_and_one_without_any_comes_once()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 3);
        _ = await AddAsync(store, new(), Element(images[0]), Element(images[0], NewerVersion), Element(images[2], objects: 4));

        List<StickyAnnotatedImage> joined = [.. (await store.Store
            .GetAnnotatedImagesAsync(store.Store.GetImageSeriesAsync(All with { What = ImageContent.Image }), Data).ToListAsync()).Select(outcome => outcome.Value!)];

        Assert.Equal(
            [(images[0].FileName, 2, Version), (images[0].FileName, 2, NewerVersion), (images[1].FileName, null, null), (images[2].FileName, (int?)4, Version)],
            joined.Select(row => (row.FileName, row.ObjectCount, row.AlgoVersion)));
        Assert.All(joined, row => Assert.True(File.Exists(row.Url)));
        Assert.Equal([2, 2, 0, 4], joined.Select(row => row.Objects.Count));

        List<Outcome<StickyAnnotatedImage>> filtered = await store.Store
            .GetAnnotatedImagesAsync(store.Store.GetImageSeriesAsync(All), new() { AlgoVersions = [NewerVersion] }).ToListAsync();
        Assert.Equal([NewerVersion, null, null], filtered.Select(outcome => outcome.Value!.AlgoVersion));
    }

    [Fact]
    public async Task Removing_takes_the_annotation_that_is_named_and_nothing_else()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        _ = await AddAsync(store, new(), Element(image), Element(image, NewerVersion));

        AnnotationReference reference = Element(image).GetReference();
        IReadOnlyList<StickyException?> errors = await store.Store.RemoveAnnotationsAsync(
            [reference, reference, reference with { AlgoName = "%" }, reference with { AlgoName = "*" }]);

        Assert.Equal([null, "AnnotationNotFound", "AnnotationNotFound", "AnnotationNotFound"], errors.Select(error => error?.ErrorId));
        Assert.Equal(NewerVersion, Assert.Single(await SeriesAsync(store, new())).Value!.AlgoVersion);
        Assert.Single(await store.AllAsync());
    }

    [Fact]
    public async Task Removing_a_picture_removes_its_annotations()
    {
        await using LocalStore store = new();
        List<StickyImage> images = await SendSeriesAsync(store, 2);
        _ = await AddAsync(store, new(), [.. images.Select(image => Element(image))]);

        _ = await store.Store.RemoveImagesAsync([new ImageReference(images[0].Device, images[0].DateTime)]);

        Assert.Equal(images[1].FileName, Assert.Single(await SeriesAsync(store, new())).Value!.FileName);
        Assert.Equal(1L, Database.Scalar(store.Folder, "SELECT count(*) FROM uid_annotations"));
    }

    [Fact]
    public async Task A_contour_is_clipped_to_its_picture_with_a_warning_and_refused_where_it_is_not_on_it()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        string given = """
            {"annotations": [{"contour": [[[1, 2]], [[30, 4]], [[5, 40]]], "name": "a", "fill_colour": "#ff0000", "stroke_colour": "#00ff00", "score": 0.5},
             {"contour": [[[-10, 0]], [[10, 0]], [[10, 10]], [[-10, 10]]], "name": "b", "fill_colour": "#ff0000", "stroke_colour": "#00ff00", "score": 0.25}],
             "metadata": {"algo_name": "detector", "algo_version": "VERSION", "device": "5c173ff2", "datetime": "2021-06-01_00-00-00", "md5": "MD5"}}
            """.Replace("VERSION", Version, StringComparison.Ordinal).Replace("MD5", image.Md5, StringComparison.Ordinal);
        List<string> warnings = [];
        AddAnnotationOptions options = new()
        {
            Warn = (warning, _) =>
            {
                warnings.Add(warning);
                return ValueTask.CompletedTask;
            },
        };

        Assert.Empty(await AddAsync(store, options, AnnotationJson.Read(Encoding.UTF8.GetBytes(given), "the file").Value!));

        Assert.Equal("In the file, the contour of object 2 reaches beyond the picture, which is 64×48 pixels large, and was clipped.", Assert.Single(warnings));
        StickyAnnotation stored = Assert.Single(await SeriesAsync(store, Data)).Value!;
        Assert.Equal([new(1, 2), new(30, 4), new(5, 40)], stored.Objects[0].Contour);
        Assert.Equal(new BoundingBox(0, 0, 11, 11), stored.Objects[1].BoundingBox);
        Assert.Contains("\"score\":0.25", stored.Json, StringComparison.Ordinal);

        AnnotationElement outside = AnnotationJson.Create(
            new ImageReference(image.Device, image.DateTime), image.Md5, "other", Version,
            [new() { Contour = [new(65, 0), new(75, 0), new(75, 10)], Name = "c" }], "the drawing");
        StickyException error = Assert.Single(await AddAsync(store, options, outside)).Error!;
        Assert.Equal("InvalidAnnotation", error.ErrorId);
        Assert.Contains("in object 1, its contour lies wholly outside of the picture, which is 64×48 pixels large", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 48, false, "8,6 16,6 16,12", null)]
    [InlineData(128, 96, true, "4,3 8,3 8,6", null)]
    [InlineData(128, 95, true, "4,3 8,3 8,6", null)]
    [InlineData(128, 96, false, null, "it has a size of 128×96, and the stored picture 64×48. Use -Scale")]
    [InlineData(48, 64, true, null, "it has a size of 48×64, and the stored picture 64×48, which has another shape")]
    [InlineData(64, 64, true, null, "which has another shape")]
    public async Task The_size_of_a_picture_in_a_COCO_file_is_compared_with_that_in_the_store(int width, int height, bool scale, string? contour, string? reason)
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        string path = store["coco.json"];
        await File.WriteAllTextAsync(path, $$"""
            {"images": [{"id": 1, "file_name": "{{image.FileName}}", "width": {{width}}, "height": {{height}}}], "categories": [{"id": 1, "name": "moth"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[8, 6, 16, 6, 16, 12]]}]}
            """);

        Outcome<AnnotationElement> read = Assert.Single(
            await AnnotationCoco.ReadAsync(path, new AnnotationImportOptions { Store = store.Store, Scale = scale }).ToListAsync());

        Assert.Equal(contour, read.Value is null ? null : string.Join(' ', Assert.Single(read.Value.Objects).Contour));
        if (reason is not null)
        {
            Assert.Equal("ImageSizeMismatch", read.Error!.ErrorId);
            Assert.Contains(reason, read.Error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_device_of_the_catalog_that_is_none_is_only_text()
    {
        await using LocalStore store = new();
        StickyImage image = await SendOneAsync(store);
        _ = await AddAsync(store, new(), Element(image));
        Database.Execute(store.Folder, "UPDATE images SET device = '../../ab'");

        Assert.Equal("../../ab", Assert.Single(await SeriesAsync(store, Data)).Value!.Device);
    }

    private static AnnotationElement Element(StickyImage image, string version = Version, string name = Detector, int objects = 2) => AnnotationJson.Create(
        new ImageReference(image.Device, image.DateTime),
        image.Md5,
        name,
        version,
        [.. Enumerable.Range(0, objects).Select(i => new AnnotatedObject { Contour = [new(i % 50, 0), new((i % 50) + 10, 0), new(i % 50, 10)], Name = "insect", Value = i })],
        "the test's element");

    private static async Task<StickyImage> SendOneAsync(LocalStore store) => (await SendSeriesAsync(store, 1))[0];

    private static async Task<List<StickyImage>> SendSeriesAsync(LocalStore store, int count, string device = "5c173ff2") =>
        [.. (await store.SendAsync(Pictures.WriteSeries(store.Card, device, count))).Select(outcome => outcome.Value!.Image).OrderBy(image => image.DateTime)];

    private static async Task<List<Outcome<StickyAnnotation>>> AddAsync(LocalStore store, AddAnnotationOptions options, params AnnotationElement[] elements) =>
        await store.Store.AddAnnotationsAsync(elements.Select(element => new Outcome<AnnotationElement>(element)).ToAsyncEnumerable(), options).ToListAsync();

    private static async Task<List<Outcome<StickyAnnotation>>> SeriesAsync(LocalStore store, AnnotationQuery query) =>
        await store.Store.GetAnnotationSeriesAsync(All, query).ToListAsync();
}

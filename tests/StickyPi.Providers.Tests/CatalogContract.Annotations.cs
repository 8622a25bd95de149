using System.Text;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public abstract partial class CatalogContract
{
    [SkippableFact]
    public async Task An_annotation_reads_back_byte_for_byte_with_its_picture()
    {
        byte[] json = Encoding.UTF8.GetBytes("{\"annotations\": [ ],\n \"metadata\": {\"name\": \"蝶\\u0000 ½\"}}");
        long id = 0;
        StickyImage image = null!;
        await WriteAsync(
            rows =>
            {
                image = rows.AddImage(Picture());
                id = rows.AddAnnotation(image.Id, Annotation(image), 7, json);
            },
            "ada");

        StickyAnnotation annotation = Assert.Single(await Catalog.FindAnnotationsAsync(
            [new ImageReference(Device, Time)], new AnnotationQuery { What = AnnotationContent.Data }, default));
        Assert.Equal((id, image.Id, Device, Time, Md5), (annotation.Id, annotation.ImageId, annotation.Device, annotation.DateTime, annotation.Md5));
        Assert.Equal(("uid", "1-a", 7, "ada"), (annotation.AlgoName, annotation.AlgoVersion, annotation.ObjectCount, annotation.ApiUser));
        Assert.Equal(json, annotation.GetUtf8Json().ToArray());
        Assert.Equal(AnnotationContent.Data, annotation.What);
        StickyAnnotation metadata = Assert.Single(await Catalog.GetAnnotationsByIdAsync([id, id + 1], default));
        Assert.Equal((id, 0, AnnotationContent.Metadata), (metadata.Id, metadata.GetUtf8Json().Length, metadata.What));
    }

    [SkippableFact]
    public async Task Annotations_of_exact_pictures_come_in_their_order_then_by_algorithm_and_version()
    {
        List<long> ids = [];
        await WriteAsync(rows =>
        {
            foreach (int minute in (int[])[1, 2])
            {
                StickyImage image = rows.AddImage(Picture(Device, minute));
                foreach ((string name, string version) in ((string, string)[])[("b", "1"), ("a", "2"), ("B", "1"), ("a", "10")])
                {
                    ids.Add(rows.AddAnnotation(image.Id, Annotation(image, name, version), 0, "{}"u8.ToArray()));
                }
            }
        });
        ImageReference[] references = [new(Device, Time.AddMinutes(2)), new("absent", Time), new(Device, Time.AddMinutes(1))];

        IReadOnlyList<StickyAnnotation> all = await Catalog.FindAnnotationsAsync(references, new AnnotationQuery(), default);
        Assert.Equal(
            ["2 B 1", "2 a 10", "2 a 2", "2 b 1", "1 B 1", "1 a 10", "1 a 2", "1 b 1"],
            all.Select(a => FormattableString.Invariant($"{a.DateTime.Minute} {a.AlgoName} {a.AlgoVersion}")));
        IReadOnlyList<StickyAnnotation> some = await Catalog.FindAnnotationsAsync(
            references, new AnnotationQuery { AlgoNames = ["A"], AlgoVersions = ["1*"] }, default);
        Assert.Equal(["2 a 10", "1 a 10"], some.Select(a => FormattableString.Invariant($"{a.DateTime.Minute} {a.AlgoName} {a.AlgoVersion}")));
        long[] asked = [ids[5], ids[0], ids[7]];
        Assert.Equal(asked, (await Catalog.GetAnnotationsByIdAsync(asked, default)).Select(a => a.Id));
        Assert.Empty(await Catalog.FindAnnotationsAsync([], new AnnotationQuery(), default));
    }

    [SkippableTheory]
    [InlineData(AnnotationContent.Metadata, 5000, 10)]
    [InlineData(AnnotationContent.Data, 300, 50_000)]
    public async Task Pages_of_annotations_hold_all_of_a_picture_and_together_everything_once(AnnotationContent what, int pictures, int size)
    {
        byte[] json = Encoding.UTF8.GetBytes($"{{\"x\": \"{new string('x', size)}\"}}");
        HashSet<long> expected = [];
        await WriteAsync(rows =>
        {
            for (int i = 0; i < pictures; i++)
            {
                // Some pictures have none, and those at the end neither.
                StickyImage image = rows.AddImage(Picture(Device, i));
                for (int j = 0; j < (i > pictures - 70 ? 0 : i % 4); j++)
                {
                    _ = expected.Add(rows.AddAnnotation(image.Id, Annotation(image, "uid", $"{j}"), 0, json));
                }
            }
        });

        List<StickyAnnotation> found = [];
        int pages = 0;
        for (DateTime? start = Time.AddMinutes(1); start is not null; pages++)
        {
            AnnotationPage page = await Catalog.GetAnnotationPageAsync(
                Always(Device) with { StartTime = start.Value }, new AnnotationQuery { What = what }, default);
            Assert.DoesNotContain(page.Annotations, annotation => found.Count > 0 && annotation.DateTime <= found[^1].DateTime);
            found.AddRange(page.Annotations);
            start = page.Next;
        }

        Assert.InRange(pages, 2, 100);
        Assert.Equal(expected.Count, found.Count);
        Assert.Equal(expected, found.Select(annotation => annotation.Id).ToHashSet());
        Assert.Equal(found.OrderBy(a => a.DateTime).ThenBy(a => a.AlgoVersion, StringComparer.Ordinal), found);
        Assert.All(found, annotation => Assert.Equal(what == AnnotationContent.Data ? json.Length : 0, annotation.GetUtf8Json().Length));
    }

    [SkippableFact]
    public async Task The_place_of_an_annotation_tells_of_the_picture_and_of_who_is_there_already()
    {
        AnnotationReference taken = new(new ImageReference(Device, Time), "uid", "1-a");
        AnnotationReference[] references =
        [
            taken, taken with { AlgoVersion = "1-A" }, taken with { AlgoName = "UID" }, taken with { Image = new ImageReference("absent", Time) },
        ];
        StickyImage image = null!;
        await WriteAsync(rows =>
        {
            image = rows.AddImage(Picture());
            Assert.Equal(new AnnotationPlace(image.Id, Md5, false, 64, 48), rows.FindAnnotationPlace(taken));
            _ = rows.AddAnnotation(image.Id, taken, 1, "{}"u8.ToArray());
            Assert.Equal(new AnnotationPlace(image.Id, Md5, true, 64, 48), rows.FindAnnotationPlace(taken));
            Assert.Equal(default, rows.FindAnnotationPlace(references[^1]));
        });
        AnnotationPlace free = new(image.Id, Md5, false, 64, 48);

        Assert.Equal([free with { IsTaken = true }, free, free, default], await Catalog.FindAnnotationPlacesAsync(references, default));
        Assert.Empty(await Catalog.FindAnnotationPlacesAsync([], default));

        await WriteAsync(rows =>
        {
            Assert.True(rows.RemoveAnnotation(taken));
            Assert.False(rows.RemoveAnnotation(taken));
        });
        Assert.Equal([free], await Catalog.FindAnnotationPlacesAsync([taken], default));
    }
}
